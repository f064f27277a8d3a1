"""The page of figures: each over a period beside the one before, what came in and went out, and how old it gets."""

from dataclasses import dataclass
from datetime import datetime

from council import periods
from council.figures import catalogue, counting, lines, sheets
from council.figures.about_cases import CLOSED, CONFIRMED, OPEN, RECEIVED, STAGES
from council.figures.asked import Asked
from council.figures.counting import Reading
from council.figures.lines import Line, Spell
from council.figures.medians import Clocks, medians
from council.figures.series import Series, series
from council.periods import Period


@dataclass(frozen=True)
class Section:
    """Some figures under one heading."""

    name: str
    lines: list[Line]


@dataclass(frozen=True)
class Overview:
    """Everything the page of figures shows."""

    sections: list[Section]
    spells: list[Spell]
    flow: list[Line]
    chart: Series
    open: Reading
    counted_at: datetime


PAGE = "figures"
GROUPS = (
    ("In time", catalogue.IN_TIME),
    ("How it ended", catalogue.ENDINGS),
    ("What customers say", catalogue.VOICES),
    ("How we keep to it", catalogue.WORK),
)


def overview(asked: Asked) -> Overview:
    """Return all figures of the page. One statement with a fresh sheet, else nine."""
    read, times, counted_at = numbers(asked)
    cuts = _cuts(asked)
    return Overview(
        sections=[Section(name, [lines.line(asked, read, measure) for measure in group]) for name, group in GROUPS],
        spells=[lines.spell(asked, times, measure) for measure in catalogue.TIMES],
        flow=[lines.line(asked, read, measure) for measure in catalogue.FLOW],
        chart=series(asked, read, cuts),
        open=read[OPEN.slug, asked.period],
        counted_at=counted_at,
    )


def numbers(asked: Asked) -> tuple[dict[counting.Key, Reading], dict[tuple[str, Period], Clocks], datetime]:
    """Return every number of the page, from a sheet or counted now, and when that was."""
    wanted, both = _wanted(asked), _both(asked)
    (read, times), counted_at = sheets.fresh(PAGE, asked, count)
    if len(read) != len(wanted):  # a week has begun since
        (read, times), counted_at = count(asked), asked.now
    stages = [(stage, span) for stage in STAGES for span in both]
    by_key = {(measure.slug, span): one for (measure, span), one in zip(wanted, read, strict=True)}
    return by_key, dict(zip(stages, times, strict=True)), counted_at


def count(asked: Asked) -> tuple[list[Reading], list[Clocks]]:
    """Count everything of the page now, in the order of what is wanted. Eight statements."""
    read, times = counting.read(asked, _wanted(asked)), medians(asked, _both(asked))
    return [read[measure.slug, span] for measure, span in _wanted(asked)], [
        times[stage, span] for stage in STAGES for span in _both(asked)
    ]


def _wanted(asked: Asked) -> list[counting.Wanted]:
    both = _both(asked)
    measures = [measure for _, group in GROUPS for measure in group]
    wanted = counting.pairs([*measures, *catalogue.FLOW], both)
    wanted += counting.pairs([RECEIVED, CONFIRMED, CLOSED], [cut for cut in _cuts(asked) if cut not in both])
    return [*wanted, (OPEN, asked.period)]


def _both(asked: Asked) -> list[Period]:
    return [asked.period, asked.before]


def _cuts(asked: Asked) -> list[Period]:
    return [cut for cut in periods.parts(asked.period, asked.zone) if cut.start <= asked.now]
