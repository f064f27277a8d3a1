"""Why this deadline: windows, holidays, pauses and policy, line by line, adding up to the due time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from cases import deadlines, standstill, worktime
from cases.enums import DueKind, StepNumber
from cases.models import CalendarVersion, Case, Chase, Due, Pause, PolicyVersion, Snooze
from cases.policy import rules_of
from cases.worktime import Calendar, Segment

DAY = timedelta(days=1)
MOST_DRAWN = 14
WIDTH, HEIGHT, LEFT = 480, 20, 96  # of the drawing: a day's length, a day's height, room for its name


@dataclass(frozen=True)
class Bar:
    """One stretch of the drawing: `kind` is window, pause or holiday; places in units of the drawing."""

    kind: str
    x: float
    width: float


@dataclass
class Day:
    """One local date of the sum. `nth` numbers the working days after the first."""

    on: date
    segments: list[Segment]
    holiday: str = ""
    nth: int | None = None
    bars: list[Bar] = field(default_factory=list)
    y: int = 0

    @property
    def seconds(self) -> int:
        """Working seconds that counted on this day."""
        return sum(one.seconds for one in self.segments)

    @property
    def windows(self) -> list[Segment]:
        """What counted, in order."""
        return [one for one in self.segments if one.why == "window"]

    @property
    def paused(self) -> int:
        """Seconds in which it was open while our clock stood."""
        stood = (one.closed - one.opened for one in self.segments if one.why == "pause")
        return sum(stood, timedelta()) // timedelta(seconds=1)


@dataclass(frozen=True)
class Step:
    """One rung of the ladder: when it comes or came, who hears, and what became of it."""

    percent: int
    at: datetime
    to: tuple[str, ...]
    chase: Chase | None
    snooze: Snooze | None


@dataclass(frozen=True)
class Why:
    """Everything the panel shows of one clock.

    `stood` is the working seconds pauses took, `unpaused` when it would be due without them, `nth` the working day the
    policy names, 0 where it names hours.
    """

    due: Due
    case: Case
    what: str
    zone: str
    calendar: CalendarVersion
    policy: PolicyVersion
    days: list[Day]
    pauses: list[Pause]
    rungs: list[Step]
    seconds: int
    stood: int
    unpaused: datetime
    nth: int
    agreed: bool
    drawing: dict[str, Any]


def why(case: Case, due_pk: int) -> Why | None:
    """Return the sum behind one clock of a case, or None where the case has no such clock. Five statements."""
    rows = Due.objects.filter(case=case, pk=due_pk).select_related("calendar_version__calendar", "owner")
    due = rows.first()
    if due is None:
        return None
    due.case = case
    pauses = _pauses(due)
    stood = standstill.stretches(due, pauses)
    calendar = deadlines.calendar_for(due)
    days = _days(calendar, due, stood, due.calendar_version.facts.get("names", {}))
    return Why(
        due=due,
        case=case,
        what=StepNumber(due.ref).label if due.kind == DueKind.STEP else DueKind(due.kind).label,
        zone=calendar.zone,
        calendar=due.calendar_version,
        policy=PolicyVersion.objects.select_related("policy").get(pk=case.policy_version_id),
        days=days,
        pauses=pauses,
        rungs=_rungs(due, stood),
        seconds=sum(day.seconds for day in days),
        stood=sum(day.paused for day in days),
        unpaused=deadlines.recounted(due) if stood else due.due_at,
        nth=int(due.allowed[:-1]) if due.allowed.endswith("d") else 0,
        agreed=not due.allowed,
        drawing=_drawing(calendar, due, days),
    )


def next_clock(case: Case) -> int | None:
    """Return the clock behind a case's next deadline, as lists show it. One statement."""
    kind, _, number = case.next_kind.partition("-")
    same = Due.objects.filter(case=case, closed_at=None, due_at=case.next_due_at, kind=kind or None)
    rows = same.filter(ref=int(number)) if number else same
    return rows.order_by("ref").values_list("pk", flat=True).first()


def _pauses(due: Due) -> list[Pause]:
    if not standstill.can_stand(due):
        return []
    rows = Pause.objects.filter(case=due.case_id).select_related("by", "reason", "question__contact")
    return [one for one in rows.order_by("from_at") if standstill.held_by(due, one)]


def _days(calendar: Calendar, due: Due, stood: Iterable, names: dict[str, str]) -> list[Day]:
    """Return the days of the sum, each with what counted; working days after the first are numbered."""
    lines = worktime.explain(calendar, due.counted_from or due.started_at, due.due_at, stood)
    days = [Day(on, list(some)) for on, some in groupby(lines, key=lambda line: line.on)]
    first, nth = (due.counted_from or due.started_at).astimezone(calendar.tz).date(), 0
    for day in days:
        if any(one.why == "holiday" for one in day.segments):
            day.holiday = names.get(day.on.isoformat(), "Holiday")
        elif day.on > first:
            nth += 1
            day.nth = nth
    return days


def _rungs(due: Due, stood: list) -> list[Step]:
    rules = rules_of(due.case.policy_version_id)
    put_off = {row.rung: row for row in Snooze.objects.filter(due=due).select_related("by", "reason")}
    climbed = {row.rung: row for row in Chase.objects.filter(due=due)}
    until = {rung: row.until_at for rung, row in put_off.items() if row.at >= due.started_at}
    moments = deadlines.rungs(due, rules, not_before=due.case.logged_at, pauses=stood, snoozed=until)
    to = {rung.at: rung.to for rung in rules.ladder}
    return [Step(rung, at, to[rung], climbed.get(rung), put_off.get(rung)) for rung, at in moments]


def _drawing(calendar: Calendar, due: Due, days: list[Day]) -> dict[str, Any]:
    """Return the days to draw, one line each, and where start and due time lie on them. The middle may be left out."""
    half = MOST_DRAWN // 2
    drawn = days if len(days) <= MOST_DRAWN else [*days[:half], *days[-half:]]
    for place, day in enumerate(drawn):
        day.y = place * HEIGHT
        day.bars = [_bar(calendar, one) for one in day.segments]
    return {
        "days": drawn,
        "left_out": len(days) - len(drawn),
        "after": half if len(days) > len(drawn) else 0,
        "width": LEFT + WIDTH,
        "left": LEFT,
        "height": HEIGHT * len(drawn) + HEIGHT,
        "start": _mark(calendar, due.counted_from or due.started_at, drawn),
        "due": _mark(calendar, due.due_at, drawn),
        "hours": [{"x": LEFT + WIDTH * hour / 24, "hour": f"{hour:02}"} for hour in range(0, 25, 6)],
    }


def _bar(calendar: Calendar, one: Segment) -> Bar:
    x = _place(calendar, one.opened)
    end = _place(calendar, one.closed) or LEFT + WIDTH
    end = end if end > x else LEFT + WIDTH
    return Bar(one.why, round(x, 1), round(max(end - x, 1), 1))


def _mark(calendar: Calendar, at: datetime, drawn: list[Day]) -> dict[str, float] | None:
    on = at.astimezone(calendar.tz).date()
    day = next((day for day in drawn if day.on == on), None)
    return {"x": round(_place(calendar, at), 1), "y": day.y} if day else None


def _place(calendar: Calendar, at: datetime) -> float:
    local = at.astimezone(calendar.tz)
    return LEFT + WIDTH * (local.hour * 3600 + local.minute * 60 + local.second) / 86_400
