"""Signals as a list, and how many wait."""

from django.db.models import QuerySet

from cases.models import Signal

MOST = 1_000


def signals(state: str) -> QuerySet[Signal]:
    """Return the signals in one state, each with its customer, its words and what became of it."""
    rows = Signal.objects.filter(state=state)
    return rows.select_related("customer", "words", "case", "decided_by", "reason").order_by("-id")


def waiting_count() -> int:
    """Return how many wait to be looked at, at most 1,000. One statement."""
    return Signal.objects.filter(state=Signal.State.PROPOSED)[:MOST].count()
