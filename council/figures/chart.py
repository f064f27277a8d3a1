"""A line chart as numbers for a drawing: points, ruled lines, months. Pure."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from council.periods import Period

WIDTH, HEIGHT = 460, 190
LEFT, RIGHT, TOP, BOTTOM = 34, 448, 36, 156
RULES = 3


@dataclass(frozen=True)
class Label:
    """A word at a place."""

    x: int
    y: int
    text: str


@dataclass(frozen=True)
class Chart:
    """Two lines over weeks, as strings of points, and the table that says the same."""

    opened: str
    confirmed: str
    rules: list[Label]
    months: list[Label]
    weeks: list[tuple[Period, int, int]]
    width: int = WIDTH
    height: int = HEIGHT


def draw(weeks: list[tuple[Period, int, int]], zone: str) -> Chart:
    """Lay out opened and confirmed by week in a box of WIDTH × HEIGHT."""
    top = ceiling(max((max(row[1:]) for row in weeks), default=0))
    opened = [(_x(place, len(weeks)), _y(row[1], top)) for place, row in enumerate(weeks)]
    confirmed = [(_x(place, len(weeks)), _y(row[2], top)) for place, row in enumerate(weeks)]
    rules = [Label(LEFT - 8, _y(top * n // RULES, top), str(top * n // RULES)) for n in range(RULES + 1)]
    return Chart(_points(opened), _points(confirmed), rules, _months(weeks, zone), weeks)


def ceiling(most: int) -> int:
    """Return the next number that divides into three even rules."""
    step = 1
    while step * RULES < most:
        step = step * 2 if str(step)[0] in "15" else step * 5 // 2
    return step * RULES


def _x(place: int, count: int) -> int:
    return LEFT + (RIGHT - LEFT) * place // max(1, count - 1)


def _y(value: int, top: int) -> int:
    return round(BOTTOM - (BOTTOM - TOP) * value / top)


def _points(places: list[tuple[int, int]]) -> str:
    return " ".join(f"{x},{y}" for x, y in places)


def _months(weeks: list[tuple[Period, int, int]], zone: str) -> list[Label]:
    """Name each month at its first week; the first is left out where the next one stands too close."""
    named, labels = "", []
    for place, (week, _, _) in enumerate(weeks):
        month = f"{week.start.astimezone(ZoneInfo(zone)):%b}"
        if month != named:
            labels.append(Label(_x(place, len(weeks)), BOTTOM + 26, month))
            named = month
    too_close = len(labels) > 1 and labels[1].x - labels[0].x < 40
    return labels[1:] if too_close else labels
