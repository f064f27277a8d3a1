"""Moments the forms propose; people change them as they like."""

from datetime import datetime

from cases.deadlines import due_moment
from cases.models import Case
from cases.policy import calendar_of


def next_closing(case: Case, now: datetime, days: int = 1) -> datetime:
    """Return closing time of the n-th working day from now, in the calendar of the case."""
    return due_moment(calendar_of(case.calendar_version_id), f"{days}d", now)
