"""The three clocks of a case, made of what its page has read.

Theirs runs on the wall from the moment of receipt. Ours is working time, pauses left out. Silence is working time
since our last word to them; it never pauses (product: Deadlines).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cases import standstill, worktime
from cases.enums import StepNumber
from cases.models import Pause
from cases.policy import calendar_of
from cases.queries.case_page import Page


@dataclass(frozen=True)
class Three:
    """The three clocks of a case, in seconds; `silence` is None once they have confirmed."""

    theirs: int
    ours: int
    silence: int | None
    allowed: str
    silent_until: datetime | None
    why: int | None


def three(page: Page) -> Three | None:
    """Return the three clocks of a case; None for history. One statement where the case was paused, else none."""
    case, step = page.case, page.steps.get(StepNumber.RESOLVE)
    if case.historical or step is None:
        return None
    silence, end = page.sums["silence"], case.resolved_at or case.closed_at or page.now
    calendar = calendar_of(case.calendar_version_id)
    silent = worktime.between(calendar, silence["started_at"], page.now) if silence else None
    return Three(
        theirs=(end - case.received_at) // timedelta(seconds=1),
        ours=worktime.between(calendar, case.received_at, end, _stood(page)),
        silence=max(silent, 0) if silent is not None else None,
        allowed=silence.get("allowed", ""),
        silent_until=silence.get("due_at"),
        why=silence.get("pk"),
    )


def why_of_next(page: Page) -> int | None:
    """Return the clock behind the next deadline, for the panel that explains it."""
    kind, _, number = page.case.next_kind.partition("-")
    if number:
        step = page.steps.get(int(number))
        return step.clock.get("pk") if step else None
    return page.sums["next_clock"].get("pk") if kind else None


def _stood(page: Page) -> list[standstill.Stretch]:
    if not page.sums["pauses"].get("all"):
        return []
    rows = Pause.objects.filter(case=page.case, clock=None, to_at__isnull=False)
    return [(one.from_at, one.to_at) for one in rows if StepNumber.RESOLVE in one.steps]
