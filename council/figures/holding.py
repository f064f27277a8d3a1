"""Do the repaired hold? Recovered customers beside those without a case and those whose silence was accepted.

Counted by customer, over everything up to the end of the period: would they recommend us (0 to 10), and did they
renew or leave. What is not known is said, and so is what follows and what does not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import sqrt

from django.db.models import Count, Max, Q

from cases.models import Customer, CustomerMark
from council import periods
from council.figures.asked import Asked

Z = 1.959964  # 95 percent of a normal distribution lie within so many standard deviations
FEW = 30


class Fate(StrEnum):
    """What a customer went through, the worst first."""

    RECOVERED = "recovered"
    SILENT = "silent"
    OTHERWISE = "otherwise"
    WITHOUT = "without"


NAMES = {
    Fate.RECOVERED: "Recovered, by their own word",
    Fate.SILENT: "Silence accepted",
    Fate.OTHERWISE: "With a case open or ended otherwise",
    Fate.WITHOUT: "Without a case",
}


@dataclass(frozen=True)
class Interval:
    """A number with the range it lies in at 95 percent, and over how many; None without any."""

    value: float | None
    low: float | None
    high: float | None
    n: int

    def apart_from(self, other: "Interval") -> bool:
        """Tell whether the two ranges do not touch."""
        if None in (self.low, self.high, other.low, other.high):
            return False
        return self.low > other.high or other.low > self.high


@dataclass(frozen=True)
class Group:
    """Customers of one fate: how many, what they would say, how many renewed, and of how many each is known."""

    fate: Fate
    customers: int
    before: Interval
    score: Interval
    renewed: Interval

    @property
    def name(self) -> str:
        """The fate in words."""
        return NAMES[self.fate]

    @property
    def unknown_score(self) -> int:
        """Of how many no mark is known."""
        return self.customers - self.score.n

    @property
    def unknown_renewal(self) -> int:
        """Of how many neither a renewal nor a departure is known."""
        return self.customers - self.renewed.n


@dataclass(frozen=True)
class Known:
    """What is known of one customer: the last mark before and since, and whether the last contract was renewed."""

    before: int | None = None
    score: int | None = None
    renewed: bool | None = None


def share(hits: int, n: int) -> Interval:
    """Return a share in percent with Wilson's interval."""
    if not n:
        return Interval(None, None, None, 0)
    p, z2 = hits / n, Z * Z
    middle, spread = p + z2 / (2 * n), Z * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    low, high = ((middle + sign * spread) / (1 + z2 / n) for sign in (-1, 1))
    return Interval(100 * p, max(0.0, 100 * low), min(100.0, 100 * high), n)


def mean(marks: Iterable[int]) -> Interval:
    """Return a mean with its normal interval; a single mark has none."""
    given = list(marks)
    if not given:
        return Interval(None, None, None, 0)
    middle = sum(given) / len(given)
    if len(given) == 1:
        return Interval(middle, None, None, 1)
    variance = sum((mark - middle) ** 2 for mark in given) / (len(given) - 1)
    spread = Z * sqrt(variance / len(given))
    return Interval(middle, max(0.0, middle - spread), min(10.0, middle + spread), len(given))


def groups(asked: Asked) -> list[Group]:
    """Return the four groups. Three statements."""
    fates, known = read(asked)
    return [_group(fate, [known.get(pk, Known()) for pk, one in fates.items() if one == fate]) for fate in Fate]


def read(asked: Asked) -> tuple[dict[int, Fate], dict[int, Known]]:
    """Return the fate of every customer, and what is known of them."""
    since, fates, marked = {}, {}, {}
    for row in _cases(asked):
        fates[row["customer"]] = _fate(row)
        since[row["customer"]] = row["yes_at"] or row["silent_at"]
        if row["mark"] is not None:
            marked[row["customer"]] = row["mark"]
    for pk in _customers(asked):
        fates.setdefault(pk, Fate.WITHOUT)
    days = {pk: periods.local_day(at, asked.zone) for pk, at in since.items() if at is not None}
    return fates, _known(asked, fates, days, marked)


def listed(asked: Asked, fate: Fate) -> list[tuple[Customer, Known]]:
    """Return exactly the customers of one fate by name, each with what is known."""
    fates, known = read(asked)
    rows = Customer.objects.filter(pk__in=[pk for pk, one in fates.items() if one == fate])
    return [(row, known.get(row.pk, Known())) for row in rows.select_related("account_manager").order_by("folded")]


def _cases(asked: Asked):
    """Return what each customer's cases came to, up to the end of the period."""
    rows = asked.tallies().filter(began_at__lt=asked.period.end).order_by().values("customer")
    put_right = Q(year_on__isnull=False)
    return rows.annotate(
        n=Count("pk", filter=Q(is_last=True)),
        n_right=Count("pk", filter=put_right),
        n_silent=Count("pk", filter=Q(is_last=True, silent=True, resolved_at__isnull=False)),
        yes_at=Max("right_at", filter=put_right),
        silent_at=Max("resolved_at", filter=Q(silent=True)),
        mark=Max("recommend", filter=put_right),
    )


def _fate(row: Mapping) -> Fate:
    if row["n"] == row["n_right"]:
        return Fate.RECOVERED
    return Fate.SILENT if row["n"] == row["n_right"] + row["n_silent"] else Fate.OTHERWISE


def _customers(asked: Asked) -> list[int]:
    rows = Customer.objects.filter(merged_into=None)
    columns = {name: value for name, value in asked.filters.items() if name in ("team", "tier")}
    return list(rows.filter(**columns).values_list("pk", flat=True))


def _known(asked: Asked, fates: Mapping, days: Mapping[int, date], marked: Mapping[int, int]) -> dict[int, Known]:
    """Read the marks up to the end of the period: after the yes where there was one, else all of them."""
    found: dict[int, dict] = {pk: {"score": marked[pk]} for pk in marked}
    rows = CustomerMark.objects.filter(on__lte=asked.last).order_by("on", "id")
    for pk, kind, on, value in rows.values_list("customer", "kind", "on", "value"):
        if pk not in fates:
            continue
        is_since = pk not in days or on >= days[pk]
        one = found.setdefault(pk, {})
        if kind == CustomerMark.Kind.SCORE:
            one["score" if is_since else "before"] = value
        elif is_since:
            one["renewed"] = kind == CustomerMark.Kind.RENEWED
    return {pk: Known(**one) for pk, one in found.items()}


def _group(fate: Fate, known: list[Known]) -> Group:
    renewed = [one.renewed for one in known if one.renewed is not None]
    return Group(
        fate,
        len(known),
        before=mean(one.before for one in known if one.before is not None),
        score=mean(one.score for one in known if one.score is not None),
        renewed=share(sum(renewed), len(renewed)),
    )


def conclusion(found: Iterable[Group]) -> str:
    """Return what may be said of renewals, as a code: `unknown`, `few`, `apart_more`, `apart_less` or `chance`."""
    by_fate = {group.fate: group.renewed for group in found}
    mine, theirs = by_fate[Fate.RECOVERED], by_fate[Fate.WITHOUT]
    if not mine.n or not theirs.n:
        return "unknown"
    if min(mine.n, theirs.n) < FEW:
        return "few"
    if not mine.apart_from(theirs):
        return "chance"
    return "apart_more" if mine.value > theirs.value else "apart_less"
