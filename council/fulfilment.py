"""Step 8 is done when the council has seen the case and what it ordered has been carried out (product: step 8)."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef

from accounts.models import User
from cases import deadlines, plan, sweeping
from cases.enums import DueKind, StepNumber, StepState
from cases.locking import hold
from cases.models import Case, Escalation, Step
from cases.steps import council as step
from council.models import Decision, DecisionKind

ORDERED = (DecisionKind.RESOURCES, DecisionKind.ORDER_ACTION)
SWEEP = "see"
CARRIED_OUT = "carried out"


def complete(*, case: Case, actor: User | None, how: str, now: datetime) -> bool:
    """Complete step 8 of a locked case unless an entry waits or something ordered is still to be done.

    What was ordered has a clock of its own and chases whoever does it, so the step's clock stops meanwhile.
    """
    if outstanding().filter(case=case).exists():
        deadlines.stop(case=case, kind=DueKind.STEP, ref=StepNumber.COUNCIL, now=now)
        return False
    return step.complete(case=case, actor=actor, how=how, now=now)


def outstanding():
    """Return the decisions that ordered something which is not done yet. A change is followed up in step 9."""
    return Decision.objects.filter(kind__in=ORDERED, undone_at=None, action__isnull=False, action__done_at=None)


def complete_carried_out(now: datetime, *, limit: int = 200) -> int:
    """Complete step 8 where all that was ordered has been done since; return how many."""
    ordered = Decision.objects.filter(case=OuterRef("case"), kind__in=ORDERED, undone_at=None, action__isnull=False)
    waits = Escalation.objects.filter(case=OuterRef("case"), decided_at=None)
    rows = Step.objects.filter(number=StepNumber.COUNCIL, state=StepState.PLANNED, round=F("case__round"))
    rows = rows.filter(Exists(ordered), ~Exists(ordered.filter(action__done_at=None)), ~Exists(waits))
    rows = rows.exclude(pk__in=sweeping.set_aside(SWEEP, "Step"))
    return sweeping.each(SWEEP, rows.order_by("pk")[:limit], lambda row: _carried_out(row, now), now=now)


def _carried_out(row: Step, now: datetime) -> bool:
    case = hold(row.case_id)
    latest = Decision.objects.filter(case=case, kind__in=ORDERED, undone_at=None).order_by("-id").first()
    if latest is None or latest.taken_at < plan.step_of(case, StepNumber.COUNCIL).planned_at:
        return False
    return complete(case=case, actor=None, how=CARRIED_OUT, now=now)
