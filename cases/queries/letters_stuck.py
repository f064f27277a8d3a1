"""Letters to customers that wait for a person: those that died, and those held back when they should have left."""

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Left

from cases.models import Case, Outgoing
from mail.models import Message, MessageState

FIELDS = ("dead_at", "dead", "dead_why", "held_at", "held_why")


def with_stuck(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Add to each case its newest dead letter (when written, key, why) and the first one held (when, why)."""
    died = Message.objects.filter(thread=OuterRef("thread"), state=MessageState.DEAD, to_staff=False).order_by("-id")
    held = Outgoing.objects.filter(case=OuterRef("pk"), held_at__isnull=False).order_by("id")
    return cases.annotate(
        dead_at=Subquery(died.values("queued_at")[:1]),
        dead=Subquery(died.values("pk")[:1]),
        dead_why=Subquery(died.annotate(why=Left("error", 160)).values("why")[:1]),
        held_at=Subquery(held.values("held_at")[:1]),
        held_why=Subquery(held.values("held_why")[:1]),
    )


def stuck(rows: list[dict]) -> list[dict]:
    """Return the rows with such a letter, the one that waits longest first."""
    found = [row for row in rows if row["dead"] or row["held_at"]]
    return sorted(found, key=lambda row: row["dead_at"] or row["held_at"])
