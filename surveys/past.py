"""Answers to surveys from before Goldseam: read from a file by a mapping of columns, each row once, bad ones named.

Repeating an import adds nothing. Work is done in short transactions, so that people can go on writing meanwhile.
"""

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Count

from accounts import admin_log
from cases import words
from cases.folding import name_key
from cases.importing.mapping import DATE_FORMATS, RowRefused
from cases.importing.reading import Line, Unreadable, read
from cases.models import Customer
from surveys import scores
from surveys.models import PastAnswer
from surveys.past_people import People

FIELDS = ("reference", "answered", "customer", "contact", "satisfied", "recommend", "words")
RANGES = {"satisfied": (1, 5), "recommend": (0, 10)}
BATCH = 100
REST_S = 0.02
LONGEST_REF = 80


@dataclass(frozen=True)
class Columns:
    """Which column holds which field, and which further columns are kept as marks on scales of their own."""

    of: Mapping[str, str]
    others: tuple[str, ...] = ()


@dataclass
class Report:
    """What became of a file: counts, and each refused line with its reason."""

    rows: int = 0
    added: int = 0
    known: int = 0
    tied: int = 0
    refusals: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Known:
    """Customers by name, and the people there."""

    customers: Mapping[str, int]
    people: People


@dataclass(frozen=True)
class Scores:
    """The figures of all answers of one source."""

    recommend: scores.Figure | None
    promoters: int
    passives: int
    detractors: int
    satisfied: scores.Figure | None
    with_words: int


def columns_of(given: Iterable[str], others: Iterable[str] = ()) -> Columns:
    """Return the mapping written as `field=column`, or in one JSON file {field: column}.

    Without any, columns have the names of the fields. Raise `Unreadable` for what is neither, and without a reference.
    """
    parts = list(given)
    if len(parts) == 1 and "=" not in parts[0]:
        pairs = _from_file(Path(parts[0]))
    else:
        pairs = dict(part.split("=", 1) for part in parts if "=" in part) if parts else {name: name for name in FIELDS}
    unknown = sorted(set(pairs) - set(FIELDS))
    if unknown or "reference" not in pairs:
        raise Unreadable(f"A mapping names the reference, and any of {', '.join(FIELDS[1:])}; not {unknown or 'this'}.")
    return Columns(pairs, tuple(others))


def import_answers(*, path: Path, columns: Columns, source: str, now: datetime) -> Report:
    """Take the answers of a file in, each tied to whoever gave it, where we know them.

    An answer that is here already is tied when a repetition names its person. Raise `Unreadable` if the file cannot be
    read at all.
    """
    report, known = Report(), Known(_customers(), People())
    rows = iter(read(path))
    while batch := list(islice(rows, BATCH)):
        _take(report, batch, columns, source, known, now)
        time.sleep(REST_S if connection.vendor == "sqlite" else 0)
    facts = {"source": source, "rows": report.rows, "added": report.added, "refused": len(report.refusals)}
    admin_log.record(actor=None, kind="answers_imported", facts=facts, now=now)
    return report


def scores_of(source: str) -> Scores:
    """Return the figures of everything taken in from a source."""
    rows = PastAnswer.objects.filter(source=source)
    recommend, satisfied = _counts(rows, "recommend"), _counts(rows, "satisfied")
    promoters = sum(recommend.get(mark, 0) for mark in scores.PROMOTERS)
    detractors = sum(recommend.get(mark, 0) for mark in scores.DETRACTORS)
    return Scores(
        recommend=scores.nps(recommend),
        promoters=promoters,
        passives=sum(recommend.values()) - promoters - detractors,
        detractors=detractors,
        satisfied=scores.mean(satisfied, 1, 5),
        with_words=rows.exclude(words=None).count(),
    )


def nps_by_source() -> list[tuple[str, scores.Figure]]:
    """Return the NPS of every source, by name. One statement."""
    rows = PastAnswer.objects.exclude(recommend=None).order_by()
    counts: dict[str, dict[int, int]] = {}
    for source, mark, n in rows.values_list("source", "recommend").annotate(n=Count("pk")):
        counts.setdefault(source, {})[mark] = n
    return sorted((source, scores.nps(marks)) for source, marks in counts.items())


def _take(report: Report, batch: list[Line], columns: Columns, source: str, known: Known, now: datetime) -> None:
    read_ones = [(line.number, _readable(report, line, columns, known)) for line in batch]
    report.rows += len(batch)
    given: dict[str, dict[str, Any]] = {}
    for _, one in read_ones:
        if one is not None:
            given.setdefault(one["external_ref"], one)
    stored = PastAnswer.objects.filter(source=source, external_ref__in=given).values_list("external_ref", flat=True)
    again = [given.pop(reference) for reference in set(stored)]
    report.known += sum(one is not None for _, one in read_ones) - len(given)
    with transaction.atomic():
        _add(list(given.values()), source, now)
        report.tied += _tie(again, source) + sum(row["contact_id"] is not None for row in given.values())
    report.added += len(given)


def _tie(rows: list[dict[str, Any]], source: str) -> int:
    """Tie answers that came in without a person to the one the file names now; return how many."""
    tied = 0
    for row in rows:
        if row["contact_id"] is not None:
            loose = PastAnswer.objects.filter(source=source, external_ref=row["external_ref"], contact=None)
            tied += loose.update(contact=row["contact_id"], customer=row["customer_id"])
    return tied


def _add(rows: list[dict[str, Any]], source: str, now: datetime) -> None:
    said = [row for row in rows if row["words"]]
    texts = words.write_some(words.compose(text=row["words"], now=now, part="past answer") for row in said)
    by_ref = {row["external_ref"]: text for row, text in zip(said, texts, strict=True)}
    PastAnswer.objects.bulk_create(
        PastAnswer(source=source, **{**row, "words": by_ref.get(row["external_ref"])}) for row in rows
    )


def _readable(report: Report, line: Line, columns: Columns, known: Known) -> dict[str, Any] | None:
    try:
        return _row(line, columns, known)
    except RowRefused as reason:
        report.refusals.append((line.number, str(reason)))
        return None


def _row(line: Line, columns: Columns, known: Known) -> dict[str, Any]:
    """Return the fields of one answer. Raise `RowRefused` with the reason."""
    if line.surplus:
        raise RowRefused("it has more cells than the header has columns")
    missing = [column for column in (*columns.of.values(), *columns.others) if column not in line.cells]
    if missing and set(columns.of) != set(FIELDS):
        raise RowRefused(f"the column {missing[0]} is missing")
    cells = {name: line.cells.get(column, "").strip() for name, column in columns.of.items()}
    customer = known.customers.get(name_key(cells.get("customer", "")))
    contact = known.people.find(cells.get("contact", ""), customer)
    row = {
        "external_ref": _reference(cells["reference"]),
        "answered_on": _day(cells.get("answered", "")),
        "customer_ref": cells.get("customer", "")[:200],
        "customer_id": customer or known.people.customer_of(contact),
        "contact_id": contact,
        "satisfied": _mark(cells.get("satisfied", ""), "satisfied"),
        "recommend": _mark(cells.get("recommend", ""), "recommend"),
        "others": {name: _number(line.cells[name], name) for name in columns.others if line.cells[name].strip()},
        "words": cells.get("words", ""),
    }
    if row["satisfied"] is row["recommend"] is None and not row["others"] and not row["words"]:
        raise RowRefused("it holds neither a mark nor a word")
    return row


def _reference(cell: str) -> str:
    if not cell:
        raise RowRefused("reference is empty")
    if len(cell) > LONGEST_REF:
        raise RowRefused(f"reference is longer than {LONGEST_REF} characters")
    return cell


def _mark(cell: str, name: str) -> int | None:
    if not cell:
        return None
    low, high = RANGES[name]
    mark = _number(cell, name)
    if mark not in range(low, high + 1):
        raise RowRefused(f"{name} is not from {low} to {high}: {cell[:40]}")
    return int(mark)


def _number(cell: str, name: str) -> int:
    text = cell.strip().removesuffix(".0")
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise RowRefused(f"{name} is no whole number: {cell.strip()[:40]}")
    return int(text)


def _day(cell: str) -> date | None:
    if not cell:
        return None
    for pattern in DATE_FORMATS:
        try:
            return datetime.strptime(cell[:10] if pattern == "%Y-%m-%d" else cell, pattern).date()
        except ValueError:
            continue
    raise RowRefused(f"answered is no date: {cell[:40]}")


def _from_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        raise Unreadable(f"There is no mapping {path}. Write field=column, or name a JSON file.")
    try:
        pairs = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as problem:
        raise Unreadable(f"The mapping {path} is no valid JSON: {problem}.") from problem
    if not isinstance(pairs, dict) or not all(isinstance(column, str) for column in pairs.values()):
        raise Unreadable(f"The mapping {path} is not of the kind {{field: column}}.")
    return pairs


def _customers() -> dict[str, int]:
    return dict(Customer.objects.filter(merged_into=None).exclude(folded="").values_list("folded", "pk"))


def _counts(rows, name: str) -> dict[int, int]:
    return dict(rows.exclude(**{name: None}).order_by().values_list(name).annotate(n=Count("pk")))
