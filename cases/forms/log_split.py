"""Splitting a part off a case: the log form begins with what both have in common."""

from typing import Any

from django.utils import timezone

from cases.models import Case

MOMENT = "%Y-%m-%dT%H:%M"


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
