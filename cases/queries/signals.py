"""Signals as a list, and how many wait."""

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from cases import access
from cases.models import Signal

MOST = 1_000


def signals(state: str, reader: User) -> QuerySet[Signal]:
    """Return the signals in one state, each with its customer, its words and what became of it.

    `seen` tells whether the reader may know of the case it became.
    """
    rows = Signal.objects.filter(state=state)
    rows = rows.annotate(seen=Exists(access.visible_to(reader).filter(pk=OuterRef("case"))))
    return rows.select_related("customer", "words", "case", "decided_by", "reason").order_by("-id")


def waiting_count() -> int:
    """Return how many wait to be looked at, at most 1,000. One statement."""
    return Signal.objects.filter(state=Signal.State.PROPOSED)[:MOST].count()
