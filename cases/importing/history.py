"""Taking rows in as historical cases: no letters, no clocks, no escalations, left out of figures unless asked for.

Repeating an import adds nothing. A bad row is refused with its line and reason, the others go in. Work is done in
short transactions, so that people can go on writing meanwhile.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import DatabaseError, connection, transaction

from accounts.models import User
from cases import opening, plan, timeline, words
from cases.enums import CaseState, Outcome
from cases.folding import name_key
from cases.importing.mapping import Reader, Row, RowRefused, reader
from cases.importing.reading import Line, read
from cases.importing.variants import variants
from cases.models import Case, Category, Contact, Customer, ImportRefusal, ImportRun, Round
from cases.models.rules import CalendarVersion, PolicyVersion

BATCH = 25
REST_S = 0.02
BEFORE = [["before", None] for _ in range(9)]


@dataclass
class Report:
    """What became of a file."""

    run: ImportRun
    refusals: list[tuple[int, str]] = field(default_factory=list)
    variants: list[list[str]] = field(default_factory=list)
    open_rows: int = 0


@dataclass
class Import:
    """One import under way: what is looked up once for all rows."""

    source: str
    actor: User | None
    now: datetime
    policy: PolicyVersion
    calendar: CalendarVersion
    customers: dict[str, Customer]
    categories: dict[str, Category]


def import_file(
    *, path: Path, mapping: str, actor: User | None, now: datetime, progress: Callable[[ImportRun], None]
) -> Report:
    """Import a file; `progress` is called after each batch. Raise `Unreadable` if it cannot be read at all."""
    to_row, lines = reader(mapping), read(path)
    source = mapping if mapping == "cfpb" else "import"
    under_way = Import(
        source=source,
        actor=actor,
        now=now,
        policy=opening.policy_version(),
        calendar=opening.calendar_version(),
        customers={customer.name: customer for customer in Customer.objects.filter(source=source)},
        categories={category.name: category for category in Category.objects.all()},
    )
    run = ImportRun.objects.create(file_name=path.name, mapping=mapping[:40], started_at=now, by=actor)
    report = Report(run)
    for batch in _batches(lines):
        _take_batch(under_way, report, to_row, batch)
        progress(run)
        time.sleep(REST_S if connection.vendor == "sqlite" else 0)
    return _finish(under_way, report, now)


def _batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    rows = iter(lines)
    while batch := list(islice(rows, BATCH)):
        yield batch


def _take_batch(under_way: Import, report: Report, to_row: Reader, batch: list[Line]) -> None:
    read_ones = ((line.number, _readable(report, to_row, line, under_way.now)) for line in batch)
    rows = [(number, row) for number, row in read_ones if row is not None]
    fresh = _unknown(under_way, report, rows)
    report.run.rows += len(batch)
    try:
        with transaction.atomic():
            _add(under_way, fresh)
    except DatabaseError:
        _one_by_one(under_way, report, fresh)
    else:
        _count(report, fresh)
    report.run.save()


def _readable(report: Report, to_row: Reader, line: Line, now: datetime) -> Row | None:
    try:
        if line.surplus:
            raise RowRefused("it has more cells than the header has columns")
        row = to_row(line)
        if row.received_at.date() > now.date():
            raise RowRefused(f"it was received in the future: {row.received_at.date().isoformat()}")
        return row
    except RowRefused as reason:
        _refuse(report, line.number, str(reason))
        return None


def _unknown(under_way: Import, report: Report, rows: list[tuple[int, Row]]) -> list[tuple[int, Row]]:
    references = [row.reference for _, row in rows]
    stored = Case.objects.filter(source=under_way.source, external_ref__in=references)
    known = set(stored.values_list("external_ref", flat=True))
    fresh: dict[str, tuple[int, Row]] = {}
    for number, row in rows:
        if row.reference in known or row.reference in fresh:
            report.run.known += 1
        else:
            fresh[row.reference] = (number, row)
    return list(fresh.values())


def _one_by_one(under_way: Import, report: Report, rows: list[tuple[int, Row]]) -> None:
    """Replay a batch that the database refused, so that only the bad row stays out."""
    under_way.customers = {c.name: c for c in Customer.objects.filter(source=under_way.source)}
    under_way.categories = {category.name: category for category in Category.objects.all()}
    for number, row in rows:
        try:
            with transaction.atomic():
                _add(under_way, [(number, row)])
            _count(report, [(number, row)])
        except DatabaseError as problem:
            _refuse(report, number, f"the database refused it: {problem}".splitlines()[0])


def _add(under_way: Import, rows: list[tuple[int, Row]]) -> None:
    _know_names(under_way, [row for _, row in rows])
    cases = [_case(under_way, row) for _, row in rows]
    Case.objects.bulk_create(cases)
    Round.objects.bulk_create(Round(case=case, number=1, began_at=case.received_at) for case in cases)
    texts = words.write_some(
        words.compose(text=row.complaint, now=under_way.now, case=case, part="complaint")
        for case, (_, row) in zip(cases, rows, strict=True)
    )
    for case, text, (_, row) in zip(cases, texts, rows, strict=True):
        facts = {"source": under_way.source, "stated": bool(row.outcome), "note": row.note}
        happening = timeline.Happening(timeline.Kind.IMPORTED, under_way.now, under_way.actor, None, facts, text)
        timeline.begin(case=case, happenings=[happening])


def _know_names(under_way: Import, rows: list[Row]) -> None:
    for row in rows:
        if row.customer not in under_way.customers:
            customer = Customer(name=row.customer, folded=name_key(row.customer), source=under_way.source)
            customer.save()
            under_way.customers[row.customer] = customer
        if row.category and row.category not in under_way.categories:
            # Not offered when logging: the source's names would bury our own.
            category = Category.objects.create(name=row.category, position=900, retired=True)
            under_way.categories[row.category] = category


def _case(under_way: Import, row: Row) -> Case:
    customer = under_way.customers[row.customer]
    contact = _contact(customer, row)
    return Case(
        customer=customer,
        reporter=contact,
        confirmer=contact,
        title=row.title,
        severity=row.severity,
        category=under_way.categories.get(row.category),
        channel=row.channel,
        state=CaseState.OPEN if row.is_open else CaseState.CLOSED,
        outcome="" if row.is_open else Outcome.CLOSED_ELSEWHERE,
        stated_outcome=row.outcome,
        closed_at=None if row.is_open else row.closed_at,
        historical=True,
        source=under_way.source,
        external_ref=row.reference,
        policy_version=under_way.policy,
        calendar_version=under_way.calendar,
        received_at=row.received_at,
        logged_at=under_way.now,
        next_due_at=plan.NEVER,
        seam=BEFORE,
        logged_by=under_way.actor,
        last_word_at=row.received_at,
        last_word_by="theirs",
    )


def _contact(customer: Customer, row: Row) -> Contact | None:
    if not row.contact and not row.email:
        return None
    known = Contact.objects.filter(customer=customer, name=row.contact or row.email, email=row.email).first()
    return known or Contact.objects.create(customer=customer, name=row.contact or row.email, email=row.email)


def _count(report: Report, rows: list[tuple[int, Row]]) -> None:
    report.run.added += len(rows)
    report.open_rows += sum(row.is_open for _, row in rows)


def _refuse(report: Report, number: int, reason: str) -> None:
    report.run.refused += 1
    report.refusals.append((number, reason))
    ImportRefusal.objects.create(run=report.run, line=number, reason=reason[:300])


def _finish(under_way: Import, report: Report, now: datetime) -> Report:
    report.variants = variants(under_way.customers)
    report.run.finished_at = now
    report.run.save()
    return report
