"""The measures counted from other rows than tallies: promises, waivers, causes, checks, exposures, changes."""

from datetime import datetime, timedelta

from django.db.models import F, Q

from cases.arrival_kinds import IntakeState
from cases.enums import CheckResult, ExposureState, PromiseState, StepNumber
from council.figures.measures import Kind, Measure, Part, Source, Where, within
from council.periods import Period

DAY = timedelta(days=1)
LOOK_BACK = 365 * DAY
_UNDECIDED = (IntakeState.ASIDE, IntakeState.WAITING)

PROMISES = Measure(
    slug="promises",
    name="Recovery promises kept",
    words="Promises made to customers since their complaint that fell due in this time. One the customer says was not "
    "kept counts as not kept until the lead decides; one moved with their consent is left out.",
    sum="kept ÷ (kept + broken + disputed)",
    over=lambda period, now: within("due_at", period),
    parts=(
        Part("kept", "kept", lambda period, now: Q(state=PromiseState.KEPT), "kept"),
        Part("broken", "broken", lambda period, now: Q(state=PromiseState.BROKEN), "late"),
        Part("disputed", "disputed", lambda period, now: Q(state=PromiseState.DISPUTED), "late"),
        Part("moved", "moved with their consent", lambda period, now: Q(state=PromiseState.RENEGOTIATED)),
        Part("open", "not marked yet", lambda period, now: Q(state=PromiseState.PENDING)),
    ),
    source=Source.PROMISE,
    hits=("kept",),
    of=("kept", "broken", "disputed"),
    goal=95,
    unit="promise",
)


def _step(number: int) -> Part:
    return Part(
        StepNumber(number).slug.replace("_", "-"), StepNumber(number).label, lambda period, now: Q(number=number)
    )


WAIVERS = Measure(
    slug="waivers",
    name="Steps waived",
    words="Steps of the method that were waived in this time, with their reason and who granted it; those of low "
    "severity waived by rule included.",
    sum="counted",
    over=lambda period, now: within("done_at", period),
    parts=tuple(_step(number) for number in (2, 4, 5, 6, 8, 9)),
    kind=Kind.COUNT,
    source=Source.WAIVER,
    low_is_good=True,
    unit="waiver",
)


def _struck(days: int) -> Where:
    return lambda period, now: Q(struck_at__isnull=False, struck_at__lte=F("mended_at") + days * DAY)


def _quiet(days: int, *, over: bool) -> Where:
    def where(period: Period, now: datetime) -> Q:
        never = Q(struck_at=None) | Q(struck_at__gt=F("mended_at") + days * DAY)
        passed = Q(mended_at__lte=now - days * DAY)
        return never & (passed if over else ~passed)

    return where


def _mended(period: Period, now: datetime) -> Q:
    end = min(period.end, now)
    return Q(mended_at__gt=end - LOOK_BACK, mended_at__lte=end)


def recurrence(days: int) -> Measure:
    """Return the share of mended causes that struck again within so many days."""
    return Measure(
        slug=f"recurred-{days}",
        name=f"Came back within {days} days",
        words=f"Causes whose corrective actions were all done in the twelve months to the end of this time. One came "
        f"back if a customer was hit by it within {days} days of the last action; a case we found ourselves while "
        f"looking for others is none. A cause that has not had its {days} days yet counts as held so far, and is told "
        "apart below.",
        sum="came back ÷ mended",
        over=_mended,
        parts=(
            Part("again", "came back", _struck(days), "late"),
            Part("held", "held", _quiet(days, over=True), "done"),
            Part("early", f"held so far, {days} days not over", _quiet(days, over=False)),
        ),
        source=Source.CAUSE,
        hits=("again",),
        low_is_good=True,
        goal=3,
        unit="cause",
    )


CHECKS = Measure(
    slug="checks",
    name="Effectiveness checks passed",
    words="Checks due in this time: did the corrective action work? A check past its date and not done counts as not "
    "passed.",
    sum="passed ÷ (passed + failed + overdue)",
    over=lambda period, now: within("due_at", period),
    parts=(
        Part("passed", "it worked", lambda period, now: Q(result=CheckResult.PASSED), "done"),
        Part("failed", "it did not work", lambda period, now: Q(result=CheckResult.FAILED), "late"),
        Part("overdue", "overdue", lambda period, now: Q(result=CheckResult.PENDING, due_at__lt=now), "late"),
        Part("coming", "still to come", lambda period, now: Q(result=CheckResult.PENDING, due_at__gte=now)),
    ),
    source=Source.CHECK,
    hits=("passed",),
    of=("passed", "failed", "overdue"),
    unit="check",
)
EXPOSURES = Measure(
    slug="exposures",
    name="Customers still exposed",
    words="Customers who share something with a known cause and have not been looked at yet, at this moment. The "
    "period does not matter here.",
    sum="counted",
    over=lambda period, now: Q(state=ExposureState.OPEN),
    parts=(
        Part("week", "listed this week", lambda period, now: Q(listed_at__gt=now - 7 * DAY), "soon"),
        Part("longer", "listed longer ago", lambda period, now: Q(listed_at__lte=now - 7 * DAY), "late"),
    ),
    kind=Kind.COUNT,
    source=Source.EXPOSURE,
    low_is_good=True,
    unit="exposure",
    is_now=True,
)
CHANGES = Measure(
    slug="changes",
    name="Changes adopted",
    words="Changes of how we work, adopted in this time because somebody complained.",
    sum="counted",
    over=lambda period, now: within("adopted_at", period),
    parts=(Part("all", "adopted", lambda period, now: Q(pk__isnull=False), "done"),),
    kind=Kind.COUNT,
    source=Source.CHANGE,
    unit="change",
)
ASIDE = Measure(
    slug="set-aside",
    name="Messages set aside",
    words="Of the messages that arrived in this time and belonged to no case: those that were set aside with a reason "
    "instead of becoming one. A lead looks through a sample of them each week. Team, customers and the rest chosen "
    "above do not matter here: a message without a case has none of them.",
    sum="set aside ÷ arrived",
    over=lambda period, now: within("arrived_at", period),
    parts=(
        Part("aside", "set aside", lambda period, now: Q(state=IntakeState.ASIDE)),
        Part("case", "became or joined a case", lambda period, now: ~Q(state__in=_UNDECIDED), "good"),
        Part("waiting", "still waiting", lambda period, now: Q(state=IntakeState.WAITING), "soon"),
    ),
    source=Source.ARRIVAL,
    hits=("aside",),
    low_is_good=True,
    unit="message",
)
