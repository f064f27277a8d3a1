"""How long it takes, on both clocks: medians over the cases received in a period, unfinished ones as still running."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q

from cases import deadlines, standstill, worktime
from cases.enums import DueKind
from cases.models import Due
from council import survival
from council.figures.about_cases import STAGES, received
from council.figures.asked import Asked
from council.figures.reading import STAGES as STEPS
from council.periods import Period

SECOND = timedelta(seconds=1)
_COLUMNS = [f"{stage}_{part}" for stage in STAGES for part in ("wall", "work", "at", "end", "by")]


@dataclass(frozen=True)
class Median:
    """A median of seconds over `of` cases, `running` of them unfinished; None while not half are finished."""

    seconds: float | None
    of: int
    running: int


@dataclass(frozen=True)
class Clocks:
    """The same median on the customer's clock, which never stops, and on ours, in working time."""

    theirs: Median
    ours: Median


class Span(NamedTuple):
    """One stage of one case: when it began, how long it lasted on both clocks (None while it runs), whether it came."""

    group: int | str | None
    began_at: datetime
    wall: int | None
    work: int | None
    done: bool
    ended: bool


def medians(asked: Asked, spans: Iterable[Period]) -> dict[tuple[str, Period], Clocks]:
    """Return the medians of the three stages over several periods, by stage and period. Three statements."""
    read = stages(asked, list(spans))
    return {
        (stage, span): clocks([row for row in rows if row.began_at in span], asked.now)
        for stage, rows in read.items()
        for span in spans
    }


def stages(asked: Asked, spans: list[Period], group: str = "pk") -> dict[str, list[Span]]:
    """Return the stages of the cases received in some periods, the running ones measured until now."""
    cohort = Q(pk__in=[])
    for span in spans:
        cohort |= received(span, asked.now)
    rows = asked.tallies().filter(cohort).order_by()
    running = _running(asked, rows.filter(_unfinished()))
    found: dict[str, list[Span]] = {stage: [] for stage in STAGES}
    read = rows.values_list("case_id", group, "began_at", *_COLUMNS)
    for case, key, began, *measured in read.iterator(chunk_size=2_000):
        for place, stage in enumerate(STAGES):
            wall, work, at, end, by = measured[5 * place : 5 * place + 5]
            if by is not None:
                if at is None and end is None:
                    wall, work = max(0, (asked.now - began) // SECOND), running.get((case, STEPS[stage]))
                found[stage].append(Span(key, began, wall, work, at is not None, end is not None))
    return found


def _unfinished() -> Q:
    open_one = Q(pk__in=[])
    for stage in STAGES:
        open_one |= Q(**{f"{stage}_at": None, f"{stage}_end": None, f"{stage}_by__isnull": False})
    return open_one


def _running(asked: Asked, rows) -> dict[tuple[int, int], int]:
    """Return the working seconds so far of clocks that still run, pauses left out, by case and step."""
    numbers = [int(number) for number in STEPS.values()]
    mine = {"kind": DueKind.STEP, "ref__in": numbers, "round": 1, "closed_at": None}
    dues = list(Due.objects.filter(case__in=rows.values("case"), **mine))
    stood = standstill.pauses_for(dues)
    return {(due.case_id, due.ref): _so_far(due, stood.get(due.pk, ()), asked.now) for due in dues}


def _so_far(due: Due, pauses, now: datetime) -> int:
    return worktime.between(deadlines.calendar_for(due), due.started_at, max(now, due.started_at), pauses)


def clocks(rows: list[Span], now: datetime) -> Clocks:
    """Return the medians of some stages on both clocks. A clock nobody measured is left out of ours."""
    running = sum(not row.done and not row.ended for row in rows)
    theirs = survival.median((row.wall, row.done) for row in rows if row.wall is not None)
    known = [(row.work, row.done) for row in rows if row.work is not None]
    return Clocks(Median(theirs, len(rows), running), Median(survival.median(known), len(known), running))
