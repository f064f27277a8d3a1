"""Working time: pure arithmetic on instants, calendars and pauses. No models, no clock.

Every instant is an aware datetime; results are in UTC. Time counted is elapsed time while the
calendar is open, so a clock change inside a window makes that day shorter or longer. The
conventions (zero stays, due at closing, negative when reversed, days that end at closing) and why
they were chosen: docs/decisions/0003-working-time-conventions.md.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from .workday import BadCalendar, Calendar, Hours, NoHours, Stretch, always

__all__ = [
    "BadCalendar", "Calendar", "Hours", "NoHours", "Segment", "add", "add_days", "always", "between",
    "close_of_day", "explain", "is_open", "next_open", "prev_open", "subtract", "windows",
]  # fmt: skip

SECOND = timedelta(seconds=1)
PATIENCE_DAYS = 5 * 366  # so many closed days in a row mean: this calendar does not open any more

Pauses = Iterable[tuple[datetime, datetime]]
Part = tuple[datetime, datetime, str]


@dataclass(frozen=True)
class Segment:
    """One line of the sum behind a deadline: a stretch of a local date and what it counted.

    `why` is "window" (counted), "pause" (open, but the clock stood) or "holiday" (would have been
    open from `opened` to `closed`). Pauses and holidays count 0 seconds.
    """

    on: date
    opened: datetime
    closed: datetime
    seconds: int
    why: str


def is_open(cal: Calendar, at: datetime) -> bool:
    """Tell whether work goes on at this moment; the opening instant is open, the closing one is not."""
    at = _utc(at)
    return any(opened <= at < closed for opened, closed in cal.stretches(_local_date(cal, at)))


def next_open(cal: Calendar, at: datetime) -> datetime:
    """Return the moment itself if open, else the next opening. Raise `NoHours` if none comes."""
    return next(_ahead(cal, _utc(at)))[0]


def prev_open(cal: Calendar, at: datetime) -> datetime:
    """Return the moment itself if work went on just before it, else the last closing before it.

    Looking back, a window holds its closing instant but not its opening one. Raise `NoHours` if
    the calendar was never open before.
    """
    return next(_back(cal, _utc(at)))[1]


def add(cal: Calendar, start: datetime, seconds: float, pauses: Pauses = ()) -> datetime:
    """Return the first instant at which so many working seconds have passed since the start.

    Time inside a pause does not count, however many pauses overlap. Time that runs out exactly at
    closing is due at closing (product, "Deadlines"). Nothing added changes nothing; a negative
    number subtracts. Raise `NoHours` if the calendar stops opening before the time is up.
    """
    start = _utc(start)
    if seconds < 0:
        return subtract(cal, start, -seconds, pauses)
    if not seconds:
        return start
    opened, _, used = _spend(_running(_ahead(cal, start), _union(pauses)), seconds)
    return opened + used


def subtract(cal: Calendar, start: datetime, seconds: float, pauses: Pauses = ()) -> datetime:
    """Return the last instant from which so many working seconds pass until the start.

    The mirror of `add`: time that runs out exactly at an opening ends at that opening.
    """
    start = _utc(start)
    if seconds < 0:
        return add(cal, start, -seconds, pauses)
    if not seconds:
        return start
    _, closed, used = _spend(_running_back(_back(cal, start), _union(pauses)), seconds)
    return closed - used


def between(cal: Calendar, start: datetime, end: datetime, pauses: Pauses = ()) -> int:
    """Return the working seconds from start to end, pauses left out; negative when end is earlier.

    A begun second does not count, so `between(start, add(start, n)) == n` for every whole n.
    """
    start, end = _utc(start), _utc(end)
    if end < start:
        return -between(cal, end, start, pauses)
    running = _running(windows(cal, start, end), _union(pauses))
    return _length(running) // SECOND


def windows(cal: Calendar, start: datetime, end: datetime) -> Iterator[Stretch]:
    """Yield what is open from start to end, cut to that span, in order; none when end is not later."""
    start, end = _utc(start), _utc(end)
    last = _local_date(cal, end)
    for on in _dates(_local_date(cal, start), 1):
        for opened, closed in cal.stretches(on):
            opened, closed = max(opened, start), min(closed, end)
            if opened < closed:
                yield opened, closed
        if on >= last:
            return


def add_days(cal: Calendar, start: datetime, days: int) -> datetime:
    """Return the same time of day so many working days later.

    A closed moment counts from the next opening, and a result that is closed moves on to the next
    opening. Negative days go back the same way: from the last closing, to the last closing. No days
    change nothing. Deadlines use `close_of_day`.
    """
    at = _utc(start)
    if not days:
        return at
    local = _settle(cal, at, days).astimezone(cal.tz)
    then = datetime.combine(_working_day(cal, local.date(), days), local.time(), cal.tz)
    return _settle(cal, then.astimezone(UTC), days)


def close_of_day(cal: Calendar, start: datetime, days: int, pauses: Pauses = ()) -> datetime:
    """Return when a deadline of n days is due: closing time of the n-th working day after the start.

    The start's day is its local date, working day or not, and is never counted (product, "Deadlines"). Pauses
    push the due time on by exactly the working seconds they took from it. Raise `ValueError` for
    fewer than one day, `NoHours` when there are no such days.
    """
    if days < 1:
        raise ValueError("A deadline in working days needs at least one day.")
    start = _utc(start)
    day = _working_day(cal, _local_date(cal, start), days)
    closing = cal.stretches(day)[-1][1]
    pauses = _union(pauses)
    whole = _length(windows(cal, start, closing))
    return add(cal, start, whole.total_seconds(), pauses) if pauses else closing


def explain(cal: Calendar, start: datetime, due: datetime, pauses: Pauses = ()) -> list[Segment]:
    """Return the sum behind a deadline, line by line in order of time.

    The seconds of all lines add up to `between(cal, start, due, pauses)` exactly: what a line
    cuts off below a second is carried to the next one.
    """
    start, due, pauses = _utc(start), _utc(due), _union(pauses)
    lines = [*_holidays(cal, start, due)]
    counted = timedelta()
    for opened, closed in windows(cal, start, due):
        for begin, end, why in _parts(opened, closed, pauses):
            before, counted = counted, counted + (end - begin) * (why == "window")
            seconds = counted // SECOND - before // SECOND
            lines.append(Segment(_local_date(cal, begin), begin, end, seconds, why))
    return sorted(lines, key=lambda line: line.opened)


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("Working time needs an instant with a time zone.")
    return at.astimezone(UTC)


def _local_date(cal: Calendar, at: datetime) -> date:
    return at.astimezone(cal.tz).date()


def _dates(first: date, step: int) -> Iterator[date]:
    end = date.max if step > 0 else date.min
    yield from map(date.fromordinal, range(first.toordinal(), end.toordinal(), step))
    raise NoHours("No open time is left within the years a calendar can name.")


def _days(cal: Calendar, first: date, step: int) -> Iterator[date]:
    """Yield working days from a date on, forward or back; give up after years without one."""
    closed = 0
    for on in _dates(first, step):
        closed = 0 if cal.stretches(on) else closed + 1
        if not closed:
            yield on
        if closed > PATIENCE_DAYS:
            raise NoHours(f"This calendar has no opening hours in the five years around {first.isoformat()}.")


def _ahead(cal: Calendar, at: datetime) -> Iterator[Stretch]:
    for on in _days(cal, _local_date(cal, at), 1):
        for opened, closed in cal.stretches(on):
            if at < closed:
                yield max(opened, at), closed


def _back(cal: Calendar, at: datetime) -> Iterator[Stretch]:
    for on in _days(cal, _local_date(cal, at), -1):
        for opened, closed in reversed(cal.stretches(on)):
            if opened < at:
                yield opened, min(closed, at)


def _working_day(cal: Calendar, on: date, days: int) -> date:
    step = 1 if days > 0 else -1
    later = _days(cal, on + timedelta(days=step), step)
    return next(day for number, day in enumerate(later, 1) if number == abs(days))


def _settle(cal: Calendar, at: datetime, days: int) -> datetime:
    if is_open(cal, at):
        return at
    return next_open(cal, at) if days > 0 else prev_open(cal, at)


def _union(pauses: Pauses) -> list[Stretch]:
    merged: list[Stretch] = []
    for begin, end in sorted((_utc(begin), _utc(end)) for begin, end in pauses):
        if end < begin:
            raise ValueError("A pause cannot end before it begins.")
        if merged and begin <= merged[-1][1]:
            begin, end = merged[-1][0], max(end, merged.pop()[1])
        merged.append((begin, end))
    return merged


def _length(stretches: Iterable[Stretch]) -> timedelta:
    return sum((closed - opened for opened, closed in stretches), timedelta())


def _spend(stretches: Iterator[Stretch], seconds: float) -> tuple[datetime, datetime, timedelta]:
    """Return the stretch in which the time runs out, and how much of it is used by then."""
    left = timedelta(seconds=seconds)
    while True:  # the stretches do not end: they raise NoHours
        opened, closed = next(stretches)
        if left <= closed - opened:
            return opened, closed, left
        left -= closed - opened


def _running(stretches: Iterable[Stretch], pauses: list[Stretch]) -> Iterator[Stretch]:
    if not pauses:
        return iter(stretches)
    parts = (part for stretch in stretches for part in _parts(*stretch, pauses))
    return ((opened, closed) for opened, closed, why in parts if why == "window")


def _running_back(stretches: Iterable[Stretch], pauses: list[Stretch]) -> Iterator[Stretch]:
    for stretch in stretches:
        yield from reversed([*_running([stretch], pauses)])


def _parts(opened: datetime, closed: datetime, pauses: list[Stretch]) -> Iterator[Part]:
    """Cut an open stretch at the pauses, which are merged and in order."""
    for begin, end in pauses:
        begin, end = max(begin, opened), min(end, closed)
        if begin >= end:
            continue
        if opened < begin:
            yield opened, begin, "window"
        yield begin, end, "pause"
        opened = end
    if opened < closed:
        yield opened, closed, "window"


def _holidays(cal: Calendar, start: datetime, due: datetime) -> Iterator[Segment]:
    for on in sorted(cal.holidays):
        planned = cal.planned(on)
        if planned and planned[0][0] < due and start < planned[-1][1]:
            yield Segment(on, planned[0][0], planned[-1][1], 0, "holiday")
