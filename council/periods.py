"""Months, quarters, years, weeks and free stretches of days in the installation's zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Period:
    """From `start`, which belongs to it, to `end`, which does not."""

    start: datetime
    end: datetime

    def __contains__(self, at: datetime | None) -> bool:
        return at is not None and self.start <= at < self.end


def quarter(now: datetime, zone: str) -> Period:
    """Return the calendar quarter this moment lies in."""
    return block(local_day(now, zone), 3, zone)


def quarter_before(period: Period, zone: str) -> Period:
    """Return the quarter just before a quarter."""
    return block_before(period, 3, zone)


def block(on: date, months: int, zone: str) -> Period:
    """Return the month, quarter or year (1, 3 or 12 months) this day lies in."""
    first = date(on.year, months * ((on.month - 1) // months) + 1, 1)
    return Period(_midnight(first, zone), _midnight(_month_after(first, months), zone))


def block_before(period: Period, months: int, zone: str) -> Period:
    """Return the month, quarter or year just before one."""
    return block(first_day(period, zone) - timedelta(days=1), months, zone)


def stretch(first: date, last: date, zone: str) -> Period:
    """Return the days from `first` to `last`, both included."""
    return Period(_midnight(first, zone), _midnight(last + timedelta(days=1), zone))


def stretch_before(period: Period, zone: str) -> Period:
    """Return as many days just before a stretch."""
    first, length = first_day(period, zone), last_day(period, zone) - first_day(period, zone)
    return stretch(first - length - timedelta(days=1), first - timedelta(days=1), zone)


def local_day(at: datetime, zone: str) -> date:
    """Return the day it is in a zone at a moment."""
    return at.astimezone(ZoneInfo(zone)).date()


def first_day(period: Period, zone: str) -> date:
    """Return the first day that belongs to a period."""
    return local_day(period.start, zone)


def last_day(period: Period, zone: str) -> date:
    """Return the last day that belongs to a period."""
    return local_day(period.end, zone) - timedelta(days=1)


def parts(period: Period, zone: str) -> list[Period]:
    """Cut a period into weeks from Monday, or into months where it is longer than 100 days; the ends may be shorter."""
    days = (last_day(period, zone) - first_day(period, zone)).days + 1
    cuts, at = [], first_day(period, zone)
    while at <= last_day(period, zone):
        after = _month_after(at.replace(day=1), 1) if days > 100 else at + WEEK - timedelta(days=at.weekday())
        end = min(after - timedelta(days=1), last_day(period, zone))
        cuts.append(stretch(at, end, zone))
        at = after
    return cuts


def weeks(now: datetime, zone: str, count: int) -> list[Period]:
    """Return the last `count` weeks from Monday to Monday, the present one last."""
    today = now.astimezone(ZoneInfo(zone)).date()
    monday = today - timedelta(days=today.weekday())
    firsts = [monday - WEEK * back for back in range(count - 1, -1, -1)]
    return [Period(_midnight(first, zone), _midnight(first + WEEK, zone)) for first in firsts]


def _month_after(first: date, months: int) -> date:
    month = first.month - 1 + months
    return date(first.year + month // 12, month % 12 + 1, 1)


def _midnight(on: date, zone: str) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
