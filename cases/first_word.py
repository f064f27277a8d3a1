"""A case found by us has told its customer: so has the sweep that opened it."""

from datetime import datetime

from accounts.models import User
from cases import deadlines, plan
from cases.enums import DueKind, ExposureState
from cases.locking import hold
from cases.models import Case, Due, Exposure


def given(*, case: Case, actor: User | None, at: datetime) -> int:
    """Mark whoever this case was opened for as told first, as of `at`, and stop that clock; return how many.

    Inside the caller's transaction. A customer marked already stays as they were marked.
    """
    waiting = list(Exposure.objects.filter(opened=case, state=ExposureState.OPEN))
    for exposure in waiting:
        Exposure.objects.filter(pk=exposure.pk).update(state=ExposureState.TOLD, marked_at=at, marked_by=actor)
        stop_clock(exposure, now=at)
    return len(waiting)


def stop_clock(exposure: Exposure, *, now: datetime) -> None:
    """Stop the clock of a customer to tell first, on whichever case it runs."""
    for due in Due.objects.filter(kind=DueKind.EXPOSURE, ref=exposure.pk, closed_at=None).select_related("case"):
        held = hold(due.case_id)
        deadlines.stop(case=held, kind=DueKind.EXPOSURE, ref=exposure.pk, now=now)
        plan.refresh(held)
