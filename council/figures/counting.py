"""Counting measures: all of one source in one statement, with the same conditions as the lists behind them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Count, Q, QuerySet, Sum

from council.figures import sources
from council.figures.asked import Asked
from council.figures.measures import Kind, Measure, Source
from council.periods import Period

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Reading:
    """One measure over one period. `value` is in percent, points, marks or rows; None where nothing can be said.

    `marks` is the sum of the measure's column, `base` that of what it is a portion of.
    """

    measure: Measure
    counts: Counts
    marks: int = 0
    base: int = 0

    @property
    def of(self) -> int:
        """How many rows the number rests on."""
        return sum(self.counts[name] for name in self.measure.of or self.counts)

    @property
    def hits(self) -> int:
        """How many of them count for it."""
        return sum(self.counts[name] for name in self.measure.hits or self.counts)

    @property
    def exact(self) -> float | None:
        """The number before rounding."""
        if self.measure.kind == Kind.COUNT:
            return self.hits
        if self.measure.kind == Kind.MARK:
            return self.marks / self.of if self.of else None
        if self.measure.kind == Kind.PORTION:
            return 100 * self.marks / self.base if self.base else None
        if not self.of:
            return None
        lost = sum(self.counts[name] for name in self.measure.against)
        return 100 * (self.hits - lost) / self.of

    @property
    def value(self) -> int | float | None:
        """The number as it is shown: whole percent and points, marks and portions to a tenth."""
        if self.exact is None:
            return None
        return round(self.exact, 1) if self.measure.kind in (Kind.MARK, Kind.PORTION) else round(self.exact)

    @property
    def parts(self) -> list[tuple]:
        """The parts with how many rows each has."""
        return [(part, self.counts[part.slug]) for part in self.measure.parts]

    @property
    def is_good(self) -> bool | None:
        """Tell whether the goal is met; None without a goal or a number."""
        if self.measure.goal is None or self.value is None:
            return None
        return self.value <= self.measure.goal if self.measure.low_is_good else self.value >= self.measure.goal


Key = tuple[str, Period]
Wanted = tuple[Measure, Period]


def pairs(measures: Iterable[Measure], spans: Iterable[Period]) -> list[Wanted]:
    """Return each measure with each period."""
    spans = list(spans)
    return [(measure, span) for measure in measures for span in spans]


def read(asked: Asked, given: Iterable[Wanted]) -> dict[Key, Reading]:
    """Return measures over their periods, by the measure's slug and the period. One statement for each source."""
    by_source: dict[Source, list[Wanted]] = defaultdict(list)
    for measure, span in given:
        by_source[measure.source].append((measure, span))
    found: dict[Key, Reading] = {}
    for source, wanted in by_source.items():
        rows = sources.rows(asked, source)
        if source == Source.CASE and all(measure.kind != Kind.MONEY for measure, _ in wanted):
            rows = rows.filter(touched_since(min(span.start for _, span in wanted)))
        answers = _aggregate(rows, asked, wanted)
        found |= {(measure.slug, span): answer for (measure, span), answer in zip(wanted, answers, strict=True)}
    return found


def touched_since(start: datetime) -> Q:
    """Find the tallies that a measure of a period since then could count, by their indexes; others are not read.

    Not for measures of money: these look at what is open, and at what happened a year ago.
    """
    moments = ("began_at", "resolved_at", "closed_at", "asked_at", "answered_at", "trusted_at")
    return reduce(or_, (Q(**{f"{moment}__gte": start}) for moment in moments))


def _aggregate(rows: QuerySet, asked: Asked, wanted: list[Wanted]) -> list[Reading]:
    columns = columns_of(asked, wanted)
    answer = rows.order_by().aggregate(**columns)
    return readings(wanted, answer)


def columns_of(asked: Asked, wanted: list[Wanted]) -> dict[str, Count | Sum]:
    """Return what to aggregate for some measures, by names that `readings` knows."""
    columns: dict[str, Count | Sum] = {}
    for place, (measure, span) in enumerate(wanted):
        for number, part in enumerate(measure.parts):
            columns[f"n{place}_{number}"] = Count("pk", filter=measure.where(span, asked.now, part.slug))
        if measure.kind in (Kind.MARK, Kind.PORTION):
            columns[f"m{place}"] = Sum(measure.column, filter=measure.over(span, asked.now))
        if measure.kind == Kind.PORTION:
            columns[f"b{place}"] = Sum(measure.per, filter=measure.over(span, asked.now))
    return columns


def readings(wanted: list[Wanted], answer: Mapping) -> list[Reading]:
    """Return the measures from an answer to `columns_of`."""
    return [
        Reading(
            measure,
            {part.slug: answer[f"n{place}_{number}"] for number, part in enumerate(measure.parts)},
            answer.get(f"m{place}") or 0,
            answer.get(f"b{place}") or 0,
        )
        for place, (measure, _) in enumerate(wanted)
    ]


def listed(asked: Asked, measure: Measure, part: str = "") -> QuerySet:
    """Return exactly the rows a measure counts, or those of one part. Raise KeyError for no part of it."""
    return sources.rows(asked, measure.source).filter(measure.where(asked.period, asked.now, part))
