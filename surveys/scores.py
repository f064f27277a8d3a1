"""The arithmetic of survey figures: shares, means and NPS, each with its number of answers and an interval.

Pure: counts in, numbers out. All intervals are at 95 percent; without an answer there is no figure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054  # the normal distribution leaves 2.5 percent on each side of it
TOP_TWO = (4, 5)
PROMOTERS = range(9, 11)
DETRACTORS = range(0, 7)
Counts = Mapping[int, int]


@dataclass(frozen=True)
class Figure:
    """A figure over `n` answers, and between which values it lies with 95 percent certainty."""

    value: float
    low: float
    high: float
    n: int


def share(hits: int, n: int) -> Figure | None:
    """Return `hits` of `n` in percent, with Wilson's interval; None without any.

    Wilson's stays within 0 and 100 and is right for few answers too (E. B. Wilson, 1927).
    """
    if not n:
        return None
    part, spread = hits / n, Z * Z / n
    middle = (part + spread / 2) / (1 + spread)
    reach = Z * sqrt(part * (1 - part) / n + spread / (4 * n)) / (1 + spread)
    low, high = max(0.0, middle - reach), min(1.0, middle + reach)
    return Figure(100 * part, 0.0 if not hits else 100 * low, 100.0 if hits == n else 100 * high, n)


def mean(counts: Counts, lowest: int, highest: int) -> Figure | None:
    """Return the mean of marks counted by mark, with the interval of its standard error, kept on the scale.

    Of one answer alone nothing is known of the spread: its interval is the whole scale.
    """
    n = sum(counts.values())
    if not n:
        return None
    value = sum(mark * count for mark, count in counts.items()) / n
    if n == 1:
        return Figure(value, float(lowest), float(highest), n)
    squares = sum(count * (mark - value) ** 2 for mark, count in counts.items())
    reach = Z * sqrt(squares / (n - 1) / n)
    return Figure(value, max(float(lowest), value - reach), min(float(highest), value + reach), n)


def top_two(counts: Counts) -> Figure | None:
    """Return the share of 4 and 5 in percent (CSAT)."""
    return share(sum(counts.get(mark, 0) for mark in TOP_TWO), sum(counts.values()))


def nps(counts: Counts) -> Figure | None:
    """Return percent of 9–10 minus percent of 0–6, from −100 to 100, with an interval.

    The interval is that of a mean of +1, 0 and −1, adjusted by Laplace's three answers, one of each kind, so that few
    answers of one kind do not look certain (Agresti and Min, 2005).
    """
    n = sum(counts.values())
    if not n:
        return None
    promoters = sum(counts.get(mark, 0) for mark in PROMOTERS)
    detractors = sum(counts.get(mark, 0) for mark in DETRACTORS)
    more, less, all_of = promoters + 1, detractors + 1, n + 3
    middle = (more - less) / all_of
    reach = Z * sqrt(((more + less) / all_of - middle * middle) / all_of)
    value = 100 * (promoters - detractors) / n
    low, high = max(-100.0, 100 * (middle - reach)), min(100.0, 100 * (middle + reach))
    return Figure(value, min(low, value), max(high, value), n)
