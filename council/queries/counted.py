"""What stands behind a number: the rows it counts, each with what made it count, and the sum."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from council.figures import counting, medians, value
from council.figures.about_cases import STAGES
from council.figures.asked import Asked
from council.figures.counting import Reading
from council.figures.measures import Kind, Measure, Part, Source
from council.figures.medians import Clocks
from council.figures.value import Worth

_ABOUT_CASE = ("case__customer", "case__owner")
_SELECT = {
    Source.CASE: _ABOUT_CASE,
    Source.OPEN: _ABOUT_CASE,
    Source.PROMISE: (*_ABOUT_CASE, "words", "owner"),
    Source.WAIVER: (*_ABOUT_CASE, "reason", "done_by", "proposed_by"),
    Source.CAUSE: ("kind", "owner"),
    Source.CHECK: ("cause", "checker", "criterion"),
    Source.EXPOSURE: ("cause", "customer", "owner"),
    Source.CHANGE: ("cause", "case", "words", "owner"),
    Source.ARRIVAL: ("customer", "decided_by"),
}


@dataclass(frozen=True)
class Stage:
    """One stage of one case: when it came, by when it was due, when the waiting ended, what it took."""

    at: datetime | None
    by: datetime | None
    end: datetime | None
    wall: int | None
    work: int | None


@dataclass(frozen=True)
class Counted:
    """A figure with its parts and its sum; `part` is the one shown, or None for all. `total` is how many are listed."""

    measure: Measure
    reading: Reading
    part: Part | None
    worth: dict[str, Worth]
    clocks: Clocks | None

    @property
    def all(self) -> int:
        """How many rows the measure counts in all its parts."""
        return sum(self.reading.counts.values())

    @property
    def worths(self) -> list[tuple[Part, Worth]]:
        """What each part is worth, for measures of money."""
        return [(part, self.worth[part.slug]) for part in self.measure.parts if part.slug in self.worth]

    @property
    def is_staged(self) -> bool:
        """Tell whether the rows show a stage with its due time."""
        return self.measure.column in STAGES

    @property
    def template(self) -> str:
        """The fragment that lists rows of this source."""
        return f"council/figures/_of_{self.measure.source}.html"

    @property
    def total(self) -> int:
        """How many rows the list has in all."""
        counts = self.reading.counts
        return counts[self.part.slug] if self.part else sum(counts.values())

    @property
    def is_case(self) -> bool:
        """Tell whether the rows are cases in a round."""
        return self.measure.source in (Source.CASE, Source.OPEN)


def rows(asked: Asked, measure: Measure, part: str) -> QuerySet:
    """Return the rows a number counts, with everything the page shows of them."""
    return counting.listed(asked, measure, part).select_related(*_SELECT[measure.source])


def about(asked: Asked, measure: Measure, part: str, shown: Iterable[Any]) -> Counted:
    """Return the figure itself, and dress the rows shown with what made them count."""
    reading = counting.read(asked, [(measure, asked.period)])[measure.slug, asked.period]
    if measure.source in (Source.CASE, Source.OPEN):
        for row in shown:
            row.stage = stage(row, measure.column) if measure.column in STAGES else None
            row.so_far = (asked.now - row.began_at).total_seconds()
            row.mark = getattr(row, measure.column) if measure.kind == Kind.MARK else None
    return Counted(measure, reading, measure.part(part), _worth(asked, measure), _clocks(asked, measure))


def stage(row: Any, name: str) -> Stage:
    """Return one stage of a tally."""
    return Stage(*(getattr(row, f"{name}_{column}") for column in ("at", "by", "end", "wall", "work")))


def _worth(asked: Asked, measure: Measure) -> dict[str, Worth]:
    if measure.kind != Kind.MONEY:
        return {}
    found = value.worths(asked, [asked.period], [measure])
    return {part.slug: found[measure.slug, part.slug, asked.period] for part in measure.parts}


def _clocks(asked: Asked, measure: Measure) -> Clocks | None:
    if measure.kind != Kind.TIME:
        return None
    return medians.medians(asked, [asked.period])[measure.column, asked.period]


def by_person(asked: Asked, measure: Measure, part: str) -> list[tuple[int | None, str, int]]:
    """Return who granted the waivers counted, with how many, most first; waived by rule has nobody. One statement."""
    if measure.source != Source.WAIVER:
        return []
    found = counting.listed(asked, measure, part).order_by().values_list("done_by", "done_by__name")
    rows = found.annotate(n=Count("pk"))
    return sorted(((pk, name or "by rule", n) for pk, name, n in rows), key=lambda row: (-row[2], row[1]))


def of_person(found: QuerySet, measure: Measure, person: str) -> QuerySet:
    """Keep the waivers one person granted (an id, or `none` for those by rule); other rows have no such person."""
    if measure.source != Source.WAIVER or not person:
        return found
    known = person.isascii() and person.isdigit() and len(person) < 19
    return found.filter(done_by=int(person) if known else None)
