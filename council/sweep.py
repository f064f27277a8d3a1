"""Low severity by rule: nobody has to look at such a case, but one in ten is sampled (product: step 8).

A case raised afterwards is put before the council again.
"""

from datetime import datetime

from django.db.models import Exists, F, OuterRef

from cases import plan, sweeping, timeline
from cases.enums import CaseState, Severity, StepNumber, StepState
from cases.locking import hold
from cases.models import Escalation, Step
from council import fulfilment
from council.seeing import unseen_steps

SWEEP = fulfilment.SWEEP
ONE_IN = 10
BY_RULE = "rule"
RAISED = "raised"


def see_due(now: datetime) -> int:
    """See low cases by rule, take back those raised since, complete what was carried out; return how many steps."""
    return see_low_by_rule(now) + look_again(now) + fulfilment.complete_carried_out(now)


def see_low_by_rule(now: datetime, *, limit: int = 200) -> int:
    """Complete step 8 of low cases without a docket entry, one in ten left to a member; return how many."""
    waits = Escalation.objects.filter(case=OuterRef("case"), decided_at=None)
    rows = unseen_steps().filter(~Exists(waits), case__severity=Severity.LOW)
    rows = rows.annotate(draw=(F("case_id") + F("round")) % ONE_IN).exclude(draw=0)
    rows = rows.exclude(pk__in=sweeping.set_aside(SWEEP, "Step"))
    return sweeping.each(SWEEP, rows.order_by("pk")[:limit], lambda row: _by_rule(row.case_id, now), now=now)


def is_sampled(case_id: int, round_number: int) -> bool:
    """Tell whether a member looks at this case although it is low: one in ten, always the same ones."""
    return (case_id + round_number) % ONE_IN == 0


def look_again(now: datetime, *, limit: int = 200) -> int:
    """Plan step 8 anew where a case was seen by rule and has been raised since; return how many."""
    rows = Step.objects.filter(number=StepNumber.COUNCIL, state=StepState.DONE, note=BY_RULE, round=F("case__round"))
    rows = rows.exclude(case__severity=Severity.LOW).exclude(case__state=CaseState.CLOSED)
    rows = rows.exclude(pk__in=sweeping.set_aside(SWEEP, "Step"))
    return sweeping.each(SWEEP, rows.order_by("pk")[:limit], lambda row: _again(row.case_id, now), now=now)


def _by_rule(case_id: int, now: datetime) -> None:
    case = hold(case_id)
    if case.severity != Severity.LOW or not fulfilment.complete(case=case, actor=None, how=BY_RULE, now=now):
        return
    timeline.record(case=case, kind=timeline.Kind.COUNCIL_SAW, now=now, facts={"round": case.round, "how": BY_RULE})


def _again(case_id: int, now: datetime) -> None:
    case = hold(case_id)
    seen = plan.step_of(case, StepNumber.COUNCIL)
    by_rule = (seen.state, seen.note) == (StepState.DONE, BY_RULE)
    if by_rule and case.severity != Severity.LOW and case.state != CaseState.CLOSED:
        plan.take_back(case=case, number=StepNumber.COUNCIL, now=now, why=RAISED)
