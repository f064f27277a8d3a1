"""Which policy, calendar, owner and team a new case gets."""

from cases.enums import Severity, Tier
from cases.models import CalendarVersion, Customer, PolicyVersion
from cases.refusals import Refused


def policy_version() -> PolicyVersion:
    """Return the newest version of the default policy. Raise `Refused` where none is set up."""
    version = PolicyVersion.objects.filter(policy__is_default=True).order_by("-number").first()
    if version is None:
        raise Refused("No policy is set up yet. An administrator adds one under Administration.")
    return version


def calendar_version() -> CalendarVersion:
    """Return the newest version of the default calendar. Raise `Refused` where none is set up."""
    version = CalendarVersion.objects.filter(calendar__is_default=True).order_by("-number").first()
    if version is None:
        raise Refused("No working calendar is set up yet. An administrator adds one under Administration.")
    return version


def proposed_severity(
    *,
    stopped: bool = False,
    loss: bool = False,
    annoyance: bool = False,
    customer: Customer | None = None,
    on=None,
) -> Severity:
    """Propose how bad it is from three answers, tier and renewal (product: Severity)."""
    if stopped:
        return Severity.CRITICAL
    if loss or _renews_soon(customer, on):
        return Severity.HIGH
    key = customer is not None and customer.tier == Tier.KEY
    return Severity.LOW if annoyance and not key else Severity.NORMAL


def _renews_soon(customer: Customer | None, on) -> bool:
    if customer is None or customer.renewal_on is None or on is None:
        return False
    return 0 <= (customer.renewal_on - on).days <= 90
