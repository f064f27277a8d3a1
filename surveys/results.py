"""What customers say, in figures: response, CSAT, NPS, effort, heard and trust, each with n and an interval."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, F, Q, QuerySet, Value, When
from django.db.models.functions import TruncMonth

from accounts.models import User
from cases import access as case_access
from cases.models import CheckIn
from mail.models import MessageState
from surveys import narrowing, scores
from surveys.models import Answer, SurveyVerdict
from surveys.verdicts import MEASURES

FIVES = (1, 5)
_SENT = Q(message__state=MessageState.SENT)
_RATE = {
    "delivered": Count("pk", filter=_SENT),
    "answered": Count("answer", filter=_SENT & Q(answer__isnull=False) & ~Q(answer__verdict=SurveyVerdict.HELD)),
}
MOST_GROUPS = 50
GROUPS = ("month", "customer", "owner", "category", "late")


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
    """One line of the comparison: what it is about, how many answers it has, and its figures."""

    key: Any
    label: str
    n: int
    response: scores.Figure | None
    csat: scores.Figure | None
    satisfied: scores.Figure | None
    nps: scores.Figure | None
    easy_top: scores.Figure | None
    heard_top: scores.Figure | None
    trust: scores.Figure | None

    @property
    def last_day(self) -> date:
        """The last day of a month; only of a group that is one."""
        return (self.key.replace(day=28) + timedelta(days=4)).replace(day=1).date() - timedelta(days=1)


def results(user: User, asked: Mapping, now: datetime) -> Results:
    """Return the figures over the surveys this person may know of, as narrowed. Three statements."""
    asked_for = narrowing.invitations(user, asked, now)
    found = asked_for.aggregate(sent=Count("pk"), **_RATE)
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
    """Return the same figures side by side, by month, customer, owner, category or lateness. Three statements."""
    found: dict[tuple, _Counts] = defaultdict(_Counts)
    rows = narrowing.answers(user, asked, now).filter(narrowing.counted())
    marked = _keyed(rows, by, now, "invitation__").values(*_OF, *MEASURES).annotate(n=Count("pk"))
    for key, label, *given, n in marked.values_list(*_OF, *MEASURES, "n"):
        found[key, label].marks.append((tuple(given), n))
    rates = _keyed(narrowing.invitations(user, asked, now), by, now, "").annotate(**_RATE)
    for key, label, delivered, answered in rates.values_list(*_OF, *_RATE):
        found[key, label].rate = (answered, delivered)
    trusted = _keyed(trust_marks(user, asked, now), by, now, "", "done_at")
    for key, label, mark, n in trusted.values(*_OF, "trust").annotate(n=Count("pk")).values_list(*_OF, "trust", "n"):
        found[key, label].trust[mark] += n
    lines = [_group(key, label, counts) for (key, label), counts in found.items() if not counts.is_empty]
    if by == "month":
        return sorted(lines, key=lambda one: one.key, reverse=True)[:MOST_GROUPS]
    return sorted(lines, key=lambda one: (-one.n, str(one.label)))[:MOST_GROUPS]


_OF = ("key", "label")


@dataclass
class _Counts:
    """What was counted for one line: marks given together, (answered, delivered), marks of trust."""

    marks: list[tuple[tuple, int]] = field(default_factory=list)
    rate: tuple[int, int] = (0, 0)
    trust: Counter = field(default_factory=Counter)

    @property
    def is_empty(self) -> bool:
        return not (self.marks or self.trust or self.rate[1])


def _keyed(rows: QuerySet, by: str, now: datetime, at: str, moment: str = "sent_at") -> QuerySet:
    """Return rows with what they are compared by; `at` leads from them to what hangs on the case."""
    if by == "month":
        month = TruncMonth(f"{at}{moment}")
        found = rows.annotate(key=month, label=month)
    elif by == "late":
        was_late = Exists(narrowing.late_step(now, f"{at}case", f"{at}round"))
        word = Case(When(was_late, then=Value(narrowing.LATE)), default=Value(narrowing.ON_TIME))
        found = rows.annotate(key=word, label=word)
    else:
        found = rows.annotate(key=F(f"{at}case__{by}"), label=F(f"{at}case__{by}__name"))
    return found.order_by().values(*_OF)


def _group(key: Any, label: Any, counts: _Counts) -> Group:
    by = {name: _of(counts.marks, place) for place, name in enumerate(MEASURES)}
    return Group(
        key=key,
        label=label,
        n=sum(n for _, n in counts.marks),
        response=scores.share(*counts.rate),
        csat=scores.top_two(by["satisfied"]),
        satisfied=scores.mean(by["satisfied"], *FIVES),
        nps=scores.nps(by["recommend"]),
        easy_top=scores.top_two(by["easy"]),
        heard_top=scores.top_two(by["heard"]),
        trust=scores.mean(counts.trust, *FIVES),
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
