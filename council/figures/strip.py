"""The six figures above the docket, the chart and the causes beside it: the same measures as on their own pages."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from accounts.models import User
from council import periods, survival
from council.figures import catalogue, chart, counting, pareto, sheets, value
from council.figures.about_cases import CONFIRMED, ENDINGS, RECEIVED, REOPENED, received
from council.figures.asked import Asked, usual
from council.figures.counting import Reading
from council.figures.medians import SECOND, Median
from council.figures.value import AT_STAKE, Worth

PAGE = "strip"
WEEKS = 12
RECENT_DAYS = 90


@dataclass(frozen=True)
class Strip:
    """Everything the head and the right column of the council's page show."""

    asked: Asked
    at_stake: Worth
    acknowledged: Reading
    confirmed: Median
    confirmed_before: Median
    ends: Reading
    reopened: Reading
    recurred: Reading
    heard: Reading
    chart: chart.Chart
    causes_asked: list[tuple[pareto.Bar, Asked]]
    first_two: int | None

    @property
    def silent_percent(self) -> int | None:
        """How many percent of what ended was a silence accepted."""
        return round(100 * self.ends.counts["silent"] / self.ends.of) if self.ends.of else None


def strip(reader: User, now: datetime) -> Strip:
    """Return the figures of this quarter as far as the reader may count them.

    One statement with a fresh sheet, else five.
    """
    asked, lately, weeks = usual(reader, now), recent(usual(reader, now)), _weeks(now)
    (worth, readings, (now_median, before), bars), _ = sheets.fresh(PAGE, asked, count)
    read = {(one.measure.slug, span): one for (_, span), one in zip(_wanted(asked), readings, strict=False)}
    acknowledged = catalogue.IN_TIME[0]
    return Strip(
        asked=asked,
        at_stake=worth,
        acknowledged=read[acknowledged.slug, asked.period],
        confirmed=now_median,
        confirmed_before=before,
        ends=read[ENDINGS.slug, asked.period],
        reopened=read[REOPENED.slug, asked.period],
        recurred=readings[-1],
        heard=read[catalogue.HEARD.slug, asked.period],
        chart=chart.draw([_week(read, week) for week in weeks], asked.zone),
        causes_asked=[(bar, lately.with_filter(**dict([bar.filter]))) for bar in bars[: pareto.SHOWN]],
        first_two=bars[1].so_far if len(bars) > 2 else None,
    )


def count(asked: Asked) -> tuple[Worth, list[Reading], tuple[Median, Median], list[pareto.Bar]]:
    """Count everything of the strip now; the last reading is that of recurrence. Four statements."""
    wanted, recurred = _wanted(asked), catalogue.RECURRENCE[0]
    worth, read = value.worths_and_counts(asked, [(AT_STAKE, asked.period)], wanted)
    readings = [read[measure.slug, span] for measure, span in wanted]
    readings.append(counting.read(asked, [(recurred, asked.period)])[recurred.slug, asked.period])
    return worth[AT_STAKE.slug, "all", asked.period], readings, until_right(asked), pareto.bars(recent(asked))


def _wanted(asked: Asked) -> list[counting.Wanted]:
    measures = (catalogue.IN_TIME[0], ENDINGS, REOPENED, catalogue.HEARD)
    return counting.pairs(measures, [asked.period]) + counting.pairs((RECEIVED, CONFIRMED), _weeks(asked.now))


def _weeks(now: datetime) -> list[periods.Period]:
    return periods.weeks(now, settings.HOME_ZONE, WEEKS)


def recent(asked: Asked) -> Asked:
    """Return the same question about the last 90 days."""
    first = periods.local_day(asked.now - (RECENT_DAYS - 1) * periods.WEEK / 7, asked.zone)
    return asked.about(periods.stretch(first, asked.today, asked.zone))


def until_right(asked: Asked) -> tuple[Median, Median]:
    """Return the median time on their clock until they confirmed, now and before. One statement."""
    cohort = received(asked.period, asked.now) | received(asked.before, asked.now)
    rows = asked.tallies().filter(cohort, right_by__isnull=False).order_by()
    found = list(rows.values_list("began_at", "right_wall", "right_at", "right_end"))
    return _median(asked, found, asked.period), _median(asked, found, asked.before)


def _median(asked: Asked, rows: list[tuple], period: periods.Period) -> Median:
    mine = [row for row in rows if row[0] in period]
    running = sum(at is None and end is None for _, _, at, end in mine)
    spans = [
        ((asked.now - began) // SECOND if at is None and end is None else wall, at is not None)
        for began, wall, at, end in mine
    ]
    return Median(survival.median(spans), len(mine), running)


def _week(read: dict, week: periods.Period) -> tuple[periods.Period, int, int]:
    return week, read[RECEIVED.slug, week].hits, read[CONFIRMED.slug, week].hits
