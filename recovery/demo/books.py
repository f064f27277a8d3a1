"""What the company's own books say before its customers do: a short list of signals, read in like any other."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cases.importing.reading import Line
from cases.importing.signals import Taken, take_in
from cases.models import Customer

FILE = "books-of-the-week.csv"
LINES = (
    ("late delivery", "LD-2207", 3, 1, "", "Four days after the promised date"),
    ("return", "RMA-0931", 9, 2, "", "Two castings with porosity on the sealing face"),
    ("credit note", "CN-4410", 14, 3, "1840.00", "Wrong unit price on forty housings"),
    ("credit note", "CN-4412", 21, 4, "312.50", "Freight charged twice"),
    ("late delivery", "LD-2211", 28, 5, "", "Carrier missed the evening slot"),
)


def read_in(customers: Sequence[Customer], now: datetime) -> Taken:
    """Take in one week's list, some days old."""
    return take_in(lines=(_line(n, customers, now) for n in range(len(LINES))), name=FILE, actor=None, now=now)


def _line(number: int, customers: Sequence[Customer], now: datetime) -> Line:
    kind, reference, whose, days, amount, text = LINES[number]
    cells = {
        "kind": kind,
        "reference": reference,
        "customer": customers[whose % len(customers)].name,
        "date": (now - timedelta(days=days)).date().isoformat(),
        "amount": amount,
        "text": text,
    }
    return Line(number + 2, cells)
