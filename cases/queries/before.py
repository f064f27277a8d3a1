"""Before it breaks: what is in sight and not yet wrong, each with one thing to do about it (product: Before it breaks).

Today makes it of rows it has read anyway; the page of its own looks at everything.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from cases.enums import CaseState, DueKind, Side
from cases.models import Customer, CustomerMark, Due, Entry, Round

SOON = timedelta(days=7)
RENEWAL = timedelta(days=90)
KINDS = (DueKind.EXPOSURE, DueKind.CHECK, DueKind.PROMISE)
LOW = ("low_answer", "check_in")  # why a round began: they marked us low, or said that it does not hold
SHOWN = 6
MOST = 100
DETRACTOR = 6
YEAR = timedelta(days=365)
SCORE = CustomerMark.Kind.SCORE
SILENT, RENEWS = "silent", "renewal"


@dataclass(frozen=True)
class Sight:
    """One thing in sight: `kind` is a clock's, `silent` or `renewal`; `ref` is what the clock is about."""

    kind: str
    customer: str
    customer_id: int
    case_id: int
    at: datetime | date
    words: str = ""
    ref: int = 0


def in_sight(clocks: Iterable, now: datetime, *, most: int = SHOWN) -> list[int]:
    """Return the keys of the clocks that fall due within a week and are not late yet, of each kind the first few."""
    found: dict[str, list[int]] = {kind: [] for kind in KINDS}
    for clock in clocks:
        if clock.kind in found and now <= clock.due_at < now + SOON and len(found[clock.kind]) < most:
            found[clock.kind].append(clock.pk)
    return [pk for pks in found.values() for pk in pks]


def with_low(cases: QuerySet) -> QuerySet:
    """Add when the present round began with a low mark, and whether the customer has been silent ever since."""
    low = Round.objects.filter(case=OuterRef("pk"), number=OuterRef("round"), why__in=LOW)
    since = Entry.objects.filter(case=OuterRef("pk"), side=Side.THEIRS, at__gt=OuterRef("low_at"))
    return cases.annotate(low_at=Subquery(low.values("began_at")[:1])).annotate(spoke=Exists(since))


def compose(dues: Iterable[Due], unfinished: Iterable[dict], today: date) -> list[Sight]:
    """Put together what is in sight, the nearest of each kind first: exposed, silent, checks, promises, renewals."""
    rows = list(unfinished)
    seen = sorted((_of_clock(due) for due in dues), key=lambda one: (KINDS.index(one.kind), one.at))
    split = sum(one.kind == DueKind.EXPOSURE for one in seen)
    return [*seen[:split], *_silent(rows), *seen[split:], *_renewals(rows, today)]


def low_scores(customers: QuerySet[Customer], today: date) -> list[Sight]:
    """Return who gave us at most 6 of 10 within a year, outside any case, and has said nothing since. One statement."""
    later = CustomerMark.objects.filter(customer=OuterRef("customer"), kind=SCORE, on__gt=OuterRef("on"))
    spoke = Entry.objects.filter(case__customer=OuterRef("customer"), side=Side.THEIRS, at__date__gt=OuterRef("on"))
    marks = CustomerMark.objects.filter(
        customer__in=customers, kind=SCORE, value__lte=DETRACTOR, on__gt=today - YEAR, on__lte=today
    )
    rows = marks.filter(~Exists(later), ~Exists(spoke)).order_by("on", "id").select_related("customer")[:MOST]
    return [Sight("score", mark.customer.name, mark.customer_id, 0, mark.on, str(mark.value)) for mark in rows]


def _of_clock(due: Due) -> Sight:
    customer = due.case.customer
    return Sight(due.kind, customer.name, due.case.customer_id, due.case_id, due.due_at, due.words, due.ref)


def _silent(unfinished: list[dict]) -> list[Sight]:
    quiet = [one for one in unfinished if one["low_at"] and not one["spoke"] and one["state"] == CaseState.OPEN]
    quiet.sort(key=lambda one: one["low_at"])
    return [
        Sight(SILENT, one["customer__name"], one["customer_id"], one["pk"], one["low_at"], one["title"])
        for one in quiet
    ]


def _renewals(unfinished: list[dict], today: date) -> list[Sight]:
    """Return customers with an open case whose contract is renewed within 90 days, each once."""
    near: dict[int, Sight] = {}
    for one in unfinished:
        on = one["customer__renewal_on"]
        if one["state"] == CaseState.OPEN and on and today <= on <= today + RENEWAL:
            near.setdefault(one["customer_id"], _renewal(one, on))
    return sorted(near.values(), key=lambda sight: sight.at)


def _renewal(one: dict, on: date) -> Sight:
    return Sight(RENEWS, one["customer__name"], one["customer_id"], one["pk"], on, one["title"])
