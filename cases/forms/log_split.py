"""What the log form begins with: the customer it was opened from, or what a part split off has in common."""

from typing import Any

from django.utils import timezone

from cases.models import Case, Customer

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
