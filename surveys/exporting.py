"""Answers as CSV, safe to open in a spreadsheet: no cell of a customer's can become a formula (promise S8)."""

import csv
from collections.abc import Iterable, Iterator

from django.utils.timezone import localtime

from surveys import queries
from surveys.models import Answer
from surveys.verdicts import MEASURES

COLUMNS = (
    "Case",
    "Customer",
    "Contact",
    "Owner",
    "Category",
    "Asked",
    "Answered",
    *MEASURES,
    "Words",
    "Optional questions",
    "Verdict",
    "Tags",
)
BATCH = 500
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def lines(answers: Iterable[Answer]) -> Iterator[str]:
    """Yield the lines of a CSV file, one answer each, below their names."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)  # so that a spreadsheet reads it as UTF-8
    for answer in answers:
        yield writer.writerow([safe(cell) for cell in _cells(answer)])


def safe(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if not isinstance(cell, str):
        return "" if cell is None else cell
    return f"'{cell}" if cell.lstrip(" ").startswith(RISKY) else cell


def _cells(answer: Answer) -> list[object]:
    invitation, case = answer.invitation, answer.invitation.case
    return [
        case.number,
        case.customer.name,
        invitation.contact.name if invitation.contact else "",
        case.owner.name if case.owner else "",
        case.category.name if case.category else "",
        localtime(invitation.sent_at).date().isoformat() if invitation.sent_at else "",
        localtime(answer.kept_at).isoformat(timespec="minutes"),
        *(getattr(answer, name) for name in MEASURES),
        answer.words.text if answer.words else "",
        "\n".join(f"{label} {said}" for label, said in queries.more_of(answer)),
        answer.get_verdict_display(),
        ", ".join(tag.name for tag in answer.tags.all()),
    ]


class _Echo:
    """A file that hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        """Return the line."""
        return line
