"""Due times from policy, calendar and pauses; the rungs in between; what it took in the end.

Product: hours are working seconds; n days end at closing time of the n-th working day after the day the clock
started; rungs are shares of the working seconds between start and due. Clocks start at the moment of receipt,
chases not before the case was logged.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from cases import worktime
from cases.enums import DueKind
from cases.models import Case, Due
from cases.policy import Rules, calendar_of, rules_of
from cases.worktime import Calendar

Stretch = tuple[datetime, datetime]


def due_moment(calendar: Calendar, allowed: str, start: datetime, pauses: Iterable[Stretch] = ()) -> datetime:
    """Return when `allowed` (`4h`, `30m` or `5d`) has run out from `start`. Raise ValueError for another form."""
    amount, unit = int(allowed[:-1]), allowed[-1]
    if unit == "d":
        return worktime.close_of_day(calendar, start, amount, pauses)
    if unit not in ("h", "m"):
        raise ValueError(f"not a working time: {allowed!r}")
    return worktime.add(calendar, start, amount * (3600 if unit == "h" else 60), pauses)


def rung_moment(calendar: Calendar, due: Due, percent: int) -> datetime:
    """Return when `percent` of the working time between start and due has passed."""
    if percent == 100:
        return due.due_at
    total = worktime.between(calendar, due.started_at, due.due_at)
    return worktime.add(calendar, due.started_at, total * percent // 100)


def calendar_for(due: Due) -> Calendar:
    """Return the calendar a due time is counted in."""
    calendar = calendar_of(due.calendar_version_id)
    return worktime.always(calendar.zone) if due.always else calendar


def next_rung(due: Due, rules: Rules, *, not_before: datetime) -> tuple[int, datetime] | None:
    """Return the next rung above the one reached and its moment, or None at the top of the ladder."""
    calendar = calendar_for(due)
    for rung in rules.ladder:
        if rung.at > due.rung:
            return rung.at, max(rung_moment(calendar, due, rung.at), not_before)
    return None


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
) -> Due:
    """Build a due row with its first chase, without saving it. `due_at` overrides the sum, as for promises."""
    due = Due(
        case=case,
        round=case.round,
        kind=kind,
        ref=ref,
        owner_id=owner_id or case.owner_id,
        started_at=started_at,
        allowed=allowed,
        always=always,
        calendar_version_id=case.calendar_version_id,
    )
    due.due_at = due_at or due_moment(calendar_for(due), allowed, started_at)
    upcoming = next_rung(due, rules_of(case.policy_version_id), not_before=case.logged_at)
    due.chase_at = upcoming[1] if upcoming else None
    return due


def start(**facts) -> Due:
    """Start a clock: `compose` and save. A clock of the same kind, reference and round is started afresh."""
    due = compose(**facts)
    kept = {
        name: getattr(due, name)
        for name in (
            "owner_id",
            "started_at",
            "due_at",
            "allowed",
            "always",
            "calendar_version_id",
            "chase_at",
        )
    }
    row, _ = Due.objects.update_or_create(
        case=due.case,
        round=due.round,
        kind=due.kind,
        ref=due.ref,
        defaults={**kept, "rung": 0, "closed_at": None, "work_s": None, "wall_s": None},
    )
    return row


def stop(*, case: Case, kind: DueKind, now: datetime, ref: int | None = None) -> int:
    """Stop the open clocks of one kind (and reference) on a case and note what they took; return how many."""
    dues = Due.objects.filter(case=case, kind=kind, closed_at=None)
    if ref is not None:
        dues = dues.filter(ref=ref)
    stopped = [_closed(due, now) for due in dues]
    for due in stopped:
        due.save(update_fields=["closed_at", "work_s", "wall_s", "chase_at"])
    return len(stopped)


def stop_all(*, case: Case, now: datetime, but: Iterable[str] = ()) -> None:
    """Stop every open clock of a case, except those of the kinds in `but`."""
    for due in Due.objects.filter(case=case, closed_at=None).exclude(kind__in=list(but)):
        _closed(due, now).save(update_fields=["closed_at", "work_s", "wall_s", "chase_at"])


def _closed(due: Due, now: datetime) -> Due:
    end = max(now, due.started_at)
    due.closed_at = end
    due.chase_at = None
    due.work_s = worktime.between(calendar_for(due), due.started_at, end)
    due.wall_s = (end - due.started_at) // timedelta(seconds=1)
    return due
