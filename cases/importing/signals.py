"""Credit notes, returns and late deliveries out of a CSV or XLSX file.

The columns are `kind`, `reference`, `customer`, `date`, and if wanted `amount`, `currency`, `text`. A bad row is
refused with its line and reason, the others go in, and reading a file again adds nothing (promise R10).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.db import transaction

from accounts.models import User
from cases import money, sweeping, words
from cases.folding import name_key
from cases.importing.reading import Line
from cases.models import Customer, ImportRefusal, ImportRun, Signal
from cases.signals import SOURCE

COLUMNS = ("kind", "reference", "customer", "date")
BATCH = 50
DATE_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y")
MOST_AMOUNT = Decimal(10) ** 12


class RowRefused(Exception):
    """Why one row is not taken in, in words for whoever made the file."""


@dataclass(frozen=True)
class Row:
    """One readable line of the file."""

    kind: Signal.Kind
    reference: str
    customer: Customer
    on: date
    amount: int | None
    currency: str
    text: str


@dataclass
class Taken:
    """What became of a file: how many rows came in, were known, were refused (line, reason)."""

    run: ImportRun
    refused: list[tuple[int, str]] = field(default_factory=list)

    @property
    def added(self) -> int:
        """How many rows came in."""
        return self.run.added

    @property
    def known(self) -> int:
        """How many were known already."""
        return self.run.known


def take_in(*, lines: Iterable[Line], name: str, actor: User | None, now: datetime) -> Taken:
    """Take in the rows of a file, in short transactions; return what became of each."""
    taken = Taken(ImportRun.objects.create(file_name=name[:255], mapping=SOURCE, started_at=now, by=actor))
    batch: list[Line] = []
    customers = _by_name()
    for line in lines:
        batch.append(line)
        if len(batch) == BATCH:
            _take_batch(taken, batch, customers, now)
            batch = []
    _take_batch(taken, batch, customers, now)
    taken.run.finished_at = now
    taken.run.save()
    return taken


def _take_batch(taken: Taken, batch: list[Line], customers: dict[str, Customer | None], now: datetime) -> None:
    rows: dict[tuple[str, str], Row] = {}
    taken.run.rows += len(batch)
    for line in batch:
        try:
            row = _row(line, customers, now)
        except RowRefused as why:
            _refuse(taken, line.number, str(why))
            continue
        if (row.kind, row.reference) in rows:
            taken.run.known += 1
        rows.setdefault((row.kind, row.reference), row)
    with transaction.atomic():
        _add(taken, list(rows.values()), now)
        taken.run.save()
    sweeping.rest()


def _add(taken: Taken, rows: list[Row], now: datetime) -> None:
    known = set(Signal.objects.filter(reference__in=[row.reference for row in rows]).values_list("kind", "reference"))
    fresh = [row for row in rows if (row.kind.value, row.reference) not in known]
    texts = words.write_some(words.compose(text=row.text, now=now) for row in fresh if row.text)
    told = iter(texts)
    Signal.objects.bulk_create(
        Signal(
            kind=row.kind,
            reference=row.reference,
            customer=row.customer,
            on=row.on,
            amount=row.amount,
            currency=row.currency,
            words=next(told) if row.text else None,
            run=taken.run,
        )
        for row in fresh
    )
    taken.run.added += len(fresh)
    taken.run.known += len(rows) - len(fresh)


def _refuse(taken: Taken, number: int, reason: str) -> None:
    taken.run.refused += 1
    taken.refused.append((number, reason))
    ImportRefusal.objects.create(run=taken.run, line=number, reason=reason[:300])


def _row(line: Line, customers: dict[str, Customer | None], now: datetime) -> Row:
    if line.surplus:
        raise RowRefused("it has more cells than the header has columns")
    cells = {name.casefold(): cell.strip() for name, cell in line.cells.items()}
    for name in COLUMNS:
        if not cells.get(name):
            raise RowRefused(f"{name} is empty" if name in cells else f"the column {name} is missing")
    if len(cells["reference"]) > 60:
        raise RowRefused("the reference is longer than 60 characters")
    customer = _customer(cells["customer"], customers)
    amount, currency = _amount(cells, customer)
    return Row(_kind(cells["kind"]), cells["reference"], customer, _on(cells["date"], now), amount, currency,
               cells.get("text", "")[:8000])  # fmt: skip


def _by_name() -> dict[str, Customer | None]:
    """Return customers by folded name; None where several bear it."""
    found: dict[str, Customer | None] = {}
    for customer in Customer.objects.filter(merged_into=None):
        found[customer.folded] = None if customer.folded in found else customer
    return found


def _customer(name: str, customers: dict[str, Customer | None]) -> Customer:
    key = name_key(name)
    if key not in customers:
        raise RowRefused(f"no customer is called {name[:60]}; write the name as on the customer page")
    customer = customers[key]
    if customer is None:
        raise RowRefused(f"more than one customer is called {name[:60]}")
    return customer


def _kind(text: str) -> Signal.Kind:
    asked = text.casefold().replace("_", " ").replace("-", " ")
    for kind in Signal.Kind:
        if asked in (kind.label.casefold(), kind.value.replace("_", " ")):
            return kind
    raise RowRefused(f"kind is none of credit note, return, late delivery: {text[:40]}")


def _on(text: str, now: datetime) -> date:
    for pattern in DATE_FORMATS:
        try:
            day = datetime.strptime(text[:10], pattern).date()
        except ValueError:
            continue
        if day > now.date():
            raise RowRefused(f"the date lies in the future: {day.isoformat()}")
        if day.year < 1970:
            raise RowRefused(f"the date lies before 1970: {day.isoformat()}")
        return day
    raise RowRefused(f"the date is no date: {text[:40]}; write it as 2026-11-30")


def _amount(cells: dict[str, str], customer: Customer) -> tuple[int | None, str]:
    text = cells.get("amount", "").replace("'", "").replace("’", "").replace(" ", "")
    if not text:
        return None, ""
    currency = cells.get("currency", "").upper() or customer.currency or settings.HOME_CURRENCY
    if len(currency) != 3 or not currency.isalpha() or not currency.isascii():
        raise RowRefused(f"the currency is no three letters: {currency[:20]}")
    try:
        amount = Decimal(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text.replace(",", ""))
    except InvalidOperation:
        raise RowRefused(f"the amount is no number: {text[:40]}") from None
    if not amount.is_finite() or abs(amount) > MOST_AMOUNT:
        raise RowRefused(f"the amount is no number: {text[:40]}")
    return money.to_minor(abs(amount), currency), currency
