"""Chasing: what is due is claimed, and each rung of the ladder is climbed once, however many workers run.

A rung is a row with a unique key; the letter is queued in the same transaction. After a standstill only the highest
rung passed is sent, lower ones are recorded as overtaken. Customers never receive a chase, and a survey is never
chased. Cases are taken in sets, with the same few statements for one and for five hundred (promise P5); where a set
breaks it is gone through row by row, and the bad row is set aside.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from django.db import OperationalError, connection, transaction
from django.db.models import Q, QuerySet

from accounts.models import Team, User
from cases import chase_letters, deadlines, escalation, setwise, standstill, sweeping, timeline
from cases.chase_letters import Told
from cases.enums import DueKind
from cases.models import Case, Chase, Due, Snooze
from cases.policy import Rules, rules_of
from cases.presence import Roll

SWEEP = "chase"
LIMIT = 5_000  # clocks one run takes at most; the next minute takes the rest
SIZES = {"postgresql": 500, "sqlite": 100}  # on SQLite others write between two sets
READ = (
    "customer", "owner", "team", "title", "severity", "state", "round", "confidential", "about_user", "home_stake",
    "policy_version", "calendar_version", "logged_at", "next_due_at", "next_kind",
)  # fmt: skip
log = structlog.get_logger(__name__)


@dataclass
class Climb:
    """One clock whose next rung has come."""

    due: Due
    case: Case
    rules: Rules
    passed: list[int]
    upcoming: tuple[int, datetime] | None
    people: list[User] = field(default_factory=list)

    @property
    def rung(self) -> int:
        """The highest rung passed: the one that is told."""
        return self.passed[-1]

    @property
    def to(self) -> tuple[str, ...]:
        """Who hears on that rung."""
        return next(rung.to for rung in self.rules.ladder if rung.at == self.rung)


def chase_due(now: datetime, *, limit: int = LIMIT) -> int:
    """Climb every rung whose moment has come; return how many clocks were chased."""
    aside = set(sweeping.set_aside(SWEEP, "Due"))
    size = SIZES.get(connection.vendor, 100)
    chased, taken, after = 0, 0, None
    while taken < limit:
        rows = list(waiting(now, after=after, size=min(size, limit - taken)))
        if not rows:
            break
        chased += _together({pk: case for pk, _, case in rows if pk not in aside}, now)
        taken, after = taken + len(rows), rows[-1][:2]
        sweeping.rest()
    return chased


def climb(due_pk: int, now: datetime) -> bool:
    """Climb the highest rung passed for one clock; False where another worker was first."""
    case = Due.objects.filter(pk=due_pk).values_list("case", flat=True).first()
    return climb_some({due_pk: case}, now) > 0


@transaction.atomic
def climb_some(cases: Mapping[int, int], now: datetime) -> int:
    """Climb the highest rung passed for each of several clocks, in one transaction; return for how many.

    `cases` names the case of each clock.
    """
    climbs = _taken(cases, now)
    told = [one for one in climbs if one.passed]
    if told:
        roll = Roll((person for one in told for person in _concerned(one)), now)
        _record(told, roll, now)
    moved = [
        (one.due.pk, one.passed[-1] if one.passed else one.due.rung, one.upcoming[1] if one.upcoming else None)
        for one in climbs
    ]
    setwise.update(Due, ("rung", "chase_at"), moved)
    return len(told)


def waiting(now: datetime, *, after: tuple[int, datetime] | None = None, size: int = 500) -> QuerySet:
    """Return number, moment and case of the next clocks due to be chased, the longest due first, at most `size`."""
    rows = Due.objects.filter(closed_at=None, chase_at__isnull=False, chase_at__lte=now)
    if after is not None:
        pk, at = after
        rows = rows.filter(chase_at__gte=at).filter(Q(chase_at__gt=at) | Q(pk__gt=pk))
    return rows.order_by("chase_at", "pk").values_list("pk", "chase_at", "case")[:size]


def _together(cases: Mapping[int, int], now: datetime) -> int:
    try:
        return climb_some(cases, now)
    except Exception as problem:
        if isinstance(problem, OperationalError) and not connection.is_usable():
            raise
        log.warning("chased_row_by_row", rows=len(cases), error=f"{type(problem).__name__}: {problem}")
    rows = Due.objects.filter(pk__in=cases).only("pk").order_by("chase_at", "pk")
    return sweeping.each(SWEEP, list(rows), lambda due: climb(due.pk, now), now=now)


def _taken(of: Mapping[int, int], now: datetime) -> list[Climb]:
    """Lock cases, then clocks, both by rising number, and say for each which rungs it has passed."""
    cases = Case.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=set(of.values())).order_by("pk")
    held = {case.pk: case for case in cases.select_related("customer").only(*READ, "customer__name")}
    rows = Due.objects.select_for_update(no_key=True).filter(pk__in=list(of), closed_at=None, chase_at__lte=now)
    dues = list(rows.order_by("pk"))
    _introduce(held.values(), dues)
    stood, snoozed = standstill.pauses_for(dues), _snoozed(dues)
    return [_climb(due, held[due.case_id], stood.get(due.pk, []), snoozed.get(due.pk, {}), now) for due in dues]


def _introduce(cases: Iterable[Case], dues: list[Due]) -> None:
    """Give cases and clocks their people, each person read once however many cases they own. Two statements."""
    cases = list(cases)
    teams = Team.objects.in_bulk({case.team_id for case in cases if case.team_id})
    wanted = {row.owner_id for row in (*cases, *dues)} | {team.lead_id for team in teams.values()}
    people = User.objects.select_related("deputy").in_bulk(wanted - {None})
    for team in teams.values():
        team.lead = people.get(team.lead_id)
    for case in cases:
        case.owner, case.team = people.get(case.owner_id), teams.get(case.team_id)
    for due in dues:
        due.owner = people.get(due.owner_id)


def _climb(due: Due, case: Case, pauses: list, snoozed: dict[int, datetime], now: datetime) -> Climb:
    rules = rules_of(case.policy_version_id)
    due.case = case
    moments = deadlines.rungs(due, rules, not_before=case.logged_at, pauses=pauses, snoozed=snoozed)
    passed = [rung for rung, at in moments if rung > due.rung and at <= now]
    top = passed[-1] if passed else due.rung
    ahead = min(((at, rung) for rung, at in moments if rung > top), default=None)
    return Climb(due, case, rules, passed, ahead[::-1] if ahead else None)


def _snoozed(dues: list[Due]) -> dict[int, dict[int, datetime]]:
    started = {due.pk: due.started_at for due in dues}
    found: dict[int, dict[int, datetime]] = {}
    for row in Snooze.objects.filter(due__in=dues) if dues else ():
        if row.at >= started[row.due_id]:
            found.setdefault(row.due_id, {})[row.rung] = row.until_at
    return found


def _concerned(one: Climb) -> tuple[User | None, ...]:
    return one.due.owner, one.case.owner, one.case.team.lead if one.case.team else None


def _record(climbs: list[Climb], roll: Roll, now: datetime) -> None:
    """Write down the rungs, tell who has to hear, and lay before the council what belongs there."""
    Chase.objects.bulk_create(
        [Chase(due=one.due, rung=rung, at=now, overtaken=rung != one.rung) for one in climbs for rung in one.passed],
        ignore_conflicts=True,
    )
    for one in climbs:
        one.people = roll.hearers([name for name in one.to if name != "docket"], one.due, one.case)
    happenings: dict[Case, list[timeline.Happening]] = {}
    for one in climbs:
        happenings.setdefault(one.case, []).append(_happening(one, now))
    docketed = [one for one in climbs if "docket" in one.to]
    sponsored = _to_sponsors([one for one in docketed if one.due.kind == DueKind.DECISION])
    for case, laid in escalation.lay_overdue(_for_the_council(docketed), chair=roll.chair, now=now).items():
        happenings[case].append(laid)
    timeline.append_many(happenings)
    told = [Told(person, one.due, one.case, one.rung) for one in climbs for person in one.people]
    chase_letters.tell([*told, *sponsored], roll=roll, now=now)


def _happening(one: Climb, now: datetime) -> timeline.Happening:
    facts = {
        "rung": one.rung,
        "due": one.due.kind,
        "ref": one.due.ref,
        "due_at": one.due.due_at.isoformat(),
        "told": [person.pk for person in one.people],
    }
    return timeline.Happening(timeline.Kind.CHASED, now, facts=facts)


def _for_the_council(climbs: list[Climb]) -> dict[Case, int]:
    """Return the cases to lay before the council, each with its first late subject: one entry a case.

    A promise nobody marked has its own road there: it counts as broken. One that is disputed and not decided has a
    working time to be decided in, and goes there like anything late.
    """
    found: dict[Case, int] = {}
    for one in climbs:
        unmarked = one.due.kind == DueKind.PROMISE and not one.due.allowed
        if one.due.kind != DueKind.DECISION and not unmarked:
            found.setdefault(one.case, one.due.ref if one.due.kind == DueKind.STEP else -one.due.pk)
    return found


def _to_sponsors(climbs: list[Climb]) -> list[Told]:
    """A decision overdue by a quarter goes to the executive sponsor, who may decide."""
    if not climbs:
        return []
    sponsors = list(User.objects.working_here().with_role("sponsor").select_related("deputy"))
    return [Told(sponsor, one.due, one.case, one.rung) for one in climbs for sponsor in sponsors]
