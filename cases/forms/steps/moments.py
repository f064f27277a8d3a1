"""Moments the forms propose; people change them as they like."""

from datetime import datetime

from cases.deadlines import due_moment
from cases.models import Case
from cases.policy import calendar_of


def before(due_at: datetime | None, usual: datetime, now: datetime) -> datetime:
    """Return the due time of the step where it is still to come and sooner than what is usual."""
    return due_at if due_at and now < due_at < usual else usual


def next_closing(case: Case, now: datetime, days: int = 1) -> datetime:
    """Return closing time of the n-th working day from now, in the calendar of the case."""
    return due_moment(calendar_of(case.calendar_version_id), f"{days}d", now)
