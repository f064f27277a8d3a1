"""From the columns of a source to what a case needs: built-in mappings, or one of your own."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from cases.enums import Channel, Severity
from cases.importing.reading import Line, Unreadable

FIELDS = (
    "reference", "customer", "contact", "email", "received", "closed", "title", "complaint", "category",
    "severity", "channel", "outcome", "note", "open",
)  # fmt: skip
REQUIRED = ("reference", "customer", "received")
DATE_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%m/%d/%y", "%Y/%m/%d", "%d %b %Y")
NONE_WORDS = frozenset({"", "n/a", "none", "null", "-"})


class RowRefused(Exception):
    """A row cannot be taken in; the message says why."""


@dataclass(frozen=True)
class Row:
    """A complaint as history: dates are days, `is_open` tells that the source calls it unfinished."""

    reference: str
    customer: str
    received_at: datetime
    closed_at: datetime
    title: str
    complaint: str = ""
    category: str = ""
    channel: Channel = Channel.WEB
    severity: Severity = Severity.NORMAL
    outcome: str = ""
    note: str = ""
    contact: str = ""
    email: str = ""
    is_open: bool = False


Reader = Callable[[Line], Row]

CFPB_COLUMNS = (
    "Date received", "Product", "Issue", "Sub-issue", "Consumer complaint narrative", "Company", "Submitted via",
    "Date sent to company", "Company response to consumer", "Timely response?", "Consumer disputed?", "Complaint ID",
)  # fmt: skip
CFPB_CHANNELS = {
    "web": Channel.WEB, "phone": Channel.PHONE, "postal mail": Channel.LETTER, "fax": Channel.LETTER,
    "email": Channel.EMAIL, "referral": Channel.LETTER, "web referral": Channel.WEB,
}  # fmt: skip


def reader(mapping: str) -> Reader:
    """Return the reader of a built-in mapping (`cfpb`, `plain`) or of a JSON file {field: column}.

    Raise `Unreadable` for a mapping that is neither.
    """
    if mapping == "cfpb":
        return _cfpb
    if mapping == "plain":
        return _by_columns({field: field for field in FIELDS})
    path = Path(mapping)
    if not path.is_file():
        raise Unreadable(f"There is no mapping {mapping}. Built in: cfpb, plain; or give a JSON file.")
    return _by_columns(_own(path))


def _own(path: Path) -> dict[str, str]:
    try:
        columns = json.loads(path.read_text())
    except ValueError as problem:
        raise Unreadable(f"The mapping {path} is no valid JSON: {problem}.") from problem
    unknown = sorted(set(columns) - set(FIELDS))
    missing = [field for field in REQUIRED if field not in columns]
    if unknown or missing:
        raise Unreadable(f"The mapping names {unknown or 'no'} unknown fields and lacks {missing or 'nothing'}.")
    return columns


def _by_columns(columns: dict[str, str]) -> Reader:
    def read(line: Line) -> Row:
        cells = {field: line.cells.get(column, "").strip() for field, column in columns.items()}
        received = _day(cells["received"], "received")
        return Row(
            reference=_needed(cells, "reference"),
            customer=_needed(cells, "customer"),
            received_at=received,
            closed_at=_day(cells["closed"], "closed") if cells.get("closed") else received,
            title=(cells.get("title") or cells.get("complaint", "").split("\n")[0] or "Complaint")[:200],
            complaint=cells.get("complaint", ""),
            category=cells.get("category", "")[:120],
            channel=_choice(Channel, cells.get("channel", ""), Channel.WEB, "channel"),
            severity=_choice(Severity, cells.get("severity", ""), Severity.NORMAL, "severity"),
            outcome=cells.get("outcome", "")[:120],
            note=cells.get("note", ""),
            contact=cells.get("contact", "")[:120],
            email=cells.get("email", ""),
            is_open=cells.get("open", "").casefold() in ("yes", "true", "1", "open"),
        )

    return read


def _cfpb(line: Line) -> Row:
    """Read a row of the US CFPB complaint export."""
    missing = [column for column in CFPB_COLUMNS if column not in line.cells]
    if missing:
        raise RowRefused(f"the column {missing[0]} is missing")
    cells = {column: _said(line.cells[column]) for column in CFPB_COLUMNS}
    received = _day(cells["Date received"], "Date received")
    response = cells["Company response to consumer"]
    return Row(
        reference=_needed(cells, "Complaint ID"),
        customer=_needed(cells, "Company"),
        received_at=received,
        closed_at=max(received, _day(cells["Date sent to company"] or cells["Date received"], "Date sent to company")),
        title=(cells["Sub-issue"] or cells["Issue"] or cells["Product"] or "Complaint")[:200],
        complaint=line.cells["Consumer complaint narrative"].strip(),
        category=" · ".join(part for part in (cells["Product"], cells["Issue"]) if part)[:120],
        channel=CFPB_CHANNELS.get(cells["Submitted via"].casefold(), Channel.WEB),
        outcome=response[:120],
        note=_noted(cells),
        is_open=response.casefold() == "in progress",
    )


def _noted(cells: dict[str, str]) -> str:
    notes = []
    if cells["Consumer disputed?"] == "Yes":
        notes.append("disputed")
    if cells["Timely response?"] == "No":
        notes.append("untimely")
    return ",".join(notes)


def _said(cell: str) -> str:
    text = cell.strip()
    return "" if text.casefold() in NONE_WORDS else text


def _needed(cells: dict[str, str], name: str) -> str:
    value = cells.get(name, "")
    if not value:
        raise RowRefused(f"{name} is empty")
    if len(value) > 120 and name != "Company":
        raise RowRefused(f"{name} is longer than 120 characters")
    return value[:200]


def _day(text: str, name: str) -> datetime:
    if not text:
        raise RowRefused(f"{name} is empty")
    for pattern in DATE_FORMATS:
        try:
            day = datetime.strptime(text[:10] if pattern == "%Y-%m-%d" else text, pattern).date()
        except ValueError:
            continue
        return _moment(day, name)
    raise RowRefused(f"{name} is no date: {text[:40]}")


def _moment(day: date, name: str) -> datetime:
    if day.year < 1970:
        raise RowRefused(f"{name} lies before 1970: {day.isoformat()}")
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _choice(choices, text: str, default, name: str):
    if not text:
        return default
    by_word = {str(word).casefold(): choice for choice in choices for word in (choice.value, choice.label)}
    if text.casefold() not in by_word:
        raise RowRefused(f"{name} is not known: {text[:40]}")
    return by_word[text.casefold()]
