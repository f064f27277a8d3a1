"""8 · Council (Connelly, method 8): the Customer Satisfaction Council has seen the case.

An escalated case has its decision taken. Seeing and deciding belong to the app above, which calls `complete`.
"""

from datetime import datetime

from accounts.models import User
from cases import plan, workflow
from cases.enums import StepNumber
from cases.models import Case, Escalation

NUMBER = StepNumber.COUNCIL


def complete(*, case: Case, actor: User | None, how: str, now: datetime) -> bool:
    """Complete the step on a locked case unless a docket entry still waits; tell whether it was completed."""
    if Escalation.objects.filter(case=case, decided_at=None).exists():
        return False
    if not plan.step_of(case, NUMBER).is_open:
        return False
    workflow.finish_step(case=case, number=NUMBER, now=now, actor=actor, note=how)
    return True
