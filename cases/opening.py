"""Which policy, calendar, owner and team a new case gets."""

from django.db.models import Case as Choose
from django.db.models import Q, When

from cases.enums import Severity, Tier
from cases.models import CalendarVersion, Category, Customer, PolicyVersion
from cases.refusals import Refused


def policy_version(*, category: Category | None = None, tier: str = "") -> PolicyVersion:
    """Return the newest version of the policy that fits best. Raise `Refused` where none is set up.

    One for category and tier comes before one for the category, that before one for the tier, the default last.
    """
    fits = Q(policy__is_default=True)
    named = Q(policy__category=category) if category is not None else Q(pk=None)
    tiered = Q(policy__tier=tier) if tier else Q(pk=None)
    fits |= named & (Q(policy__tier="") | tiered) | Q(policy__category=None) & tiered
    closeness = Choose(
        When(policy__is_default=True, then=3),
        When(policy__category=None, then=2),
        When(policy__tier="", then=1),
        default=0,
    )
    version = PolicyVersion.objects.filter(fits).order_by(closeness, "-number").first()
    if version is None:
        raise Refused("No policy is set up yet. An administrator adds one under Administration.")
    return version


def calendar_version(*, customer: Customer | None = None, team_id: int | None = None) -> CalendarVersion:
    """Return the newest version of the customer's calendar, else the team's, else the default one.

    Raise `Refused` where none is set up. A case keeps it when it is given to another team (product: Deadlines).
    """
    theirs = Q(calendar__uses__customer=customer.pk) if customer is not None and customer.pk else Q(pk=None)
    teams = Q(calendar__uses__team=team_id) if team_id else Q(pk=None)
    closeness = Choose(When(theirs, then=0), When(teams, then=1), default=2)
    fits = CalendarVersion.objects.filter(theirs | teams | Q(calendar__is_default=True))
    version = fits.order_by(closeness, "-number").first()
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
