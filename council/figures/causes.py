"""Causes by what they put at stake, and whether they struck again. One statement."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from cases.enums import ActionKind, Channel
from cases.models import Action, Case, CaseCause
from council.figures.counting import Share

RECENT = timedelta(days=90)
LOOK_BACK = timedelta(days=365)
SHOWN = 6


class Struck(NamedTuple):
    """One case of one cause. `mended_at`: when its last corrective action was done; None while one is open."""

    cause: int
    kind: str
    received_at: datetime
    stake: int
    customer: int
    channel: str
    mended_at: datetime | None


@dataclass(frozen=True)
class Weight:
    """One bar: a kind of cause, what it puts at stake (minor units), in how many cases, and its length."""

    name: str
    stake: int
    cases: int
    share: int


def struck(cases: QuerySet[Case], now: datetime) -> list[Struck]:
    """Return the cases of the last years with their causes. One statement."""
    done = Action.objects.filter(cause=OuterRef("cause"), kind=ActionKind.CORRECTIVE, removed_at=None)
    done = done.order_by().values("cause").annotate(open=Count("pk", filter=Q(done_at=None)), last=Max("done_at"))
    rows = CaseCause.objects.filter(case__in=cases.live(), case__received_at__gte=now - LOOK_BACK - 2 * RECENT)
    rows = rows.annotate(mended=Subquery(done.filter(open=0).values("last")[:1])).order_by()
    fields = ("cause_id", "cause__kind__name", "cause__title", "case__received_at", "case__home_stake")
    found = rows.values_list(*fields, "case__customer_id", "case__channel", "mended")
    return [Struck(cause, kind or title, *rest) for cause, kind, title, *rest in found]


def recurred(rows: Iterable[Struck], now: datetime) -> Share:
    """Return how many causes mended in the last year struck again within 90 days of it.

    A case found by us while looking for others of the same cause is no recurrence.
    """
    mended: dict[int, bool] = {}
    for row in rows:
        if row.mended_at is None or not now - LOOK_BACK <= row.mended_at <= now:
            continue
        again = row.channel != Channel.FOUND and row.mended_at < row.received_at <= row.mended_at + RECENT
        mended[row.cause] = mended.get(row.cause, False) or again
    return Share(sum(mended.values()), len(mended))


def weights(rows: Iterable[Struck], now: datetime) -> list[Weight]:
    """Return the causes of the last 90 days, heaviest first; a customer counts once for each cause."""
    customers: dict[str, dict[int, int]] = defaultdict(dict)
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        if row.received_at >= now - RECENT:
            counts[row.kind] += 1
            known = customers[row.kind]
            known[row.customer] = max(row.stake, known.get(row.customer, 0))
    heavy = sorted(((sum(each.values()), counts[kind], kind) for kind, each in customers.items()), reverse=True)
    most = max((stake for stake, _, _ in heavy), default=0)
    return [Weight(kind, stake, count, _length(stake, most, count)) for stake, count, kind in heavy]


def first_two(bars: list[Weight]) -> int | None:
    """Return what percent of the whole weight the two heaviest make, or None without weight."""
    whole = sum(bar.stake for bar in bars)
    return round(100 * sum(bar.stake for bar in bars[:2]) / whole) if whole else None


def _length(stake: int, most: int, count: int) -> int:
    return max(1, round(100 * stake / most)) if most else min(100, 10 * count)
