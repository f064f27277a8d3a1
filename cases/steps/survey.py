"""7 · Survey (Connelly, method 7): answered, silent, or could not be asked.

The asking itself belongs to the app above, which calls `complete` in its own transaction.
"""

from datetime import datetime

from cases import workflow
from cases.enums import StepNumber
from cases.models import Case

NUMBER = StepNumber.SURVEY


def complete(*, case: Case, how: str, now: datetime) -> None:
    """Complete the step on a locked case; `how` is answered, silent or not_asked."""
    workflow.finish_step(case=case, number=NUMBER, now=now, actor=None, note=how, silent=how == "silent")
