"""Due times from policy, calendar and pauses; the rungs in between; what it took in the end.

Product: hours are working seconds; n days end at closing time of the n-th working day after the day the clock
started; rungs are shares of the working seconds between start and due. Clocks start at the moment of receipt,
chases not before the case was logged. Only working time inside a pause moves a due time (decision 0006).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from cases import standstill, worktime
from cases.enums import DueKind
from cases.models import Case, Chase, Due, Snooze
from cases.policy import Rules, calendar_of, rules_of
from cases.standstill import Stretch
from cases.worktime import Calendar

COUNTED = ("owner_id", "started_at", "counted_from", "due_at", "allowed", "always", "calendar_version_id", "chase_at")
MEASURED = ("closed_at", "work_s", "wall_s", "chase_at")


def due_moment(calendar: Calendar, allowed: str, start: datetime, pauses: Iterable[Stretch] = ()) -> datetime:
    """Return when `allowed` (`4h`, `30m` or `5d`) has run out from `start`. Raise ValueError for another form."""
    amount, unit = int(allowed[:-1]), allowed[-1]
    if unit == "d":
        return worktime.close_of_day(calendar, start, amount, pauses)
    if unit not in ("h", "m"):
        raise ValueError(f"not a working time: {allowed!r}")
    return worktime.add(calendar, start, amount * (3600 if unit == "h" else 60), pauses)


def recounted(due: Due, pauses: Iterable[Stretch] = ()) -> datetime:
    """Return the due time from what the row says of it: the same value at any time. An agreed date stays."""
    if not due.allowed:
        return due.due_at
    return due_moment(calendar_for(due), due.allowed, due.counted_from or due.started_at, pauses)


def rung_moment(calendar: Calendar, due: Due, percent: int, pauses: Iterable[Stretch] = ()) -> datetime:
    """Return when `percent` of the working time between start and due has passed."""
    if percent == 100:
        return due.due_at
    pauses = list(pauses)
    total = worktime.between(calendar, due.started_at, due.due_at, pauses)
    return worktime.add(calendar, due.started_at, total * percent // 100, pauses)


def calendar_for(due: Due) -> Calendar:
    """Return the calendar a due time is counted in."""
    calendar = calendar_of(due.calendar_version_id)
    return worktime.always(calendar.zone) if due.always else calendar


def next_rung(
    due: Due,
    rules: Rules,
    *,
    not_before: datetime,
    pauses: Iterable[Stretch] = (),
    snoozed: Mapping[int, datetime] | None = None,
) -> tuple[int, datetime] | None:
    """Return the rung above the one reached that comes first, and its moment; None at the top of the ladder.

    `snoozed` holds until when a rung was put off. A rung reached is never climbed again.
    """
    moments = rungs(due, rules, not_before=not_before, pauses=pauses, snoozed=snoozed)
    ahead = [(at, rung) for rung, at in moments if rung > due.rung]
    return min(ahead)[::-1] if ahead else None


def rungs(
    due: Due,
    rules: Rules,
    *,
    not_before: datetime,
    pauses: Iterable[Stretch] = (),
    snoozed: Mapping[int, datetime] | None = None,
) -> list[tuple[int, datetime]]:
    """Return every rung of the ladder with the moment it is climbed, in rising order."""
    calendar, pauses, snoozed = calendar_for(due), list(pauses), snoozed or {}
    return [
        (rung.at, max(rung_moment(calendar, due, rung.at, pauses), not_before, snoozed.get(rung.at, not_before)))
        for rung in rules.ladder
    ]


def compose(
    *,
    case: Case,
    kind: DueKind,
    allowed: str,
    started_at: datetime,
    ref: int = 0,
    owner_id: int | None = None,
    always: bool = False,
    due_at: datetime | None = None,
    counted_from: datetime | None = None,
) -> Due:
    """Build a due row with its first chase, without saving it.

    `due_at` is a date that was agreed, as for promises; `counted_from` a later moment to count `allowed` from.
    """
    due = Due(
        case=case,
        round=case.round,
        kind=kind,
        ref=ref,
        owner_id=owner_id or case.owner_id,
        started_at=started_at,
        counted_from=counted_from,
        allowed="" if due_at else allowed,
        always=always,
        calendar_version_id=case.calendar_version_id,
    )
    due.due_at = due_at or recounted(due)
    upcoming = next_rung(due, rules_of(case.policy_version_id), not_before=case.logged_at)
    due.chase_at = upcoming[1] if upcoming else None
    return due


def time_for(due: Due, rules: Rules, severity: str) -> tuple[str, bool]:
    """Return what the rules allow a step or the silence at this severity, and whether it runs day and night.

    Nothing where the clock does not hang on the severity.
    """
    if due.kind == DueKind.SILENCE:
        return rules.time("silence", severity), False
    if due.kind != DueKind.STEP:
        return "", False
    return rules.step_time(due.ref, severity), rules.runs_always(due.ref, severity)


def start(**facts) -> Due:
    """Start a clock: `compose` and save. A clock of the same kind, reference and round is started afresh.

    Its ladder begins anew; what was chased before stays in the timeline.
    """
    due = compose(**facts)
    same = Due.objects.filter(case=due.case, round=due.round, kind=due.kind, ref=due.ref)
    earlier = same.select_for_update(no_key=True).first()
    if earlier is None:
        due.save()
        return due
    if earlier.rung:
        Chase.objects.filter(due=earlier).delete()
        Snooze.objects.filter(due=earlier).delete()
    due.pk = earlier.pk
    stood = standstill.pauses_of(due)
    due.due_at = recounted(due, stood)
    upcoming = next_rung(due, rules_of(due.case.policy_version_id), not_before=due.case.logged_at, pauses=stood)
    due.chase_at = upcoming[1] if upcoming else None
    due.save(force_update=True)
    return due


def retime(due: Due, *, allowed: str, always: bool = False, not_before: datetime) -> None:
    """Give a running clock another time from the same start; a rung it has reached stays reached."""
    due.allowed, due.always = allowed, always
    count_anew(due, standstill.pauses_of(due), not_before=not_before)


def count_anew(due: Due, pauses: Iterable[Stretch], *, not_before: datetime) -> None:
    """Recompute and save due time and next chase of one clock, with the pauses that hold it."""
    pauses = list(pauses)
    move(due, recounted(due, pauses), pauses, not_before=not_before)


def move(due: Due, due_at: datetime, pauses: Iterable[Stretch] = (), *, not_before: datetime) -> None:
    """Save another due time of one clock and the next chase that follows from it. A rung reached stays reached.

    A clock that was stopped is measured anew: a pause that ended earlier than planned took less from it.
    """
    pauses = list(pauses)
    due.due_at = due_at
    if due.closed_at:
        close(due, due.closed_at, pauses)
    else:
        due.chase_at = _next_chase(due, pauses, not_before)
    due.save(update_fields=sorted({*COUNTED, *MEASURED}))


def go_on(due: Due, *, not_before: datetime) -> None:
    """Let a clock that was stopped run on as if it never had."""
    due.closed_at = due.work_s = due.wall_s = None
    due.save(update_fields=["closed_at", "work_s", "wall_s"])
    count_anew(due, standstill.pauses_of(due), not_before=not_before)


def _next_chase(due: Due, pauses: list[Stretch], not_before: datetime) -> datetime | None:
    snoozed = snoozes_of(due)
    rules = rules_of(due.case.policy_version_id)
    upcoming = next_rung(due, rules, not_before=not_before, pauses=pauses, snoozed=snoozed)
    return upcoming[1] if upcoming else None


def snoozes_of(due: Due) -> dict[int, datetime]:
    """Return until when which rung of the present run was put off. One statement."""
    rows = Snooze.objects.filter(due=due, at__gte=due.started_at)
    return dict(rows.values_list("rung", "until_at"))


def stop(*, case: Case, kind: DueKind, now: datetime, ref: int | None = None) -> int:
    """Stop the open clocks of one kind (and reference) on a case and note what they took; return how many."""
    dues = Due.objects.filter(case=case, kind=kind, closed_at=None)
    return _stop(list(dues if ref is None else dues.filter(ref=ref)), now)


def stop_all(*, case: Case, now: datetime, but: Iterable[str] = ()) -> None:
    """Stop every open clock of a case, except those of the kinds in `but`."""
    _stop(list(Due.objects.filter(case=case, closed_at=None).exclude(kind__in=list(but))), now)


def _stop(dues: list[Due], now: datetime) -> int:
    stood = standstill.pauses_for(dues)
    for due in dues:
        close(due, now, stood.get(due.pk, ()))
        due.save(update_fields=MEASURED)
    return len(dues)


def close(due: Due, now: datetime, pauses: Iterable[Stretch] = ()) -> None:
    """Note on the row what a clock took: working seconds without its pauses, and seconds on the wall."""
    end = max(now, due.started_at)
    due.closed_at, due.chase_at = end, None
    due.work_s = worktime.between(calendar_for(due), due.started_at, end, pauses)
    due.wall_s = (end - due.started_at) // timedelta(seconds=1)
