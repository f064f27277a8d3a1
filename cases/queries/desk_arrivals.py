"""Messages that wait in the intake, on Today: two working hours each, so they stand among the clocks.

They are no clocks of a case. So that Today costs no statement more, they are read together with what it counts.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BooleanField, CharField, F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Left, NullIf
from django.utils import timezone

from accounts.models import Role, User
from cases import access
from cases.arrival_kinds import IntakeState
from cases.models import Due, IntakeItem

MOST = 200
SHOWN = 5
COUNTED, WAITS = 0, 1


@dataclass(frozen=True)
class Arrival:
    """One message that is no case yet: from whom, about what, whose customer it may be."""

    pk: int
    due_at: datetime
    who: str
    subject: str
    customer: str
    customer_id: int

    @property
    def on(self) -> date:
        """The day its time runs out, in the reader's zone."""
        return timezone.localdate(self.due_at)


def asked_of(user: User, scope: str, people: QuerySet[User]) -> QuerySet[IntakeItem]:
    """Return what waits in the intake for this person in a scope, as those who are told of it are chosen.

    A message of a customer is its account manager's, else their team lead's; of a stranger every lead's.
    """
    waiting = IntakeItem.objects.filter(state=IntakeState.WAITING)
    if not access.may_log(user):
        return waiting.none()
    if scope == "everyone":
        return waiting
    theirs = Q(customer=None) | Q(customer__team=None)
    if scope == "team" and user.team_id:
        return waiting.filter(theirs | Q(customer__team=user.team_id))
    mine = Q(customer__account_manager__in=people)
    if user.has_role(Role.LEAD):
        unmanaged = Q(customer__account_manager=None) | Q(customer__account_manager__is_active=False)
        mine |= unmanaged & (theirs | Q(customer__team=user.team_id))
    return waiting.filter(mine)


def beside(ended: QuerySet[Due], waiting: QuerySet[IntakeItem]) -> tuple[list[tuple], list[Arrival]]:
    """Return rows (step, working time, by their word, closed, due), and what waits, soonest first. One statement.

    `ended` carries the annotation `by_word`.
    """
    nothing = Value("", CharField())
    facts = ("ref", "work_s", "by_word", "closed_at", "due_at")
    counted = (
        ended.order_by()
        .annotate(nothing=nothing)
        .values_list(Value(COUNTED, IntegerField()), *facts, *["nothing"] * 3, Value(0, IntegerField()))
    )
    sender = Coalesce(NullIf("inbound__sender_name", Value("")), "inbound__sender")
    first = waiting.order_by("due_at", "pk").values("pk")[:MOST]
    items = (
        IntakeItem.objects.filter(pk__in=first)
        .order_by()
        .values_list(
            Value(WAITS, IntegerField()),
            "pk",
            Value(0, IntegerField()),
            Value(False, BooleanField()),
            "arrived_at",
            "due_at",
            Cast(Left(sender, 120), CharField()),
            Cast(Left("inbound__subject", 140), CharField()),
            Coalesce(Cast(F("customer__name"), CharField()), nothing),
            Coalesce(F("customer_id"), 0),
        )
    )
    rows = list(counted.union(items, all=True))
    arrivals = [Arrival(row[1], row[5], *row[6:]) for row in rows if row[0] == WAITS]
    return [row[1:6] for row in rows if row[0] == COUNTED], sorted(arrivals, key=lambda one: (one.due_at, one.pk))


def among(groups: list, arrived: list[Arrival], *, now: datetime, ends: datetime) -> None:
    """Put what waits in the intake under its heading: late, today until `ends`, or next."""
    late, today, following = groups
    for one in arrived:
        group = late if one.due_at < now else today if one.due_at < ends else following
        group.arrivals.append(one)


def waiting(groups: list) -> int:
    """Count customers who wait under these headings, and with them whoever wrote and is no case yet."""
    known = {clock.customer for group in groups for clock in group.clocks}
    return len(known | {one.customer_id or one.who for group in groups for one in group.arrivals})
