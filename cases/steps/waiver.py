"""Waivers: the owner proposes with a reason; the lead grants, for high and critical cases the council."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases import access, escalation, plan, timeline, words, workflow
from cases.enums import EscalationReason, Severity, StepNumber
from cases.locking import hold_unclosed
from cases.models import Case, Step
from cases.refusals import Refused

BY_COUNCIL = (Severity.HIGH, Severity.CRITICAL)
ANY_SEVERITY = (StepNumber.CONTAIN, StepNumber.GO_BEYOND)
LOW_ONLY = (StepNumber.ROOT_CAUSE, StepNumber.LEARNINGS, StepNumber.COUNCIL, StepNumber.INSTITUTIONALIZE)


def waivable(number: int, severity: str) -> bool:
    """Tell whether a step may be waived at all: 1, 3 and 7 never; 5, 6, 8 and 9 only for low severity."""
    return number in ANY_SEVERITY or (number in LOW_ONLY and severity == Severity.LOW)


@transaction.atomic
def propose(*, case: Case, actor: User, number: int, reason: str, now: datetime) -> Step:
    """Propose to leave a step out, with a reason. The lead is asked; for high and critical cases the council."""
    held = hold_unclosed(case)
    step = plan.step_of(held, number)
    _check(held, step, reason)
    step.reason = words.write(text=reason, now=now, case=held)
    step.proposed_at, step.proposed_by = now, actor
    step.save(update_fields=["reason", "proposed_at", "proposed_by"])
    timeline.record(
        case=held,
        kind=timeline.Kind.WAIVER_PROPOSED,
        now=now,
        actor=actor,
        words=step.reason,
        facts={"step": number},
    )
    if held.severity in BY_COUNCIL:
        escalation.escalate(
            case=held,
            reason=EscalationReason.WAIVER,
            ref=number,
            asked_by=actor,
            words=step.reason,
            now=now,
        )
    return step


@transaction.atomic
def grant(*, case: Case, actor: User, number: int, now: datetime) -> None:
    """Grant a proposed waiver. Raise `Refused` for whoever may not, or who proposed it."""
    held = hold_unclosed(case)
    step = plan.step_of(held, number)
    check_decider(held, step, actor)
    plan.waive(case=held, step=step, now=now, actor=actor, reason=step.reason)
    workflow.settle(case=held, now=now)


@transaction.atomic
def refuse(*, case: Case, actor: User, number: int, reason: str, now: datetime) -> None:
    """Refuse a proposed waiver with a reason; the step stays to be done."""
    held = hold_unclosed(case)
    step = plan.step_of(held, number)
    check_decider(held, step, actor)
    if not reason.strip():
        raise Refused("Say why the step has to be done.", field="reason")
    row = words.write(text=reason, now=now, case=held)
    Step.objects.filter(pk=step.pk).update(proposed_at=None, proposed_by=None, reason=None)
    timeline.record(
        case=held,
        kind=timeline.Kind.WAIVER_REFUSED,
        now=now,
        actor=actor,
        words=row,
        facts={"step": number},
    )


def check_decider(case: Case, step: Step, actor: User) -> None:
    """Raise `Refused` unless this person may decide this waiver."""
    if step.proposed_at is None or not step.is_open:
        raise Refused("No waiver is proposed for this step.")
    if case.severity in BY_COUNCIL and not actor.on_council:
        raise Refused("For a high or critical case the council grants waivers.")
    if case.severity not in BY_COUNCIL and not access.may_lead(actor, case):
        raise Refused("The team lead grants waivers.")
    if step.proposed_by_id == actor.pk:
        raise Refused("You proposed this yourself. Somebody else has to decide.")


def _check(case: Case, step: Step, reason: str) -> None:
    if not waivable(step.number, case.severity):
        raise Refused(f"{step.name} cannot be left out for a case of this severity.")
    if not step.is_open:
        raise Refused(f"{step.name} is already finished.")
    if step.proposed_at is not None:
        raise Refused("A waiver is proposed already and waits for a decision.")
    if not reason.strip():
        raise Refused("Say why this step may be left out.", field="reason")
