"""7 · Survey (Connelly, method 7): answered, silent, or could not be asked.

The asking itself belongs to the app above, which calls `complete` in its own transaction.
"""

from datetime import datetime

from cases import plan, workflow
from cases.enums import StepNumber
from cases.models import Case, Step

NUMBER = StepNumber.SURVEY


def complete(*, case: Case, how: str, now: datetime, settles: bool = True) -> None:
    """Complete the step on a locked case; `how` is answered, silent or not_asked.

    `settles` False leaves the case as it stands: for an answer that sends it back in the same transaction, so that
    it does not close in between.
    """
    if settles:
        workflow.finish_step(case=case, number=NUMBER, now=now, actor=None, note=how, silent=how == "silent")
    else:
        plan.finish(case=case, number=NUMBER, now=now, actor=None, note=how, silent=how == "silent")


def answered_after_all(*, case: Case) -> None:
    """Say on a locked case that a survey taken for unanswered was answered before the end of its last day."""
    steps = Step.objects.filter(case=case, round=case.round, number=NUMBER, silent=True)
    if steps.update(silent=False, note="answered"):
        plan.refresh(case)
