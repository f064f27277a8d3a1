"""Value saved, lost and still at stake: low, likely and high, a customer counted once (product: At stake, Figures).

Money is minor units of the home currency at the rates of the day each case opened.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, DateField, Exists, ExpressionWrapper, Max, OuterRef, Q

from cases.enums import CaseState
from cases.models import Customer, CustomerMark, Rate
from council import periods
from council.figures import counting
from council.figures.asked import Asked
from council.figures.counting import Reading, Wanted
from council.figures.measures import Kind, Measure, Part, within
from council.periods import Period

YEAR = timedelta(days=365)
ENDS = ("low", "likely", "high")
RENEWALS_AHEAD = timedelta(days=365)
RENEWAL_NEAR = timedelta(days=90)


@dataclass(frozen=True)
class Worth:
    """What some cases are worth: a range, how many cases and customers, how many of these are not known, the reach."""

    low: int = 0
    likely: int = 0
    high: int = 0
    cases: int = 0
    customers: int = 0
    unknown: int = 0
    reach: int = 0


def _all(period: Period, now: datetime) -> Q:
    return Q(pk__isnull=False)


def _open(period: Period, now: datetime) -> Q:
    return Q(is_last=True, state=CaseState.OPEN)


def _recovered(period: Period, now: datetime) -> Q:
    return within("right_at", period) & Q(year_on__isnull=False)


def _year_over(period: Period, now: datetime) -> Q:
    zone = settings.HOME_ZONE
    last = min(periods.last_day(period, zone), periods.local_day(now, zone))
    return Q(year_on__gte=periods.first_day(period, zone), year_on__lte=last)


def _left_within_the_year() -> Exists:
    since = ExpressionWrapper(OuterRef("year_on") - timedelta(days=366), output_field=DateField())
    gone = CustomerMark.objects.filter(customer=OuterRef("customer"), kind=CustomerMark.Kind.LOST)
    return Exists(gone.filter(on__lte=OuterRef("year_on"), on__gte=since))


def _lost(period: Period, now: datetime) -> Q:
    zone = settings.HOME_ZONE
    gone = CustomerMark.objects.filter(customer=OuterRef("customer"), kind=CustomerMark.Kind.LOST)
    days = {"on__gte": periods.first_day(period, zone), "on__lte": periods.last_day(period, zone)}
    recent = Q(is_last=True, began_at__gte=period.start - YEAR, began_at__lt=period.end)
    return recent & Q(Exists(gone.filter(**days)))


SUM = "lifetime profit + cost to win a replacement, on the day the case opened; each customer once"
AT_STAKE = Measure(
    slug="at-stake",
    name="At stake now",
    words="What open cases put at stake at this moment. The period does not matter here.",
    sum=SUM,
    over=_open,
    parts=(Part("all", "open", _all, "soon"),),
    kind=Kind.MONEY,
    is_now=True,
)
RECOVERED = Measure(
    slug="recovered",
    name="Recovered",
    words="Cases whose customer confirmed in this time that it is put right, and that have stayed so. It counts as "
    "saved a year later, if they still buy.",
    sum=SUM,
    over=_recovered,
    parts=(Part("all", "recovered", _all, "done"),),
    kind=Kind.MONEY,
)
SAVED = Measure(
    slug="saved",
    name="Saved",
    words="Recovered cases whose year after the customer’s yes ended in this time. Still buying means: nobody noted "
    "that they left. So this figure is as good as the marks on the customers’ pages.",
    sum=SUM,
    over=_year_over,
    parts=(
        Part("saved", "still buying a year later", lambda period, now: ~Q(_left_within_the_year()), "done"),
        Part("left", "left within the year", lambda period, now: Q(_left_within_the_year()), "late"),
    ),
    kind=Kind.MONEY,
)
LOST = Measure(
    slug="lost",
    name="Lost",
    words="Customers noted as lost in this time, by a case that ended so or on their own page, who had a case in it or "
    "in the twelve months before. Not every one of them left because of it.",
    sum=SUM,
    over=_lost,
    parts=(Part("all", "lost", _all, "late"),),
    kind=Kind.MONEY,
    low_is_good=True,
)
MEASURES = (AT_STAKE, RECOVERED, SAVED, LOST)
Key = tuple[str, str, Period]


def worths(asked: Asked, spans: Sequence[Period], measures: Iterable[Measure] = MEASURES) -> dict[Key, Worth]:
    """Return what each part of the measures is worth, by slug, part and period. One statement."""
    return worths_and_counts(asked, counting.pairs(measures, spans), [])[0]


def worths_and_counts(
    asked: Asked, money: list[Wanted], others: list[Wanted]
) -> tuple[dict[Key, Worth], dict[counting.Key, Reading]]:
    """Return what some measures are worth and what others count, read together in one statement.

    `others` are counted from tallies. A row a customer comes back: some thousands at the most.
    """
    parts = [(measure, part.slug, span) for measure, span in money for part in measure.parts]
    columns = {**_columns(asked, parts), **counting.columns_of(asked, others)}
    earliest = min(span.start for _, span in [*money, *others]) - YEAR - RENEWAL_NEAR
    near = counting.touched_since(earliest) | _open(asked.period, asked.now)
    found = list(asked.tallies().filter(near).order_by().values("customer", "customer__reach").annotate(**columns))
    whole = {name: sum(row[name] or 0 for row in found) for name in counting.columns_of(asked, others)}
    worth = {(measure.slug, part, span): _worth(found, place) for place, (measure, part, span) in enumerate(parts)}
    counted = zip(others, counting.readings(others, whole), strict=True)
    return worth, {(measure.slug, span): reading for (measure, span), reading in counted}


def _columns(asked: Asked, parts: list[tuple[Measure, str, Period]]) -> dict[str, Count | Max]:
    columns: dict[str, Count | Max] = {}
    for place, (measure, part, span) in enumerate(parts):
        where = measure.where(span, asked.now, part)
        columns[f"w{place}"] = Count("pk", filter=where)
        columns |= {f"{end}{place}": Max(column, filter=where) for end, column in zip(ENDS, _COLUMNS, strict=True)}
    return columns


_COLUMNS = ("stake_low", "stake", "stake_high")


def _worth(rows: list[dict], place: int) -> Worth:
    mine = [row for row in rows if row[f"w{place}"]]
    low, likely, high = (sum(row[f"{end}{place}"] for row in mine) for end in ENDS)
    return Worth(
        low=low,
        likely=likely,
        high=high,
        cases=sum(row[f"w{place}"] for row in mine),
        customers=len(mine),
        unknown=sum(not row[f"likely{place}"] for row in mine),
        reach=sum(row["customer__reach"] for row in mine),
    )


@dataclass(frozen=True)
class Row:
    """One part of a measure of money, now and before (None where it is counted at this moment)."""

    measure: Measure
    part: Part
    now: Worth
    before: Worth | None


def rows(asked: Asked, worths: dict[Key, Worth]) -> list[Row]:
    """Return a row for each part of each measure of money."""
    found = []
    for measure in MEASURES:
        for part in measure.parts:
            before = None if measure.is_now else worths[measure.slug, part.slug, asked.before]
            found.append(Row(measure, part, worths[measure.slug, part.slug, asked.period], before))
    return found


@dataclass(frozen=True)
class Renewal:
    """A customer whose contract ends soon, with what is open."""

    customer: Customer
    days: int
    cases: int
    stake: int

    @property
    def is_near(self) -> bool:
        """Tell whether the renewal lies within 90 days."""
        return self.days <= RENEWAL_NEAR.days


def renewals(asked: Asked, *, limit: int = 50) -> list[Renewal]:
    """Return customers with an open case whose renewal comes within a year, soonest first. One statement."""
    found = asked.tallies().filter(_open(asked.period, asked.now)).order_by()
    counted = found.values("customer").annotate(n=Count("pk"), top=Max("stake"))
    by_customer = {row["customer"]: row for row in counted}
    ahead = {"renewal_on__gte": asked.today, "renewal_on__lte": asked.today + RENEWALS_AHEAD}
    rows = Customer.objects.filter(pk__in=by_customer, **ahead).order_by("renewal_on", "folded")[:limit]
    return [
        Renewal(row, (row.renewal_on - asked.today).days, by_customer[row.pk]["n"], by_customer[row.pk]["top"])
        for row in rows
    ]


def rates(asked: Asked) -> list[Rate]:
    """Return the latest rate of each currency that holds today. One statement."""
    latest: dict[str, Rate] = {}
    for rate in Rate.objects.filter(on__lte=asked.today).order_by("currency", "on"):
        latest[rate.currency] = rate
    return list(latest.values())
