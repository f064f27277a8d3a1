"""The case list: which rows, in which order, and what stands under it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from cases.enums import CaseState, DueKind, OfferAnswer, Side, StepNumber, Verdict
from cases.folding import name_key
from cases.keyset import Order, moment_order, number_order
from cases.models import Case, Confirmation, Escalation, Offer

CAP = 1_000
MOST_OFFERED = 60
QUIET_WEEK = timedelta(days=7)
SILENT_DAYS = 3
ORDERS = {
    "due": moment_order("next_due_at", falling=False),
    "received": moment_order("received_at", falling=True),
    "stake": number_order("home_stake", falling=True),
}
_SHOWN = (
    "id", "title", "severity", "state", "outcome", "round", "historical", "confidential", "next_due_at", "next_kind",
    "received_at", "team_id", "home_stake", "stake", "stake_currency", "seam", "last_word_at", "last_word_by",
    "customer__name", "category__name", "owner__name",
)  # fmt: skip


@dataclass(frozen=True)
class Total:
    """What stands under the list: how many cases and how much is at stake, a customer counted once."""

    cases: int
    stake: int
    capped: bool


def filtered(cases: QuerySet[Case], asked: dict, *, reader: User, since: datetime | None, now: datetime) -> QuerySet:
    """Narrow `cases` by what `asked` holds, as `forms.filters.Filters.read` returns it."""
    for name, value in asked.items():
        narrow = _NARROW.get(name)
        cases = narrow(cases, value, reader, now) if narrow else cases
    if since is not None:
        cases = cases.filter(received_at__gte=since)
    return cases if "history" in asked else cases.filter(historical=False)


def order_of(asked: dict) -> Order:
    """Return the order asked for: open cases by next deadline, others newest first, unless said otherwise."""
    return ORDERS[asked.get("sort") or ("due" if asked["state"] == CaseState.OPEN else "received")]


def rows(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Return what a row of the list shows, in one statement."""
    before_council = Escalation.objects.filter(case=OuterRef("pk"), decided_at=None)
    shown = cases.select_related("customer", "category", "owner").only(*_SHOWN)
    return shown.annotate(with_council=Exists(before_council))


def dressed(found: list[Case], now: datetime) -> list[Case]:
    """Give each row its words: `next_label`, `owner_short`, `silent_days`."""
    for case in found:
        case.next_label = next_label(case.next_kind)
        case.owner_short = short_name(case.owner.name) if case.owner else ""
        case.silent_days = _silent_days(case, now)
    return found


def colleagues(reader: User, chosen: int | None, shown: Iterable[Case]) -> list[User]:
    """Return whom the list offers to choose from, by name: everybody, or where they are many those close by.

    Close by are the reader's team, the teams of the cases shown, and who is `chosen`; at most 60. Others are found by
    name. Two statements at most.
    """
    working = User.objects.taking_work().only("name").order_by("name")
    everybody = list(working[: MOST_OFFERED + 1])
    if len(everybody) <= MOST_OFFERED:
        return everybody
    teams = {case.team_id for case in shown} | {reader.team_id}
    near = Q(team__in=teams - {None}) | Q(pk__in=[reader.pk, chosen or reader.pk])
    return list(working.filter(near)[:MOST_OFFERED])


def total(cases: QuerySet[Case]) -> Total:
    """Count and sum at most 1,000 cases. One statement."""
    found = list(cases.order_by().values_list("customer_id", "home_stake")[: CAP + 1])
    counted = found[:CAP]
    stakes: dict[int, int] = {}
    for customer, stake in counted:
        stakes[customer] = max(stake, stakes.get(customer, 0))
    return Total(len(counted), sum(stakes.values()), len(found) > CAP)


def next_label(kind: str) -> str:
    """Return what falls due next, in words: `step-3` makes Resolve, `promise` makes Promise."""
    step = kind.removeprefix("step-")
    if step != kind:
        return StepNumber(int(step)).label
    return DueKind(kind).label if kind in DueKind.values else ""


def short_name(name: str) -> str:
    """Return a name for narrow columns: "Marta Keller" makes "M. Keller"."""
    first, _, last = name.strip().rpartition(" ")
    return f"{first[0]}. {last}" if first else last


def _silent_days(case: Case, now: datetime) -> int:
    if case.state != CaseState.OPEN or case.last_word_at is None or case.last_word_by != Side.OURS:
        return 0
    days = (now - case.last_word_at).days
    return days if days >= SILENT_DAYS else 0


def _state(cases, value, reader, now):
    return cases if value == "all" else cases.filter(state=value)


def _whose(cases, value, reader, now):
    if value == "team":
        return cases.filter(team=reader.team_id) if reader.team_id else cases.filter(owner=reader)
    return cases.filter(owner=None if value == "nobody" else reader)


def _silent(cases, value, reader, now):
    return cases.filter(state=CaseState.OPEN, last_word_at__lte=now - QUIET_WEEK)


def _waiting(cases, value, reader, now):
    asked = Confirmation.objects.filter(case=OuterRef("pk"), verdict=Verdict.PENDING)
    offered = Offer.objects.filter(case=OuterRef("pk"), answer=OfferAnswer.PENDING, carried_out_at=None)
    return cases.filter(Exists(asked) | Exists(offered), state=CaseState.OPEN)


def _council(cases, value, reader, now):
    return cases.filter(Exists(Escalation.objects.filter(case=OuterRef("pk"), decided_at=None)))


def _company(cases, value, reader, now):
    wanted = name_key(value)
    return cases.filter(Q(customer__folded__contains=wanted)) if wanted else cases


def _person(cases, value, reader, now):
    return cases.filter(owner__in=User.objects.filter(name__icontains=value.strip()).order_by().values("pk"))


def _history(cases, value, reader, now):
    return cases.filter(historical=True) if value == "only" else cases


_NARROW = {
    "state": _state,
    "whose": _whose,
    "over": lambda cases, value, reader, now: cases.filter(home_stake__gt=int(value) * 100),
    "severity": lambda cases, value, reader, now: cases.filter(severity=value),
    "category": lambda cases, value, reader, now: cases.filter(category=value),
    "owner": lambda cases, value, reader, now: cases.filter(owner=value),
    "customer": lambda cases, value, reader, now: cases.filter(customer=value),
    "company": _company,
    "person": _person,
    "council": _council,
    "silent": _silent,
    "waiting": _waiting,
    "history": _history,
}
