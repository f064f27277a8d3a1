"""The order of the docket: likely stake × elapsed share × 1.5 for each pressing circumstance, kept on each entry."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from statistics import median_high

from django.db.models import Max

from cases import escalation, sweeping
from cases.enums import DueKind
from cases.models import Case, Due, Escalation

SWEEP = "rank"
BATCH = 100
ANY_TIER = ""


def rank_docket(now: datetime) -> int:
    """Recompute the rank of every entry that waits; return how many moved. Five statements and one a batch.

    An entry that cannot be weighed is set aside where it lies, and stops no other.
    """
    waiting = Escalation.objects.filter(decided_at=None).exclude(pk__in=sweeping.set_aside(SWEEP, "Escalation"))
    entries = list(waiting.select_related("case__customer"))
    clocks, medians = clocks_of(entries), median_stakes()
    moved = []
    for entry, weighed in sweeping.worked_out(
        SWEEP, entries, lambda entry: weigh(entry, clocks.get(entry.pk), medians, now), now=now
    ):
        if weighed["rank"] != entry.rank:
            entry.rank = weighed["rank"]
            moved.append(entry)
    for start in range(0, len(moved), BATCH):
        Escalation.objects.bulk_update(moved[start : start + BATCH], ["rank"])
    return len(moved)


def weigh(entry: Escalation, due: Due | None, medians: dict[str, int], now: datetime) -> dict[str, float]:
    """Return the rank of an entry with its sum; an unknown stake counts as the tier's median."""
    likely = medians.get(entry.case.customer.tier, medians.get(ANY_TIER, 0))
    return escalation.rank(entry, entry.case, due, median_stake=likely, now=now)


def clocks_of(entries: Iterable[Escalation]) -> dict[int, Due]:
    """Return the running decision clock of each entry, by the entry's id. One statement."""
    numbers = [entry.pk for entry in entries]
    rows = Due.objects.filter(kind=DueKind.DECISION, ref__in=numbers, closed_at=None)
    return {due.ref: due for due in rows}


def median_stakes() -> dict[str, int]:
    """Return the median stake by tier, a customer counted once, in minor units of the home currency.

    The key "" holds the median over all tiers. One statement.
    """
    rows = Case.objects.live().filter(home_stake__gt=0).values_list("customer_id", "customer__tier")
    by_tier: dict[str, list[int]] = defaultdict(list)
    for _, tier, stake in rows.annotate(top=Max("home_stake")).order_by():
        by_tier[tier].append(stake)
        by_tier[ANY_TIER].append(stake)
    return {tier: median_high(stakes) for tier, stakes in by_tier.items()}
