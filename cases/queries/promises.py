"""The ledger of promises: all of them over all cases, narrowed by whose and by what became of them."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from cases import access
from cases.enums import PromiseKind, PromiseState
from cases.keyset import Order, moment_order, number_order
from cases.models import Promise

OPEN, LATE, BEFORE = "open", "late", "before"
STATES = {
    OPEN: "To be kept",
    LATE: "Late",
    PromiseState.DISPUTED.value: "Disputed",
    PromiseState.KEPT.value: "Kept",
    PromiseState.BROKEN.value: "Broken",
    PromiseState.RENEGOTIATED.value: "Moved",
    BEFORE: "Made before the complaint",
}
SOONEST_FIRST = moment_order("due_at", falling=False)
NEWEST_FIRST = moment_order("due_at", falling=True)
LAST_WRITTEN_FIRST = number_order("id", falling=True)
_SHOWN = (
    "kind", "form", "state", "due_at", "made_at", "settled_at", "disputed_at", "every_days", "until_on", "words__text",
    "owner__name", "owner__deputy", "case__title", "case__customer__name", "case__owner__deputy", "case__team",
    "case__historical", "case__round",
)  # fmt: skip


def ledger(user: User, *, scope: str, state: str, now: datetime) -> QuerySet[Promise]:
    """Return the promises somebody may see, of one scope (mine, team, everyone) and one of `STATES`. One statement."""
    rows = Promise.objects.filter(_became(state, now), case__in=access.visible_to(user).order_by().values("pk"))
    if scope == "mine" or (scope == "team" and not user.team_id):
        rows = rows.filter(owner__in=_people(user, now))
    elif scope == "team":
        rows = rows.filter(case__team=user.team_id)
    return rows.select_related("words", "owner", "case__customer", "case__owner").only(*_SHOWN)


def order_of(state: str) -> Order:
    """Return the order of a list: what is due first on top, what is settled newest first."""
    if state == BEFORE:
        return LAST_WRITTEN_FIRST
    return SOONEST_FIRST if state in (OPEN, LATE) else NEWEST_FIRST


def _became(state: str, now: datetime) -> Q:
    if state == BEFORE:
        return Q(kind=PromiseKind.ORIGINAL)
    if state in (OPEN, LATE):
        pending = Q(kind=PromiseKind.RECOVERY, state=PromiseState.PENDING)
        return pending & Q(due_at__lt=now) if state == LATE else pending
    return Q(kind=PromiseKind.RECOVERY, state=state)


def _people(user: User, now: datetime) -> QuerySet[User]:
    """Return the person, and those they stand in for today."""
    today = timezone.localdate(now)
    absent = Q(deputy=user, absences__from_on__lte=today, absences__to_on__gte=today)
    return User.objects.filter(Q(pk=user.pk) | absent).order_by().values("pk")
