"""The measures counted from tallies: in time, how long, how it ended, what customers say, how we work."""

from datetime import datetime, timedelta

from django.db.models import F, Q

from cases.enums import CaseState, Channel, Outcome
from council.figures.measures import Kind, Measure, Part, Source, Where, within
from council.periods import Period
from surveys.verdicts import FIRST_PROMOTER, LAST_DETRACTOR

DAY = timedelta(days=1)
STAGES = {
    "told": ("Acknowledged", "a person of ours had answered them"),
    "safe": ("Contained", "it could not get worse any more, checked, and they were told"),
    "right": ("Put right", "they had confirmed with their own word that it is put right"),
}


def received(period: Period, now: datetime) -> Q:
    """Find the cases received in the period; reopening is not receiving."""
    return Q(round=1) & within("began_at", period)


def _staged(stage: str) -> Where:
    return lambda period, now: received(period, now) & Q(**{f"{stage}_by__isnull": False})


def missed(stage: str) -> Where:
    """Find what came after its due time, or has not come although that has passed: late cases always count."""
    at, by, end = f"{stage}_at", f"{stage}_by", f"{stage}_end"

    def where(period: Period, now: datetime) -> Q:
        late = Q(**{f"{at}__gt": F(by)}) | Q(**{f"{at}__isnull": True, f"{end}__gt": F(by)})
        running = Q(**{f"{at}__isnull": True, f"{end}__isnull": True, f"{by}__lt": now})
        return Q(**{f"{stage}_missed": True}) | late | running

    return where


def met(stage: str) -> Where:
    """Find what came in time."""
    return lambda period, now: Q(**{f"{stage}_missed": False, f"{stage}_at__lte": F(f"{stage}_by")})


def not_yet(stage: str) -> Where:
    """Find what still has time."""
    still = {f"{stage}_missed": False, f"{stage}_at__isnull": True, f"{stage}_end__isnull": True}
    return lambda period, now: Q(**still, **{f"{stage}_by__gte": now})


def in_time(stage: str, goal: int | None = None) -> Measure:
    """Return the share in time: met ÷ (met + missed), what is unfinished and past due counted as missed."""
    name, _ = STAGES[stage]
    return Measure(
        slug=f"{stage}-in-time",
        name=f"{name} in time",
        words="Of the cases received in this time. A case still waiting is missed as soon as its due time has passed; "
        "one that still has time is left out, and so is one that ended before it was due. "
        "A deadline missed on a case merged into this one stays missed.",
        sum="met ÷ (met + missed)",
        over=_staged(stage),
        parts=(
            Part("met", "in time", met(stage), "good"),
            Part("missed", "too late", missed(stage), "late"),
            Part("open", "still in time to come", not_yet(stage)),
        ),
        hits=("met",),
        of=("met", "missed"),
        column=stage,
        goal=goal,
    )


def time_to(stage: str) -> Measure:
    """Return the median time from receipt, on both clocks."""
    name, what = STAGES[stage]
    at, end = f"{stage}_at__isnull", f"{stage}_end__isnull"
    return Measure(
        slug=f"{stage}-time",
        name=f"Time until {name.lower()}",
        words=f"From receipt until {what}, over the cases received in this time. Their clock never stops; ours counts "
        "working time and stands while we wait for an answer. What is still waiting counts as waiting until now, and "
        "what ended otherwise as waiting until it ended: leaving them out would flatter us.",
        sum="the time by which half have come (Kaplan–Meier); none while fewer than half have",
        over=_staged(stage),
        parts=(
            Part("done", "finished", lambda period, now: Q(**{at: False}), "good"),
            Part("running", "still waiting", lambda period, now: Q(**{at: True, end: True}), "soon"),
            Part("ended", "ended otherwise", lambda period, now: Q(**{at: True, end: False})),
        ),
        kind=Kind.TIME,
        column=stage,
        low_is_good=True,
    )


def _ended(period: Period, now: datetime) -> Q:
    return within("resolved_at", period) | Q(outcome=Outcome.NOT_AGREED, is_last=True) & within("closed_at", period)


def _silently(period: Period, now: datetime) -> Q:
    return within("resolved_at", period) & Q(silent=True)


ENDINGS = Measure(
    slug="their-word",
    name="Put right by their word",
    words="Of everything that was resolved in this time, each time a case was: only the customer’s own yes counts. "
    "A silence the council accepted is told apart, and a final answer they did not agree to is never counted as "
    "recovered.",
    sum="confirmed ÷ (confirmed + accepted silently + not agreed)",
    over=_ended,
    parts=(
        Part("word", "confirmed by them", lambda period, now: within("resolved_at", period) & Q(silent=False), "done"),
        Part("silent", "accepted silently", _silently, "silent"),
        Part("not-agreed", "not agreed", lambda period, now: Q(outcome=Outcome.NOT_AGREED, resolved_at=None), "late"),
    ),
    hits=("word",),
    goal=80,
    unit="resolution",
)
REOPENED = Measure(
    slug="reopened",
    name="Opened again",
    words="Of everything resolved in this time: what was opened again since, because they said so, marked us low, or "
    "it came back.",
    sum="opened again ÷ resolved",
    over=lambda period, now: within("resolved_at", period),
    parts=(
        Part("again", "opened again", lambda period, now: Q(is_last=False), "late"),
        Part("held", "still put right", lambda period, now: Q(is_last=True), "done"),
    ),
    hits=("again",),
    low_is_good=True,
    goal=10,
    unit="resolution",
)
RESPONSE = Measure(
    slug="response",
    name="Answered the survey",
    words="Of the surveys delivered in this time. What could not be delivered is not asked; an answer held as "
    "unverified does not count until the lead says so.",
    sum="answered ÷ delivered",
    over=lambda period, now: within("asked_at", period),
    parts=(
        Part("answered", "answered", lambda period, now: Q(answered_at__isnull=False), "good"),
        Part("silent", "not answered", lambda period, now: Q(answered_at=None)),
    ),
    hits=("answered",),
    unit="survey",
)


def mark(column: str, name: str, question: str, at: str = "answered_at") -> Measure:
    """Return the mean of a mark from 1 to 5 over the answers of a period."""
    low, middle, high = f"{column}__lte", column, f"{column}__gte"
    return Measure(
        slug=column,
        name=name,
        words=f"“{question}”, from 1 to 5, over the answers of this time that gave it. Held answers are left out.",
        sum="sum of the marks ÷ number of marks",
        over=lambda period, now: within(at, period) & Q(**{f"{column}__isnull": False}),
        parts=(
            Part("high", "4 or 5", lambda period, now: Q(**{high: 4}), "good"),
            Part("middle", "3", lambda period, now: Q(**{middle: 3})),
            Part("low", "1 or 2", lambda period, now: Q(**{low: 2}), "late"),
        ),
        kind=Kind.MARK,
        column=column,
        goal=4,
        unit="answer",
    )


RECOMMEND = Measure(
    slug="recommend",
    name="Would recommend us (NPS)",
    words="“Would you recommend us?”, from 0 to 10, over the answers of this time that gave it.",
    sum="% of 9 and 10 − % of 0 to 6, of those who answered",
    over=lambda period, now: within("answered_at", period) & Q(recommend__isnull=False),
    parts=(
        Part("for", "9 or 10", lambda period, now: Q(recommend__gte=FIRST_PROMOTER), "good"),
        Part("between", "7 or 8", lambda period, now: Q(recommend__gt=LAST_DETRACTOR, recommend__lt=FIRST_PROMOTER)),
        Part("against", "0 to 6", lambda period, now: Q(recommend__lte=LAST_DETRACTOR), "late"),
    ),
    kind=Kind.BALANCE,
    hits=("for",),
    against=("against",),
    unit="answer",
)
FOUND = Measure(
    slug="found-first",
    name="Found by us first",
    words="Of the cases received in this time: those we raised ourselves, before the customer complained.",
    sum="found by us ÷ received",
    over=received,
    parts=(
        Part("ours", "found by us", lambda period, now: Q(channel=Channel.FOUND), "good"),
        Part("theirs", "they told us", lambda period, now: ~Q(channel=Channel.FOUND)),
    ),
    hits=("ours",),
)
LOGGED = Measure(
    slug="logged",
    name="Logged within the hour",
    words="Of the cases received in this time: how long it took from the complaint until it stood here. Nobody is "
    "chased for it.",
    sum="logged within an hour ÷ received",
    over=received,
    parts=(
        Part("hour", "within the hour", lambda period, now: Q(logged_after__lte=3600), "good"),
        Part("day", "within a day", lambda period, now: Q(logged_after__gt=3600, logged_after__lte=86400)),
        Part("later", "later", lambda period, now: Q(logged_after__gt=86400), "soon"),
    ),
    hits=("hour",),
)


def _worked_off(period: Period, now: datetime) -> Q:
    """Find what was put right or ended in the period: only then is it known how long it was open."""
    ended = within("resolved_at", period) | (Q(resolved_at=None) & within("closed_at", period))
    return ended & Q(open_work__isnull=False)


PAUSED = Measure(
    slug="paused",
    name="Our clock stood",
    words="Of the working time in which cases were open that were put right, or ended, in this time: how much of it "
    "our clock was paused while we waited for an answer. Beside it, how many of them were paused at all. Their clock "
    "never stands.",
    sum="working time paused ÷ working time open",
    over=_worked_off,
    parts=(
        Part("paused", "paused", lambda period, now: Q(paused__gt=0)),
        Part("never", "never paused", lambda period, now: Q(paused=0)),
    ),
    kind=Kind.PORTION,
    column="paused_work",
    per="open_work",
    hits=("paused",),
    low_is_good=True,
)


def _all(period: Period, now: datetime) -> Q:
    return Q(pk__isnull=False)


RECEIVED = Measure(
    "received", "Received", "Cases received in this time.", "counted", received, (Part("all", "received", _all),),
    Kind.COUNT,
)  # fmt: skip
AGAIN = Measure(
    "again", "Opened again in this time", "Cases that went back to work in this time, each time they did.", "counted",
    lambda period, now: Q(round__gt=1) & within("began_at", period), (Part("all", "opened again", _all, "late"),),
    Kind.COUNT, low_is_good=True, unit="reopening",
)  # fmt: skip
CONFIRMED = Measure(
    "confirmed", "Confirmed by customers", "Each time a customer confirmed in this time that it is put right.",
    "counted", lambda period, now: within("right_at", period), (Part("all", "confirmed", _all, "done"),), Kind.COUNT,
    unit="confirmation",
)  # fmt: skip
CLOSED = Measure(
    "closed", "Closed", "Cases closed in this time, however they ended.", "counted",
    lambda period, now: within("closed_at", period), (Part("all", "closed", _all),), Kind.COUNT,
)  # fmt: skip


def _aged(least: int, most: int | None) -> Where:
    def where(period: Period, now: datetime) -> Q:
        younger = Q(case__received_at__lte=now - least * DAY)
        return younger if most is None else younger & Q(case__received_at__gt=now - most * DAY)

    return where


OPEN = Measure(
    slug="open",
    name="Open now",
    words="Cases open at this moment, by the time since the complaint was received. The period does not matter here.",
    sum="counted",
    over=lambda period, now: Q(is_last=True, state=CaseState.OPEN),
    parts=(
        Part("week", "up to a week", lambda period, now: Q(case__received_at__gt=now - 7 * DAY)),
        Part("month", "8 to 30 days", _aged(7, 30)),
        Part("two", "31 to 60 days", _aged(30, 60), "soon"),
        Part("three", "61 to 90 days", _aged(60, 90), "soon"),
        Part("older", "more than 90 days", _aged(90, None), "late"),
    ),
    kind=Kind.COUNT,
    source=Source.OPEN,
    low_is_good=True,
    is_now=True,
)
