"""The same figures side by side: by team, category, tier, severity or owner."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from council.figures import catalogue, counting
from council.figures.about_cases import ENDINGS, RECEIVED, REOPENED
from council.figures.asked import COLUMNS, Asked
from council.figures.counting import Reading
from council.figures.measures import Measure
from council.figures.medians import Clocks, clocks, stages

SHOWN: tuple[Measure, ...] = (
    RECEIVED, catalogue.IN_TIME[0], catalogue.IN_TIME[2], ENDINGS, REOPENED, catalogue.HEARD,
)  # fmt: skip
NAMES = {"team": "Team", "category": "Category", "tier": "Tier", "severity": "Severity", "owner": "Owner"}


@dataclass(frozen=True)
class Group:
    """One row: a value of the column with its name, its figures and how long until it is put right."""

    name: str
    value: Any
    asked: Asked
    readings: list[Reading]
    right: Clocks


def beside(asked: Asked, by: str, names: Mapping[Any, str]) -> list[Group]:
    """Return a row for each value of a column that has anything to count, by name. Four statements.

    Raise KeyError for a column figures are not compared by.
    """
    if by not in COLUMNS:
        raise KeyError(by)
    wanted = [(measure, asked.period) for measure in SHOWN]
    rows = asked.tallies().order_by().values(by).annotate(**counting.columns_of(asked, wanted))
    read = {row[by]: counting.readings(wanted, row) for row in rows}
    spells = defaultdict(list)
    for span in stages(asked, [asked.period], by)["right"]:
        spells[span.group].append(span)
    groups = [
        Group(names.get(value, "none"), value, asked.with_filter(**{by: value}), some, clocks(spells[value], asked.now))
        for value, some in read.items()
        if any(reading.of for reading in some)
    ]
    return sorted(groups, key=lambda group: (group.value is None, group.name))
