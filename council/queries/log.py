"""The decision log: what was decided, by whom, why; found by number or words."""

import re
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from cases import access
from cases.enums import EscalationReason
from council.figures.tables import CHUNK, Table, plain
from council.models import Decision

HEAD = [
    "Decided", "Case", "Customer", "What it is about", "Why it lay there", "Decision", "Reason", "By", "For", "Due",
    "Answer of the owner", "Taken back",
]  # fmt: skip
NUMBER = re.compile(r"^(?:RC-?)?(\d{1,12})$", re.IGNORECASE)


def log(user: User, words: str = "") -> QuerySet[Decision]:
    """Return the decisions on cases this person may see; with `words`, those that hold them or the case's number."""
    rows = Decision.objects.filter(case__in=access.visible_to(user))
    rows = rows.select_related("case__customer", "words", "author", "owner", "escalation", "question__answer")
    number = NUMBER.match(words.strip())
    if number:
        return rows.filter(case=int(number[1]))
    for word in words.split()[:8]:
        rows = rows.filter(
            Q(words__text__icontains=word)
            | Q(case__title__icontains=word)
            | Q(case__customer__name__icontains=word)
            | Q(author__name__icontains=word)
        )
    return rows


def table(user: User, words: str = "") -> Table:
    """Return the same decisions as rows for a file, newest first."""
    rows = log(user, words).order_by("-pk")
    return Table("decisions", HEAD, (_cells(row) for row in rows.iterator(chunk_size=CHUNK)), rows.count())


def _cells(row: Decision) -> list[Any]:
    question = getattr(row, "question", None)
    answer = question.answer.text if question is not None and question.answer is not None else ""
    cells = (
        row.taken_at,
        row.case.number,
        row.case.customer.name,
        row.case.title,
        EscalationReason(row.escalation.reason).label,
        row.get_kind_display(),
        row.words.text,
        row.author.name,
        row.owner.name if row.owner else "",
        row.due_at,
        answer,
        row.undone_at,
    )
    return [plain(cell) for cell in cells]
