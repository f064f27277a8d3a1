"""When a team works: weekly hours, holidays and special days in one time zone.

Pure facts, no clock. A `Calendar` answers one question for `cases.worktime`: which stretches
of UTC time are open on a given local date? Everything else is built on that answer.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

Window = tuple[int, int]  # opening and closing, in seconds of the local day: 09:00 is 32400
Hours = tuple[Window, ...]  # the windows of one day, in order, apart from each other
Stretch = tuple[datetime, datetime]  # opening (included) and closing (excluded), in UTC

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_SECONDS = 24 * 60 * 60
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
CLOCK_TIME = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)


class BadCalendar(ValueError):
    """Say what is wrong with a calendar's facts."""


class NoHours(BadCalendar):
    """Say that a calendar never opens, so that no time can run in it."""


@dataclass(frozen=True)
class Calendar:
    """Hold working hours: seven days from Monday, minus holidays, with special days of their own.

    A special day's windows replace the weekday's (none: closed); a holiday closes even a special day.
    Raise `NoHours` when nothing is ever open, `BadCalendar` for an unknown zone or impossible windows.
    Two calendars with the same facts are equal. Treat `special` as read-only.
    """

    zone: str
    hours: tuple[Hours, ...]
    holidays: frozenset[date] = frozenset()
    special: Mapping[date, Hours] = field(default_factory=dict, hash=False)
    tz: tzinfo = field(init=False, repr=False, compare=False)
    _opened: dict[date, tuple[Stretch, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.hours) != len(WEEKDAYS):
            raise BadCalendar("A calendar names the hours of seven weekdays, Monday first.")
        special = {on: _in_order(windows) for on, windows in self.special.items()}
        object.__setattr__(self, "tz", _zone(self.zone))
        object.__setattr__(self, "hours", tuple(_in_order(windows) for windows in self.hours))
        object.__setattr__(self, "holidays", frozenset(self.holidays))
        object.__setattr__(self, "special", special)
        if not any(self.hours) and not any(special.values()):
            raise NoHours("This calendar has no opening hours. Give it at least one window.")

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "Calendar":
        """Read a calendar from its JSON form: timezone, hours, holidays, special_hours.

        Times are "HH:MM" or "HH:MM:SS" of the local day, "24:00" is midnight at its end; a missing
        weekday is closed. Raise `BadCalendar` when the facts cannot be read.
        """
        try:
            week = dict(facts["hours"])
            hours = tuple(_read_windows(week.pop(name, ())) for name in WEEKDAYS)
            holidays = frozenset(map(date.fromisoformat, facts.get("holidays", ())))
            special = dict(facts.get("special_hours") or {})
            special = {date.fromisoformat(on): _read_windows(windows) for on, windows in special.items()}
            zone = facts["timezone"]
        except BadCalendar:
            raise
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise BadCalendar(f"These facts are not a calendar: {error}.") from error
        if week:
            raise BadCalendar(f"Not a weekday: {', '.join(map(str, week))}.")
        return cls(zone, hours, holidays, special)

    def to_facts(self) -> dict[str, Any]:
        """Return the JSON form that `from_facts` reads back to an equal calendar."""
        week = zip(WEEKDAYS, self.hours, strict=True)
        facts: dict[str, Any] = {
            "timezone": self.zone,
            "hours": {name: _write_windows(windows) for name, windows in week if windows},
            "holidays": sorted(map(date.isoformat, self.holidays)),
        }
        if self.special:
            days = sorted(self.special.items())
            facts["special_hours"] = {on.isoformat(): _write_windows(windows) for on, windows in days}
        return facts

    def stretches(self, on: date) -> tuple[Stretch, ...]:
        """Return what is open on a local date, in UTC and in order; empty when closed.

        A moment is open when its local clock time lies in a window. So an hour the clocks skip is
        not there, an hour they repeat is there twice, and lengths are elapsed time.
        """
        if on not in self._opened:
            self._opened[on] = () if on in self.holidays else self.planned(on)
        return self._opened[on]

    def planned(self, on: date) -> tuple[Stretch, ...]:
        """Return what would be open on a local date if it were not a holiday."""
        windows = self.special.get(on, self.hours[on.weekday()])
        return _in_utc(on, windows, self.tz) if windows else ()


@lru_cache(maxsize=64)
def always(zone: str) -> Calendar:
    """Return the calendar that never closes, its days cut at midnight of the zone."""
    return Calendar(zone, (((0, DAY_SECONDS),),) * len(WEEKDAYS))


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise BadCalendar(f"There is no time zone called {name!r}.") from error


def _in_order(windows: Iterable[Window]) -> Hours:
    ordered: list[Window] = []
    for opens, closes in sorted(windows):
        if not 0 <= opens < closes <= DAY_SECONDS:
            raise BadCalendar(f"Open from {_clock(opens)} to {_clock(closes)}: it must close after it opens.")
        if ordered and opens < ordered[-1][1]:
            raise BadCalendar(f"Two windows of one day overlap at {_clock(opens)}.")
        if ordered and opens == ordered[-1][1]:
            opens = ordered.pop()[0]
        ordered.append((opens, closes))
    return tuple(ordered)


def _read_windows(windows: Iterable[Iterable[str]]) -> Hours:
    return tuple((_seconds(opens), _seconds(closes)) for opens, closes in windows)


def _write_windows(windows: Hours) -> list[list[str]]:
    return [[_clock(opens), _clock(closes)] for opens, closes in windows]


def _seconds(clock: str) -> int:
    match = CLOCK_TIME.fullmatch(clock)
    hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (99, 0, 0)
    total = hours * 3600 + minutes * 60 + seconds
    if total > DAY_SECONDS:
        raise BadCalendar(f"{clock!r} is not a time of day. Write 09:00, or 24:00 for the end of the day.")
    return total


def _clock(total: int) -> str:
    hours, minutes, seconds = total // 3600, total // 60 % 60, total % 60
    return f"{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


def _in_utc(on: date, windows: Hours, tz: tzinfo) -> tuple[Stretch, ...]:
    midnight = datetime.combine(on, time.min, UTC)  # the wall clock, written as if it were UTC
    offsets = _offsets(on, tz)
    stretches: list[Stretch] = []
    for opens, closes in windows:
        for begin, end, offset in offsets:
            opened = max(begin, midnight + timedelta(seconds=opens) - offset)
            closed = min(end, midnight + timedelta(seconds=closes) - offset)
            if stretches and stretches[-1][1] == opened < closed:
                opened = stretches.pop()[0]
            if opened < closed:
                stretches.append((opened, closed))
    return tuple(stretches)


def _offsets(on: date, tz: tzinfo) -> list[tuple[datetime, datetime, timedelta]]:
    """Return the zone's offsets on a date with the UTC span of each: one, or two when clocks change.

    Midnights that the change itself skips or repeats are read before it (fold 0) at the start of
    the date and after it (fold 1) at its end, so that the span around the change is never lost.
    """
    tomorrow = on + timedelta(days=1)
    before = datetime.combine(on, time.min, tz).utcoffset()
    after = datetime.combine(tomorrow, time.min, tz).replace(fold=1).utcoffset()
    if before == after:
        return [(FIRST, LAST, before)]
    earliest = datetime.combine(on, time.min, UTC) - max(before, after)
    latest = datetime.combine(tomorrow, time.min, UTC) - min(before, after)
    change = _change(earliest, latest, before, tz)
    return [(FIRST, change, before), (change, LAST, after)]


def _change(earliest: datetime, latest: datetime, before: timedelta, tz: tzinfo) -> datetime:
    def changed(second: int) -> bool:
        return (earliest + timedelta(seconds=second)).astimezone(tz).utcoffset() != before

    seconds = range(int((latest - earliest).total_seconds()))
    return earliest + timedelta(seconds=bisect_left(seconds, True, key=changed))
