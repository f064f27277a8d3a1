"""What a measure is: the rows it counts, the parts they fall into, and the sum made of these.

One predicate each, used by the figure, by the list behind it and by the recount: so a number opens exactly the rows
it counts.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db.models import Q

from council.periods import Period

Where = Callable[[Period, datetime], Q]


class Kind(StrEnum):
    """What kind of number a measure yields."""

    SHARE = "share"
    BALANCE = "balance"
    MARK = "mark"
    PORTION = "portion"
    TIME = "time"
    COUNT = "count"
    MONEY = "money"


class Source(StrEnum):
    """Of which rows a measure is made."""

    CASE = "case"
    OPEN = "open"
    PROMISE = "promise"
    WAIVER = "waiver"
    CAUSE = "cause"
    CHECK = "check"
    EXPOSURE = "exposure"
    CHANGE = "change"
    ARRIVAL = "arrival"


@dataclass(frozen=True)
class Part:
    """Some of the rows of a measure. `state` colours it: good, late, soon, done, silent or nothing."""

    slug: str
    name: str
    where: Where
    state: str = ""


@dataclass(frozen=True)
class Measure:
    """One figure. `over` finds its rows; `hits` of the parts named in `of` make the share (all parts, if none named).

    A portion is the sum of `column` over the sum of `per`, and counts its rows beside.

    `words` say what is counted, `sum` how; `goal` is the least (or, with `low_is_good`, the most) that is wanted.
    """

    slug: str
    name: str
    words: str
    sum: str
    over: Where
    parts: tuple[Part, ...]
    kind: Kind = Kind.SHARE
    source: Source = Source.CASE
    hits: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    column: str = ""
    per: str = ""
    goal: int | None = None
    low_is_good: bool = False
    unit: str = "case"
    is_now: bool = field(default=False)

    def part(self, slug: str) -> Part | None:
        """Return a part by its name in the address."""
        return next((part for part in self.parts if part.slug == slug), None)

    def where(self, period: Period, now: datetime, part: str = "") -> Q:
        """Return the condition for the rows of this measure, or of one part of it. Raise KeyError for no part of it."""
        over = self.over(period, now)
        if not part:
            return over & self._any(period, now)
        found = self.part(part)
        if found is None:
            raise KeyError(part)
        return over & found.where(period, now)

    def _any(self, period: Period, now: datetime) -> Q:
        """Return the condition for any part that counts, so that the whole is the sum of its parts."""
        whole = Q(pk__in=[])
        for part in self.parts:
            whole |= part.where(period, now)
        return whole


def within(column: str, period: Period) -> Q:
    """Return the condition that a moment lies in a period."""
    return Q(**{f"{column}__gte": period.start, f"{column}__lt": period.end})
