"""Today: what waits, for whom, and what to do about it first. Five statements, however many rows.

The clocks of a scope are read as bare tuples, at most 1,000; only the rows shown are read whole.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Case as Choose
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Left
from django.utils import timezone

from accounts.models import Role, User
from cases import access
from cases.enums import CaseState, DueKind, Side, StepNumber, Verdict
from cases.models import (
    Action,
    Case,
    Check,
    CheckIn,
    Confirmation,
    Customer,
    Due,
    Escalation,
    Event,
    Exposure,
    Promise,
)
from cases.queries import before, desk_figures, letters_stuck
from cases.queries.before import Sight
from cases.queries.desk_arrivals import Arrival, among, asked_of, beside, waiting
from cases.timeline import Kind

CAP = 1_000
MOST_SHOWN = 50
MOST_HEARD = 5
HEARD_WITHIN = timedelta(days=14)
WEEK = timedelta(days=7)
SCOPES = ("mine", "team", "everyone")
HEARD = (Kind.CONFIRMED, Kind.REFUSED, Kind.SURVEY_ANSWERED, Kind.ENTRY_ADDED)


@dataclass(frozen=True)
class Clock:
    """One open clock as a bare tuple of the scope."""

    pk: int
    kind: str
    ref: int
    due_at: datetime
    case: int
    customer: int


@dataclass
class Group:
    """Rows under one heading: late, today or next. `also` names other late steps of a case, by case."""

    name: str
    clocks: list[Clock] = field(default_factory=list)
    rows: list[Due] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many there are, shown or not."""
        return len(self.clocks) + len(self.arrivals)


@dataclass(frozen=True)
class Desk:
    """Everything Today shows beside the greeting."""

    groups: list[Group]
    waiting: int
    hidden: int
    letters: list[dict]
    figures: dict
    heard: list[Event]
    before: list[Sight]


def default_scope(user: User) -> str:
    """Return what somebody sees first: their own work, the team's for a lead, everything for who only looks on."""
    if user.has_role(Role.MANAGER, Role.QUALITY, Role.COUNSEL):
        return "mine"
    return "team" if user.has_role(Role.LEAD) and user.team_id else "everyone"


def desk(user: User, scope: str, now: datetime) -> Desk:
    """Return the desk of `user` for one of `SCOPES`. Five statements."""
    today = timezone.localdate(now)
    clocks = _clocks(user, scope, today)
    groups, also = _grouped(clocks, user, now)
    ahead = before.in_sight(clocks, now)
    hidden, rows = _fill(groups, also, ahead)
    owned = _owned(user, scope, today)
    unfinished = _unfinished(owned)
    counted, arrived = beside(
        desk_figures.ended(owned, now - desk_figures.QUARTER, CAP), asked_of(user, scope, _people(user, today))
    )
    among(groups, arrived, now=now, ends=_end_of_day(now))
    return Desk(
        groups=[group for group in groups if group.count],
        waiting=waiting(groups[:2]),
        hidden=hidden,
        letters=letters_stuck.stuck(unfinished),
        figures={**desk_figures.standing(unfinished, CAP), **desk_figures.record(counted)},
        heard=_heard(owned, now),
        before=before.compose((rows[pk] for pk in ahead if pk in rows), unfinished, today),
    )


def ahead(user: User, scope: str, now: datetime) -> list[Sight]:
    """Return everything in sight in one of `SCOPES`, at most 100 of a kind. Four statements."""
    today = timezone.localdate(now)
    near = before.in_sight(_clocks(user, scope, today), now, most=before.MOST)
    rows = _rows(near)
    seen = before.compose((rows[pk] for pk in near if pk in rows), _unfinished(_owned(user, scope, today)), today)
    return [*seen, *before.low_scores(_customers(user, scope, today), today)]


def _customers(user: User, scope: str, today: date) -> QuerySet[Customer]:
    if scope == "mine" or (scope == "team" and not user.team_id):
        return Customer.objects.filter(account_manager__in=_people(user, today))
    return Customer.objects.filter(team=user.team_id) if scope == "team" else Customer.objects.all()


def _people(user: User, today: date) -> QuerySet[User]:
    """Return the person, and those they stand in for today."""
    absent = Q(deputy=user, absences__from_on__lte=today, absences__to_on__gte=today)
    return User.objects.filter(Q(pk=user.pk) | absent).order_by().values("pk")


def _owned(user: User, scope: str, today: date) -> QuerySet[Case]:
    """Return the visible cases of a scope, history left out."""
    cases = access.visible_to(user).filter(historical=False)
    if scope == "mine" or (scope == "team" and not user.team_id):
        return cases.filter(owner__in=_people(user, today))
    return cases.filter(team=user.team_id) if scope == "team" else cases


def _clocks(user: User, scope: str, today: date) -> list[Clock]:
    cases = access.visible_to(user).filter(_asked_of(user, scope, today))
    fields = ("dues__pk", "dues__kind", "dues__ref", "dues__due_at", "pk", "customer_id")
    found = cases.order_by("dues__due_at", "dues__pk").values_list(*fields)[: CAP + 1]
    return [Clock(*one) for one in found]


def _asked_of(user: User, scope: str, today: date) -> Q:
    running = Due.objects.filter(closed_at=None)
    # A case without any clock, such as imported history, would join as a clock that is not closed.
    ticking = Q(dues__closed_at=None, dues__isnull=False)
    if scope == "team" and user.team_id:
        unowned = Q(team=None, dues__kind=DueKind.UNASSIGNED)
        return (Q(team=user.team_id) | unowned) & ticking
    if scope == "everyone":
        return ticking
    people = _people(user, today)
    parts = [running.filter(case__owner__in=people, case__state=CaseState.OPEN)]
    if user.has_role(Role.LEAD):
        unowned = running.filter(kind=DueKind.UNASSIGNED)
        parts.append(unowned.filter(Q(case__team=user.team_id) | Q(case__team=None)))
    # As a union each part walks its own index and is bounded by one person's work.
    mine = running.filter(owner__in=people).order_by().values("pk")
    return Q(dues__in=mine.union(*(part.order_by().values("pk") for part in parts)))


def _grouped(clocks: list[Clock], user: User, now: datetime) -> tuple[list[Group], dict[int, list[str]]]:
    """Sort clocks under three headings. Of one case only the first late step has a row; the others are named in it.

    Under "next" each case stands once, and only if nothing of it is due before.
    """
    late, today, following = Group("late"), Group("today"), Group("next")
    ends, seen, stepped, also, nudged = _end_of_day(now), set(), {}, {}, set()
    unheard = {(clock.case, None) for clock in clocks if _is_step(clock, StepNumber.ACKNOWLEDGE)}
    unheard |= {(clock.case, clock.due_at) for clock in clocks if clock.kind == DueKind.PROMISE}
    for clock in clocks:
        if _is_no_task(clock, user, unheard) or _is_far(clock, now) or _is_theirs(clock, user, now, nudged):
            continue
        if clock.due_at >= ends:
            if clock.case not in seen:
                following.clocks.append(clock)
        elif clock.kind == DueKind.STEP and clock.case in stepped:
            also.setdefault(stepped[clock.case], []).append(StepNumber(clock.ref).label)
        else:
            (late if clock.due_at < now else today).clocks.append(clock)
            if clock.kind == DueKind.STEP:
                stepped[clock.case] = clock.pk
        seen.add(clock.case)
    return [late, today, following], also


def _is_no_task(clock: Clock, user: User, unheard: set[tuple[int, datetime | None]]) -> bool:
    """Leave out the council's step for who is not on it, and silence where the first or a promised word is due."""
    if _is_step(clock, StepNumber.COUNCIL):
        return not user.on_council
    return clock.kind == DueKind.SILENCE and not unheard.isdisjoint({(clock.case, None), (clock.case, clock.due_at)})


def _is_theirs(clock: Clock, user: User, now: datetime, nudged: set[int]) -> bool:
    """Leave the council's decisions to the council, but for one that is late: that one case asks for a nudge."""
    if clock.kind != DueKind.DECISION or user.on_council:
        return False
    if clock.due_at >= now or clock.case in nudged:
        return True
    nudged.add(clock.case)
    return False


def _is_far(clock: Clock, now: datetime) -> bool:
    """Leave out check-ins that cannot be done yet: they are weeks away by their nature."""
    return clock.kind == DueKind.CHECK_IN and clock.due_at > now + WEEK


def _is_step(clock: Clock, number: int) -> bool:
    return clock.kind == DueKind.STEP and clock.ref == number


def _end_of_day(now: datetime) -> datetime:
    local = timezone.localtime(now)
    return local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _fill(groups: list[Group], also: dict[int, list[str]], more: list[int]) -> tuple[int, dict[int, Due]]:
    """Read the rows to be shown and some `more` in one statement; return how many are left out, and what was read."""
    shown = [clock.pk for group in groups for clock in group.clocks][:MOST_SHOWN]
    rows = _rows({*shown, *more})
    for due in rows.values():
        due.also, due.on = also.get(due.pk, []), timezone.localdate(due.due_at)
    kept = set(shown)
    for group in groups:
        group.rows = [rows[clock.pk] for clock in group.clocks if clock.pk in kept and clock.pk in rows]
    return sum(len(group.clocks) for group in groups) - len(shown), rows


def _rows(pks: Iterable[int]) -> dict[int, Due]:
    people = ("case", "case__customer", "case__reporter", "owner")
    fields = (
        "kind", "ref", "due_at", "allowed", "case__title", "case__seam", "case__stake", "case__stake_currency",
        "case__round", "case__owner_id", "case__team_id",
        "case__customer__name", "case__reporter__name", "case__reporter__title", "owner__name",
    )  # fmt: skip
    rows = Due.objects.filter(pk__in=pks).select_related(*people).only(*fields)
    asked = Confirmation.objects.filter(case=OuterRef("case"), verdict=Verdict.PENDING)
    return {due.pk: due for due in rows.annotate(words=Left(_words(), 140), asked=Exists(asked))}


def _words() -> Choose:
    """Say what a clock is about: the promise, the action, the criterion, the customer to tell, the reason."""
    about = {
        DueKind.PROMISE: (Promise, "words__text"),
        DueKind.ACTION: (Action, "words__text"),
        DueKind.CHECK: (Check, "criterion__text"),
        DueKind.CHECK_IN: (CheckIn, Cast("day", TextField())),
        DueKind.EXPOSURE: (Exposure, "customer__name"),
        DueKind.DECISION: (Escalation, "reason"),
    }
    cases = [
        When(kind=kind, then=Subquery(model.objects.filter(pk=OuterRef("ref")).order_by().values_list(text)[:1]))
        for kind, (model, text) in about.items()
    ]
    return Choose(*cases, default=Value(""), output_field=TextField())


def _unfinished(owned: QuerySet[Case]) -> list[dict]:
    """Return what is not closed, with a letter about it that died or was held, if there is one."""
    fields = ("pk", "title", "state", "customer_id", "home_stake", "customer__name", "customer__renewal_on")
    cases = owned.filter(state__in=[CaseState.OPEN, CaseState.RESOLVED])
    rows = before.with_low(letters_stuck.with_stuck(cases)).order_by()
    return list(rows.values(*fields, *letters_stuck.FIELDS, "low_at", "spoke")[:CAP])


def _heard(owned: QuerySet[Case], now: datetime) -> list[Event]:
    """Return the latest words of customers."""
    theirs = ~Q(kind=Kind.ENTRY_ADDED) | Q(facts__side=Side.THEIRS)
    events = Event.objects.filter(theirs, case__in=owned, kind__in=HEARD, at__gte=now - HEARD_WITHIN)
    shown = events.select_related("contact", "case__customer", "words")
    fields = ("kind", "at", "facts", "contact__name", "case__title", "case__customer__name", "words__text")
    return list(shown.only(*fields).order_by("-at", "-id")[:MOST_HEARD])
