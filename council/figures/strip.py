"""The six figures above the docket."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Avg, Count, Max, QuerySet

from cases.models import Case
from council import periods
from council.figures import causes, chart, counting
from council.figures.laps import Lap, laps
from surveys.models import Answer, SurveyVerdict

WEEKS = 12


@dataclass(frozen=True)
class AtStake:
    """What open cases put at stake in the home currency, a customer counted once; and how many cases these are."""

    amount: int
    cases: int
    unknown: int


@dataclass(frozen=True)
class Mean:
    """A mean mark over so many answers; None without any."""

    mark: float | None
    of: int


@dataclass(frozen=True)
class Strip:
    """Everything the head and the right column of the council's page show."""

    at_stake: AtStake
    acknowledged: counting.Share
    confirmed: counting.Median
    confirmed_before: counting.Median
    ends: counting.Ends
    recurred: counting.Share
    heard: Mean
    chart: chart.Chart
    weights: list[causes.Weight]
    first_two: int | None


def strip(cases: QuerySet[Case], now: datetime) -> Strip:
    """Return the live figures over the given cases, imported history left out. Four statements."""
    zone = settings.HOME_ZONE
    present = periods.quarter(now, zone)
    before = periods.quarter_before(present, zone)
    weeks = periods.weeks(now, zone, WEEKS)
    rows: list[Lap] = laps(cases, min(before.start, weeks[0].start))
    hits = causes.struck(cases, now)
    bars = causes.weights(hits, now)
    return Strip(
        at_stake=at_stake(cases),
        acknowledged=counting.acknowledged_in_time(rows, present, now),
        confirmed=counting.time_to_confirmed(rows, present, now),
        confirmed_before=counting.time_to_confirmed(rows, before, now),
        ends=counting.ends(rows, present),
        recurred=causes.recurred(hits, now),
        heard=heard(cases, present),
        chart=chart.draw(counting.by_week(rows, weeks), zone),
        weights=bars[: causes.SHOWN],
        first_two=causes.first_two(bars),
    )


def at_stake(cases: QuerySet[Case]) -> AtStake:
    """Return what open cases put at stake. One statement."""
    rows = cases.live().open().order_by().values("customer").annotate(top=Max("home_stake"), count=Count("pk"))
    found = list(rows.values_list("top", "count"))
    return AtStake(sum(top for top, _ in found), sum(n for _, n in found), sum(not top for top, _ in found))


def heard(cases: QuerySet[Case], period: periods.Period) -> Mean:
    """Return the mean of "felt heard and taken seriously" over answers of the period. One statement."""
    rows = Answer.objects.filter(invitation__case__in=cases.live(), heard__isnull=False)
    rows = rows.exclude(verdict=SurveyVerdict.HELD).filter(kept_at__gte=period.start, kept_at__lt=period.end)
    found = rows.aggregate(mark=Avg("heard"), of=Count("pk"))
    return Mean(found["mark"], found["of"])
