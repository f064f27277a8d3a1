"""What customers say, in figures: response, CSAT, NPS, effort, heard and trust, each with n and an interval."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, F, Q, QuerySet, Value, When
from django.db.models.functions import TruncMonth

from accounts.models import User
from cases import access as case_access
from cases.models import CheckIn
from mail.models import MessageState
from surveys import narrowing, scores
from surveys.models import Answer
from surveys.verdicts import MEASURES

FIVES = (1, 5)
MOST_GROUPS = 50
GROUPS = ("month", "customer", "owner", "category", "late")
_PATHS = {
    "customer": ("invitation__case__customer", "invitation__case__customer__name"),
    "owner": ("invitation__case__owner", "invitation__case__owner__name"),
    "category": ("invitation__case__category", "invitation__case__category__name"),
}


@dataclass(frozen=True)
class Results:
    """The figures of one choice of answers; a figure is None without an answer."""

    sent: int
    delivered: int
    response: scores.Figure | None
    completion: scores.Figure | None
    csat: scores.Figure | None
    satisfied: scores.Figure | None
    nps: scores.Figure | None
    easy: scores.Figure | None
    easy_top: scores.Figure | None
    heard: scores.Figure | None
    heard_top: scores.Figure | None
    trust: scores.Figure | None


@dataclass(frozen=True)
class Group:
    """One line of the comparison: what it is about, and its figures."""

    key: Any
    label: str
    n: int
    csat: scores.Figure | None
    satisfied: scores.Figure | None
    nps: scores.Figure | None

    @property
    def last_day(self) -> date:
        """The last day of a month; only of a group that is one."""
        return (self.key.replace(day=28) + timedelta(days=4)).replace(day=1).date() - timedelta(days=1)


def results(user: User, asked: Mapping, now: datetime) -> Results:
    """Return the figures over the surveys this person may know of, as narrowed. Three statements."""
    asked_for = narrowing.invitations(user, asked, now)
    counted = Q(answer__isnull=False) & ~Q(answer__verdict="held")
    found = asked_for.aggregate(
        sent=Count("pk"),
        delivered=Count("pk", filter=Q(message__state=MessageState.SENT)),
        answered=Count("answer", filter=counted & Q(message__state=MessageState.SENT)),
    )
    marks = _marks(narrowing.answers(user, asked, now).filter(narrowing.counted()))
    by = {name: _of(marks, place) for place, name in enumerate(MEASURES)}
    complete = sum(n for given, n in marks if None not in given)
    return Results(
        sent=found["sent"],
        delivered=found["delivered"],
        response=scores.share(found["answered"], found["delivered"]),
        completion=scores.share(complete, sum(n for _, n in marks)),
        csat=scores.top_two(by["satisfied"]),
        satisfied=scores.mean(by["satisfied"], *FIVES),
        nps=scores.nps(by["recommend"]),
        easy=scores.mean(by["easy"], *FIVES),
        easy_top=scores.top_two(by["easy"]),
        heard=scores.mean(by["heard"], *FIVES),
        heard_top=scores.top_two(by["heard"]),
        trust=scores.mean(_trust(user, asked, now), *FIVES),
    )


def trust_marks(user: User, asked: Mapping, now: datetime) -> QuerySet[CheckIn]:
    """Return the marks of trust this person may read: with "you said, we changed" and from check-ins."""
    rows = CheckIn.objects.filter(case__in=case_access.visible_to(user), trust__isnull=False)
    rows = rows.filter(narrowing.about_case(asked), **narrowing.between(asked, "done_at"))
    if asked.get("late"):
        was_late = Exists(narrowing.late_step(now, "case", "round"))
        rows = rows.filter(was_late if asked["late"] == narrowing.LATE else ~was_late)
    return rows


def groups(user: User, asked: Mapping, by: str, now: datetime) -> list[Group]:
    """Return the same answers side by side, by month, customer, owner, category or lateness. One statement."""
    rows = narrowing.answers(user, asked, now).filter(narrowing.counted())
    counts: dict[tuple, list] = {}
    for *given, n in _keyed(rows, by, now).values_list("key", "label", *MEASURES).annotate(n=Count("pk")).order_by():
        counts.setdefault((given[0], given[1]), []).append((tuple(given[2:]), n))
    found = [_group(key, label, marks) for (key, label), marks in counts.items()]
    if by == "month":
        return sorted(found, key=lambda one: one.key, reverse=True)[:MOST_GROUPS]
    return sorted(found, key=lambda one: (-one.n, str(one.label)))[:MOST_GROUPS]


def _keyed(rows: QuerySet[Answer], by: str, now: datetime) -> QuerySet[Answer]:
    if by == "month":
        month = TruncMonth("invitation__sent_at")
        return rows.annotate(key=month, label=month)
    if by == "late":
        was_late = Exists(narrowing.late_step(now, "invitation__case", "invitation__round"))
        word = Case(When(was_late, then=Value(narrowing.LATE)), default=Value(narrowing.ON_TIME))
        return rows.annotate(key=word, label=word)
    from_, name = _PATHS[by]
    return rows.annotate(key=F(from_), label=F(name))


def _group(key: Any, label: Any, marks: list) -> Group:
    satisfied = _of(marks, MEASURES.index("satisfied"))
    return Group(
        key=key,
        label=label,
        n=sum(n for _, n in marks),
        csat=scores.top_two(satisfied),
        satisfied=scores.mean(satisfied, *FIVES),
        nps=scores.nps(_of(marks, MEASURES.index("recommend"))),
    )


def _marks(rows: QuerySet[Answer]) -> list[tuple[tuple, int]]:
    """Return every combination of marks with how often it was given: one statement for all measures."""
    found = rows.order_by().values_list(*MEASURES).annotate(n=Count("pk"))
    return [(tuple(given), n) for *given, n in found]


def _of(marks: Iterable[tuple[tuple, int]], place: int) -> Counter:
    counts: Counter = Counter()
    for given, n in marks:
        if given[place] is not None:
            counts[given[place]] += n
    return counts


def _trust(user: User, asked: Mapping, now: datetime) -> dict[int, int]:
    rows = trust_marks(user, asked, now).order_by().values_list("trust").annotate(n=Count("pk"))
    return dict(rows)
