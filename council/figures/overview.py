"""The page of figures: each over a period beside the one before, what came in and went out, and how old it gets."""

from dataclasses import dataclass

from council import periods
from council.figures import catalogue, counting, lines
from council.figures.about_cases import CLOSED, CONFIRMED, OPEN, RECEIVED
from council.figures.asked import Asked
from council.figures.counting import Reading
from council.figures.lines import Line, Spell
from council.figures.medians import medians
from council.figures.series import Series, series


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


GROUPS = (
    ("In time", catalogue.IN_TIME),
    ("How it ended", catalogue.ENDINGS),
    ("What customers say", catalogue.VOICES),
    ("How we keep to it", catalogue.WORK),
)


def overview(asked: Asked) -> Overview:
    """Return all figures of the page. Seven statements."""
    both = [asked.period, asked.before]
    cuts = [cut for cut in periods.parts(asked.period, asked.zone) if cut.start <= asked.now]
    measures = [measure for _, group in GROUPS for measure in group]
    wanted = counting.pairs([*measures, *catalogue.FLOW], both)
    wanted += counting.pairs([RECEIVED, CONFIRMED, CLOSED], [cut for cut in cuts if cut not in both])
    read = counting.read(asked, [*wanted, (OPEN, asked.period)])
    times = medians(asked, both)
    return Overview(
        sections=[Section(name, [lines.line(asked, read, measure) for measure in group]) for name, group in GROUPS],
        spells=[lines.spell(asked, times, measure) for measure in catalogue.TIMES],
        flow=[lines.line(asked, read, measure) for measure in catalogue.FLOW],
        chart=series(asked, read, cuts),
        open=read[OPEN.slug, asked.period],
    )
