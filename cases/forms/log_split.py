"""What the log form begins with: the customer it was opened from, what a part split off has in common, a message."""

from typing import Any

from django.utils import timezone

from cases import landing
from cases.enums import Channel
from cases.models import Case, Customer, IntakeItem

LONGEST_WORDS = 100_000
MOMENT = "%Y-%m-%dT%H:%M"


def initial_for(customer: Customer) -> dict[str, Any]:
    """Return what the form starts with where it was opened from the page of a customer."""
    return {"customer": str(customer.pk), "customer_name": customer.name}


def initial_of(case: Case) -> dict[str, Any]:
    """Return what the form of a part split off `case` starts with: whose it is, who told us, how and when.

    The clocks of the part start when the whole reached us. Its words are written anew.
    """
    reporter = case.reporter
    return {
        "split": case.pk,
        "customer": str(case.customer_id),
        "customer_name": case.customer.name,
        "contact": str(reporter.pk) if reporter else "",
        "contact_name": reporter.name if reporter else "",
        "channel": case.channel,
        "received_at": timezone.localtime(case.received_at).strftime(MOMENT),
        "competitor": case.competitor,
        "public_exposure": case.public_exposure,
        "sensitive": case.sensitive,
        "about_person": case.about_person,
        "about_user": case.about_user_id,
    }


def initial_from(item: IntakeItem) -> dict[str, Any]:
    """Return what the form of a message starts with: who wrote, when, and their words; nothing of it is settled."""
    inbound, contact = item.inbound, item.contact
    return {
        "intake": item.pk,
        "customer": str(item.customer_id or ""),
        "customer_name": item.customer.name if item.customer else "",
        "contact": str(contact.pk) if contact else "",
        "contact_name": contact.name if contact else (inbound.sender_name or inbound.sender),
        "contact_email": "" if contact else inbound.sender,
        "channel": Channel.EMAIL,
        "title": inbound.subject[:200],
        "text": inbound.words[:LONGEST_WORDS],
        "received_at": timezone.localtime(landing.moment(inbound)).strftime(MOMENT),
    }
