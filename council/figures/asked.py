"""What a reader asks of the figures: a period beside the one before, and whose cases; and which they may count.

Who sees every case counts every case, but never one about themselves. Everybody else counts the cases that are not
confidential, so that a number says the same to all of them. The view by owner is for leads, of their own team, and
for the council (product: The council).
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Role, User
from cases import access
from cases.enums import Outcome
from cases.models import Case, CaseCause
from council import periods
from council.models.tally import Tally
from council.periods import Period

NAMES = {
    "month": ("this month", "the month before", 1, 0),
    "last_month": ("last month", "the month before", 1, 1),
    "quarter": ("this quarter", "the quarter before", 3, 0),
    "last_quarter": ("last quarter", "the quarter before", 3, 1),
    "year": ("this year", "the year before", 12, 0),
    "last_year": ("last year", "the year before", 12, 1),
}
DAYS = "days"
USUAL = "quarter"
COLUMNS = ("team", "category", "tier", "severity", "owner")
ALL, NOT_CONFIDENTIAL = "all", "open"


@dataclass(frozen=True)
class Asked:
    """One question; without a reader it is asked for a whole audience.

    `filters` holds columns of a tally with the value wanted, and `kind` or `cause` of the causes.
    """

    reader: User | None
    now: datetime
    name: str
    period: Period
    before: Period
    filters: dict[str, Any] = field(default_factory=dict)
    history: bool = False
    audience: str = ""

    def __post_init__(self) -> None:
        """Find out of which audience the reader is, unless it is asked for a whole audience."""
        if not self.audience and self.reader is not None:
            all_seen = self.reader.has_role(*access.SEES_ALL)
            object.__setattr__(self, "audience", ALL if all_seen else NOT_CONFIDENTIAL)

    @property
    def zone(self) -> str:
        """The zone in which days begin."""
        return settings.HOME_ZONE

    @property
    def today(self) -> date:
        """The day it is where the company is."""
        return periods.local_day(self.now, self.zone)

    @property
    def words(self) -> str:
        """The period in words."""
        return NAMES[self.name][0] if self.name in NAMES else "these days"

    @property
    def words_before(self) -> str:
        """The period it is compared with, in words."""
        return NAMES[self.name][1] if self.name in NAMES else "as many days before"

    @property
    def first(self) -> date:
        """The first day of the period."""
        return periods.first_day(self.period, self.zone)

    @property
    def last(self) -> date:
        """The last day of the period."""
        return periods.last_day(self.period, self.zone)

    @property
    def sees_all(self) -> bool:
        """Tell whether confidential cases are counted."""
        return self.audience == ALL

    def earlier(self) -> "Asked":
        """Return the same question about the period before."""
        return self.about(self.before)

    def about(self, period: Period) -> "Asked":
        """Return the same question about another period."""
        before = periods.stretch_before(period, self.zone)
        return replace(self, name=DAYS, period=period, before=before)

    def with_filter(self, **filters: Any) -> "Asked":
        """Return the same question narrowed further."""
        return replace(self, filters={**self.filters, **filters})

    def tallies(self) -> QuerySet[Tally]:
        """Return the tallies that may be counted, narrowed by the filters and not yet by the period."""
        rows = self._counted(Tally.objects.all(), "about", "case")
        return rows if self.history else rows.filter(historical=False)

    def cases(self) -> QuerySet[Case]:
        """Return the cases behind the same tallies."""
        filters = {("customer__tier" if name == "tier" else name): value for name, value in self._columns().items()}
        rows = replace(self, filters=self._causes())._counted(Case.objects.filter(**filters), "about_user", "pk")
        return rows.exclude(outcome=Outcome.MERGED) if self.history else rows.live()

    def _counted(self, rows: QuerySet, about: str, case: str) -> QuerySet:
        rows = rows.filter(**self._columns())
        if self.reader is not None:
            rows = rows.exclude(**{about: self.reader})
        for name, value in self._causes().items():
            key = "cause__kind" if name == "kind" else "cause"
            rows = rows.filter(Exists(CaseCause.objects.filter(**{"case": OuterRef(case), key: value})))
        return rows if self.sees_all else rows.filter(confidential=False)

    def _columns(self) -> dict[str, Any]:
        return {name: value for name, value in self.filters.items() if name in COLUMNS}

    def _causes(self) -> dict[str, Any]:
        return {name: value for name, value in self.filters.items() if name not in COLUMNS}

    def query(self, **more: Any) -> str:
        """Return the question as it stands in an address, with `more` added; `name=None` leaves something out."""
        said: dict[str, Any] = {"period": self.name}
        if self.name == DAYS:
            said |= {"from": self.first.isoformat(), "to": self.last.isoformat()}
        said |= {name: "none" if value is None else value for name, value in self.filters.items()}
        said |= {"history": "with"} if self.history else {}
        said |= more
        return urlencode({name: value for name, value in said.items() if value is not None})

    @property
    def query_of_days(self) -> str:
        """Return the question without its days, for an address that adds others."""
        return self.query(period=DAYS, **{"from": None, "to": None})


def spans(name: str, now: datetime, zone: str) -> tuple[Period, Period]:
    """Return a period by its name, and the one before."""
    _, _, months, back = NAMES[name]
    period = periods.block(periods.local_day(now, zone), months, zone)
    for _ in range(back):
        period = periods.block_before(period, months, zone)
    return period, periods.block_before(period, months, zone)


def of_everybody(audience: str, name: str, now: datetime) -> Asked:
    """Return the question about a period of a name, asked for a whole audience."""
    period, before = spans(name, now, settings.HOME_ZONE)
    return Asked(None, now, name, period, before, audience=audience)


def usual(reader: User, now: datetime) -> Asked:
    """Return what is asked where nobody has chosen: everything, in this quarter."""
    period, before = spans(USUAL, now, settings.HOME_ZONE)
    return Asked(reader, now, USUAL, period, before)


def may_compare_owners(reader: User) -> bool:
    """Tell whether this person sees figures by owner."""
    return reader.on_council or reader.has_role(Role.LEAD)
