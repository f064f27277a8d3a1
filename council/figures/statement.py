"""The recovery statement of one customer on one page: what happened, what was kept, what changed, what it cost.

For a quarter, or for the contract that is about to end. The part on money is for us alone.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, Sum

from cases.enums import GestureState, PromiseKind, PromiseState
from cases.models import CaseCause, Change, Customer, Entry, Gesture, Promise
from cases.stake import Stake, at_home, at_stake
from council import periods
from council.figures.asked import Asked
from council.models.tally import Tally

MOST = 40


@dataclass(frozen=True)
class Statement:
    """Everything the page says. `cost` and `kept_value` are minor units of the home currency."""

    customer: Customer
    first: date
    last: date
    cases: list[Tally]
    promises: list[Promise]
    changes: list[Change]
    cost: int
    minutes: int
    stake: Stake | None
    kept_value: int

    @property
    def kept(self) -> int:
        """How many promises were kept."""
        return sum(one.state == PromiseState.KEPT for one in self.promises)

    @property
    def broken(self) -> int:
        """How many were broken, or are said to be."""
        return sum(one.state in (PromiseState.BROKEN, PromiseState.DISPUTED) for one in self.promises)

    @property
    def in_time(self) -> int:
        """How many complaints were acknowledged in time."""
        return sum(bool(one.told_at and one.told_by and one.told_at <= one.told_by) for one in self.firsts)

    @property
    def firsts(self) -> list[Tally]:
        """The complaints, without what was opened again."""
        return [one for one in self.cases if one.round == 1]

    @property
    def confirmed(self) -> int:
        """How many times they said that it is put right."""
        return sum(one.right_at is not None for one in self.cases)

    @property
    def hours(self) -> float:
        """How long we talked with them, in hours."""
        return round(self.minutes / 60, 1)

    @property
    def cost_share(self) -> float | None:
        """What the gestures cost, in percent of the value kept."""
        return round(100 * self.cost / self.kept_value, 1) if self.kept_value else None


def contract(customer: Customer, today: date) -> tuple[date, date]:
    """Return the first and last day that count before a renewal: one contract term up to today, a year without one."""
    renewal = customer.renewal_on or today
    term = timedelta(days=int(Decimal(customer.term_years or 1) * Decimal("365.25")))
    return min(renewal - term, today - timedelta(days=90)), today


def statement(asked: Asked, customer: Customer) -> Statement:
    """Return the statement over the period asked for, of the cases the reader may count. Six statements."""
    mine = asked.tallies().filter(customer=customer)
    touched = Q(began_at__gte=asked.period.start) | Q(resolved_at__gte=asked.period.start)
    rows = mine.filter(touched, began_at__lt=asked.period.end).select_related("case").order_by("began_at")[:MOST]
    cases = list(rows)
    ids = {one.case_id for one in cases}
    gestures, minutes = _spent(asked, ids)
    kept = [one.stake for one in cases if one.is_last and one.right_at is not None and one.year_on is not None]
    return Statement(
        customer=customer,
        first=asked.first,
        last=asked.last,
        cases=cases,
        promises=_promises(asked, customer),
        changes=_changes(asked, ids),
        cost=gestures,
        minutes=minutes,
        stake=at_stake(customer, asked.today),
        kept_value=max(kept, default=0),
    )


def _promises(asked: Asked, customer: Customer) -> list[Promise]:
    cases = asked.cases().filter(customer=customer).order_by().values("pk")
    rows = Promise.objects.filter(kind=PromiseKind.RECOVERY, case__in=cases).exclude(state=PromiseState.RENEGOTIATED)
    due = {"due_at__gte": asked.period.start, "due_at__lt": asked.period.end}
    return list(rows.filter(**due).select_related("words", "case")[:MOST])


def _changes(asked: Asked, ids: set[int]) -> list[Change]:
    behind = Exists(CaseCause.objects.filter(cause=OuterRef("cause"), case__in=ids))
    rows = Change.objects.filter(behind | Q(case__in=ids), adopted_at__isnull=False, adopted_at__lt=asked.period.end)
    return list(rows.select_related("words", "owner", "cause").order_by("adopted_at")[:MOST])


def _spent(asked: Asked, ids: set[int]) -> tuple[int, int]:
    """Return what gestures cost in the home currency of the day they were delivered, and the minutes we talked."""
    rows = Gesture.objects.filter(case__in=ids, state=GestureState.DELIVERED, delivered_at__lt=asked.period.end)
    by_day: dict[tuple[str, date], int] = defaultdict(int)
    for cost, currency, at in rows.values_list("cost", "currency", "delivered_at"):
        by_day[currency, periods.local_day(at, asked.zone)] += cost
    home = settings.HOME_CURRENCY
    cost = sum(at_home(amount, currency, home=home, on=on) for (currency, on), amount in by_day.items())
    talked = Entry.objects.filter(case__in=ids, at__lt=asked.period.end).aggregate(minutes=Sum("minutes"))
    return cost, talked["minutes"] or 0
