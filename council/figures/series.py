"""What came in and went out, week by week or month by month, as a drawing and as the table behind it. Pure layout."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from council import periods
from council.figures.about_cases import CLOSED, CONFIRMED, RECEIVED
from council.figures.asked import Asked
from council.figures.chart import Label, ceiling
from council.figures.counting import Key, Reading
from council.periods import Period

WIDTH, HEIGHT = 460, 190
LEFT, RIGHT, TOP, BOTTOM = 34, 452, 36, 156
RULES = 3
MOST_LABELS = 7


@dataclass(frozen=True)
class Row:
    """One week or month: what was received, confirmed and closed in it."""

    first: date
    last: date
    received: int
    confirmed: int
    closed: int


@dataclass(frozen=True)
class Bar:
    """A bar of the drawing with the row it stands for and the measure it counts."""

    x: int
    y: int
    width: int
    height: int
    measure: str
    row: Row
    count: int


@dataclass(frozen=True)
class Series:
    """The rows, the bars of received (plain) and confirmed (hatched by their outline), ruled lines and names below."""

    rows: list[Row]
    bars: list[Bar]
    rules: list[Label]
    names: list[Label]
    by_month: bool
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT


def series(asked: Asked, read: Mapping[Key, Reading], cuts: list[Period]) -> Series:
    """Lay out the parts of a period from what was counted for each."""
    rows = [_row(asked, read, cut) for cut in cuts]
    top = ceiling(max((max(row.received, row.confirmed) for row in rows), default=0))
    slot = (RIGHT - LEFT) / max(1, len(rows))
    bars = [bar for place, row in enumerate(rows) for bar in _bars(row, LEFT + place * slot, slot, top)]
    rules = [Label(LEFT - 8, _y(top * n // RULES, top), str(top * n // RULES)) for n in range(RULES + 1)]
    by_month = len(cuts) > 1 and (cuts[1].end - cuts[1].start).days > 7
    return Series(rows, bars, rules, _names(rows, slot, by_month), by_month)


def _row(asked: Asked, read: Mapping[Key, Reading], cut: Period) -> Row:
    counts = [read[measure.slug, cut].hits for measure in (RECEIVED, CONFIRMED, CLOSED)]
    return Row(periods.first_day(cut, asked.zone), periods.last_day(cut, asked.zone), *counts)


def _bars(row: Row, left: float, slot: float, top: int) -> list[Bar]:
    width = max(2, int(slot * 0.34))
    both = ((RECEIVED.slug, row.received, slot * 0.14), (CONFIRMED.slug, row.confirmed, slot * 0.52))
    return [
        Bar(round(left + shift), _y(count, top), width, BOTTOM - _y(count, top), slug, row, count)
        for slug, count, shift in both
        if count
    ]


def _names(rows: list[Row], slot: float, by_month: bool) -> list[Label]:
    every = -(-len(rows) // MOST_LABELS)
    form = "%b" if by_month else "%-d %b"
    return [
        Label(round(LEFT + (place + 0.5) * slot), BOTTOM + 24, f"{row.first:{form}}")
        for place, row in enumerate(rows)
        if place % every == 0
    ]


def _y(value: int, top: int) -> int:
    return round(BOTTOM - (BOTTOM - TOP) * value / top)
