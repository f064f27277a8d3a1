"""The watch over a repair: check-ins of the present round, and the marks of trust, counted for pages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Avg, Count, Min, OuterRef, Q, QuerySet, Subquery, Sum

from accounts.models import User
from cases import access, watching
from cases.enums import CheckInState, DueKind
from cases.models import CheckIn, Customer, Due

BEST_MARK = 5
PENDING, GOOD, BAD = (Q(state=state) for state in (CheckInState.PENDING, CheckInState.GOOD, CheckInState.BAD))
ON_A_DAY, MARKED = Q(day__gt=0), Q(trust__isnull=False)


@dataclass(frozen=True)
class Watch:
    """How the watch stands: check-ins by what became of them, and the mean mark of trust with its number.

    Of one case also the next check-in: its key, its day, when it is due, and whether it may be done already.
    """

    good: int
    bad: int
    open: int
    trust: float | None
    marks: int
    next: int | None = None
    next_day: int | None = None
    next_at: datetime | None = None
    may_check_in: bool = False

    @property
    def strokes(self) -> list[str]:
        """One stroke a check-in: held, did not hold, still to come."""
        return ["kept"] * self.good + ["broken"] * self.bad + [""] * self.open

    @property
    def steps(self) -> list[str]:
        """Five strokes, as many filled as the mark says."""
        filled = round(self.trust or 0)
        return ["kept"] * filled + [""] * (BEST_MARK - filled)


def rows() -> QuerySet[CheckIn]:
    """Return check-ins with `until_at`, the time of their running clock, for sums in terms of one case."""
    clock = Due.objects.filter(kind=DueKind.CHECK_IN, case=OuterRef("case"), ref=OuterRef("pk"), closed_at=None)
    return CheckIn.objects.annotate(until_at=Subquery(clock.values("due_at")[:1]))


def sums(now: Any) -> dict[str, Any]:
    """Return what a case's page counts of its check-ins; those called off are left out."""
    return {
        "all": Count("id", filter=ON_A_DAY),
        "good": Count("id", filter=GOOD & ON_A_DAY),
        "bad": Count("id", filter=BAD),
        "open": Count("id", filter=PENDING),
        "late": Count("id", filter=PENDING & Q(until_at__lt=now)),
        "next": Min("id", filter=PENDING),
        "next_day": Min("day", filter=PENDING),
        "next_at": Min("until_at", filter=PENDING),
        "marks": Count("id", filter=MARKED),
        "trust": Sum("trust", filter=MARKED),
    }


def of_case(counted: dict[str, Any], now: datetime) -> Watch | None:
    """Return the watch over a case from its sums; None before anything is to be watched."""
    if not counted.get("all") and not counted.get("marks"):
        return None
    marks = counted["marks"]
    trust = counted["trust"] / marks if marks else None
    next_at = counted["next_at"]
    may = next_at is not None and next_at - watching.AHEAD <= now
    following = (counted["next"], counted["next_day"], next_at, may)
    return Watch(counted["good"], counted["bad"], counted["open"], trust, marks, *following)


def of_customer(customer: Customer, reader: User) -> Watch:
    """Return the watch over all cases of a customer this reader sees. One statement."""
    cases = access.visible_to(reader).filter(customer=customer).order_by().values("pk")
    found = CheckIn.objects.filter(case__in=cases).aggregate(
        good=Count("id", filter=GOOD & ON_A_DAY),
        bad=Count("id", filter=BAD),
        open=Count("id", filter=PENDING),
        marks=Count("id", filter=MARKED),
        mean=Avg("trust"),
    )
    return Watch(found["good"], found["bad"], found["open"], found["mean"], found["marks"])
