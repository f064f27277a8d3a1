"""Chasing: what is due is claimed, and each rung of the ladder is climbed once, however many workers run.

A rung is a row with a unique key; the letter is queued in the same transaction. After a standstill only the highest
rung passed is sent, lower ones are recorded as overtaken. Customers never receive a chase.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases import deadlines, escalation, letters, presence, sweeping, timeline, worktime
from cases.enums import DueKind, EscalationReason, StepNumber
from cases.models import Case, Chase, Due, Escalation
from cases.policy import Rules, calendar_of, rules_of

SWEEP = "chase"
BATCH = 200


def chase_due(now: datetime, *, limit: int = BATCH) -> int:
    """Climb every rung whose moment has come; return how many due things were chased."""
    aside = sweeping.set_aside(SWEEP, "Due")
    waiting = Due.objects.filter(closed_at=None, chase_at__lte=now).exclude(pk__in=aside)
    rows = list(waiting.order_by("chase_at")[:limit])
    return sweeping.each(SWEEP, rows, lambda due: climb(due.pk, now), now=now)


@transaction.atomic
def climb(due_pk: int, now: datetime) -> bool:
    """Climb the highest rung passed for one due thing; False where another worker was first."""
    case = _lock(due_pk)
    due = Due.objects.select_for_update(no_key=True).get(pk=due_pk)
    if due.closed_at is not None or due.chase_at is None or due.chase_at > now:
        return False
    rules = rules_of(case.policy_version_id)
    passed = _passed(due, rules, now, case)
    if passed:
        _record(due, passed, now)
        _act(case, due, rules, passed[-1], now)
    due.rung = passed[-1] if passed else due.rung
    upcoming = deadlines.next_rung(due, rules, not_before=case.logged_at)
    due.chase_at = upcoming[1] if upcoming else None
    due.save(update_fields=["rung", "chase_at"])
    return bool(passed)


def _lock(due_pk: int) -> Case:
    case_id = Due.objects.values_list("case_id", flat=True).get(pk=due_pk)
    case = Case.objects.select_for_update(no_key=True, of=("self",))
    return case.select_related("customer", "owner", "team", "team__lead").get(pk=case_id)


def _passed(due: Due, rules: Rules, now: datetime, case: Case) -> list[int]:
    calendar = deadlines.calendar_for(due)
    return [
        rung.at
        for rung in rules.ladder
        if rung.at > due.rung and max(deadlines.rung_moment(calendar, due, rung.at), case.logged_at) <= now
    ]


def _record(due: Due, passed: list[int], now: datetime) -> None:
    Chase.objects.bulk_create(
        [Chase(due=due, rung=rung, at=now, overtaken=rung != passed[-1]) for rung in passed],
        ignore_conflicts=True,
    )


def _act(case: Case, due: Due, rules: Rules, percent: int, now: datetime) -> None:
    to = next(rung.to for rung in rules.ladder if rung.at == percent)
    people = presence.hearers(tuple(name for name in to if name != "docket"), due, case, now)
    for person in people:
        _write(case, due, person, percent, now)
    timeline.record(
        case=case,
        kind=timeline.Kind.CHASED,
        now=now,
        facts={
            "rung": percent,
            "due": due.kind,
            "ref": due.ref,
            "due_at": due.due_at.isoformat(),
            "told": [person.pk for person in people],
        },
    )
    if "docket" in to:
        _to_docket(case, due, now)


def _write(case: Case, due: Due, person: User, percent: int, now: datetime) -> None:
    what = StepNumber(due.ref).label if due.kind == DueKind.STEP else DueKind(due.kind).label
    facts = {"what": what, "due_at": due.due_at.isoformat(), "rung": percent}
    letters.to_colleague(
        user=person,
        case=case,
        key=f"chase-{due.pk}-{percent}-{person.pk}",
        template="chase",
        now=now,
        facts=facts,
        send_at=_reading_time(case, due, now),
    )


def _reading_time(case: Case, due: Due, now: datetime) -> datetime:
    """Return when the letter should arrive: in working hours, except for clocks that run day and night."""
    return now if due.always else worktime.next_open(calendar_of(case.calendar_version_id), now)


def _to_docket(case: Case, due: Due, now: datetime) -> None:
    """Lay the case before the council: one entry however many of its deadlines are late.

    A promise has its own road there: nobody having marked it, it counts as broken.
    """
    if due.kind == DueKind.DECISION:
        _to_sponsor(case, due, now)
    elif due.kind != DueKind.PROMISE and not _lies_there(case):
        escalation.escalate(case=case, reason=EscalationReason.OVERDUE, ref=_subject(due), now=now)


def _lies_there(case: Case) -> bool:
    return Escalation.objects.filter(case=case, reason=EscalationReason.OVERDUE, decided_at=None).exists()


def _to_sponsor(case: Case, due: Due, now: datetime) -> None:
    """A decision overdue by a quarter goes to the executive sponsor, who may decide."""
    for sponsor in User.objects.working_here().with_role("sponsor"):
        _write(case, due, sponsor, 125, now)


def _subject(due: Due) -> int:
    return due.ref if due.kind == DueKind.STEP else due.pk + 100
