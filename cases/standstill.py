"""Which pauses hold which clock: a pause names steps of its case, or one clock alone.

Steps 1, 2 and 8 never pause, nor do silence, promises, actions and checks: the customer waits all the same
(product: Deadlines).
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from cases.enums import DueKind, StepNumber
from cases.models import Due, Pause

Stretch = tuple[datetime, datetime]
NEVER_PAUSED = (StepNumber.ACKNOWLEDGE, StepNumber.CONTAIN, StepNumber.COUNCIL)
PAUSABLE = tuple(number for number in StepNumber if number not in NEVER_PAUSED)


def can_stand(due: Due) -> bool:
    """Tell whether a pause can hold this clock: that of a step which may wait, or of a decision sent back."""
    if due.kind == DueKind.STEP:
        return due.ref in PAUSABLE
    return due.kind == DueKind.DECISION


def held_by(due: Due, pause: Pause) -> bool:
    """Tell whether a pause holds a clock of its case."""
    if pause.clock_id is not None:
        return pause.clock_id == due.pk
    return due.kind == DueKind.STEP and due.ref in pause.steps and due.ref in PAUSABLE


def stretches(due: Due, pauses: Iterable[Pause]) -> list[Stretch]:
    """Return when this clock stood, of the pauses of its case. A pause without an end holds nothing yet."""
    return [(one.from_at, one.to_at) for one in pauses if one.to_at is not None and held_by(due, one)]


def pauses_of(due: Due) -> list[Stretch]:
    """Return when this clock stood. One statement, none for a clock that never stands."""
    if due.pk is None or due.case_id is None or not can_stand(due):
        return []
    return stretches(due, Pause.objects.filter(case=due.case_id))


def pauses_for(dues: Iterable[Due]) -> dict[int, list[Stretch]]:
    """Return when each of several clocks stood, by clock. One statement at most."""
    standing = [due for due in dues if can_stand(due)]
    cases = {due.case_id for due in standing}
    by_case: dict[int, list[Pause]] = {}
    for pause in Pause.objects.filter(Q(case__in=cases)) if cases else ():
        by_case.setdefault(pause.case_id, []).append(pause)
    return {due.pk: stretches(due, by_case.get(due.case_id, ())) for due in standing}
