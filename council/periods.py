"""Quarters and weeks in the installation's zone."""

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
    today = now.astimezone(ZoneInfo(zone)).date()
    first = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    return Period(_midnight(first, zone), _midnight(_month_after(first, 3), zone))


def quarter_before(period: Period, zone: str) -> Period:
    """Return the quarter just before a quarter."""
    return quarter(period.start - timedelta(hours=1), zone)


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
