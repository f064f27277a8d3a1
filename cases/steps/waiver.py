"""Waivers: the owner proposes with a reason; the lead grants, for high and critical cases the council.

The council too where the owner leads the team: nobody grants on their own case.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases import access, deadlines, escalation, plan, presence, timeline, words, workflow
from cases.enums import DueKind, EscalationReason, Severity, StepNumber
from cases.locking import hold_for_step
from cases.models import Case, Step
from cases.policy import rules_of
from cases.refusals import Refused
from cases.steps.institutionalize import NO_CHANGE

ANY_SEVERITY = (StepNumber.CONTAIN, StepNumber.GO_BEYOND, StepNumber.INSTITUTIONALIZE)
LOW_ONLY = (StepNumber.ROOT_CAUSE, StepNumber.LEARNINGS, StepNumber.COUNCIL)


def waivable(number: int, severity: str) -> bool:
    """Tell whether a step may be waived at all: 1, 3 and 7 never; 5, 6 and 8 only for low severity.

    Of step 9 only the change may be waived from normal severity up: see `letter_stays`.
    """
    return number in ANY_SEVERITY or (number in LOW_ONLY and severity == Severity.LOW)


def letter_stays(number: int, severity: str) -> bool:
    """Tell whether waiving leaves a letter due: "you said, we changed" then says what we found and why it stays."""
    return number == StepNumber.INSTITUTIONALIZE and severity != Severity.LOW


@transaction.atomic
def propose(*, case: Case, actor: User, number: int, reason: str, now: datetime) -> Step:
    """Propose to leave a step out, with a reason. The lead is asked; for high and critical cases the council."""
    held = hold_for_step(case, number)
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
    if access.council_decides(held):
        about = {"ref": number, "asked_by": actor, "words": step.reason}
        escalation.escalate(case=held, reason=EscalationReason.WAIVER, now=now, **about)
    else:
        _ask_lead(held, number, now)
    return step


@transaction.atomic
def grant(*, case: Case, actor: User, number: int, now: datetime) -> None:
    """Grant a proposed waiver. Raise `Refused` for whoever may not, or who proposed it.

    Where the letter stays, the step is not waived: it is noted that no change is needed, and the letter is due.
    """
    held = hold_for_step(case, number)
    step = plan.step_of(held, number)
    check_decider(held, step, actor)
    if not waivable(number, held.severity):
        raise Refused(f"{step.name} cannot be left out for a case of this severity. Refuse the proposal.")
    if letter_stays(number, held.severity):
        _waive_change(held, step, actor, now)
        return
    plan.waive(case=held, step=step, now=now, actor=actor, reason=step.reason)
    workflow.settle(case=held, now=now)


@transaction.atomic
def refuse(*, case: Case, actor: User, number: int, reason: str, now: datetime) -> None:
    """Refuse a proposed waiver with a reason; the step stays to be done."""
    held = hold_for_step(case, number)
    step = plan.step_of(held, number)
    check_decider(held, step, actor)
    if not reason.strip():
        raise Refused("Say why the step has to be done.", field="reason")
    row = words.write(text=reason, now=now, case=held)
    Step.objects.filter(pk=step.pk).update(proposed_at=None, proposed_by=None, reason=None)
    _answered(held, number, now)
    timeline.record(
        case=held,
        kind=timeline.Kind.WAIVER_REFUSED,
        now=now,
        actor=actor,
        words=row,
        facts={"step": number},
    )


def may_decide(*, case: Case, step: Step, user: User) -> bool:
    """Tell whether this person grants or refuses the proposed waiver on the case page itself, not on the docket."""
    mine = access.may_lead(user, case) and step.proposed_by_id != user.pk
    return mine and step.proposed_at is not None and not access.council_decides(case)


def check_decider(case: Case, step: Step, actor: User) -> None:
    """Raise `Refused` unless this person may decide this waiver."""
    if step.proposed_at is None or not step.is_open:
        raise Refused("No waiver is proposed for this step.")
    by_council = access.council_decides(case)
    if by_council and not actor.on_council:
        raise Refused("The council grants this waiver: the case is high or critical, or its owner leads the team.")
    if not by_council and not access.may_lead(actor, case):
        raise Refused("The team lead grants waivers.")
    if step.proposed_by_id == actor.pk:
        raise Refused("You proposed this yourself. Somebody else has to decide.")


def _ask_lead(case: Case, number: int, now: datetime) -> None:
    """Put the question on the desk of the lead, or of whoever stands in."""
    lead = presence.first_present(presence.lead_of(case), case, now)
    allowed = rules_of(case.policy_version_id).time("decision", case.severity)
    about = {"kind": DueKind.WAIVER, "ref": int(number), "allowed": allowed, "started_at": now}
    deadlines.start(case=case, owner_id=lead.pk if lead else None, **about)
    plan.refresh(case)


def _answered(case: Case, number: int, now: datetime) -> None:
    """Stop the clock of the question."""
    if deadlines.stop(case=case, kind=DueKind.WAIVER, ref=int(number), now=now):
        plan.refresh(case)


def _waive_change(case: Case, step: Step, actor: User, now: datetime) -> None:
    step.note, step.proposed_at = NO_CHANGE, None
    step.save(update_fields=["note", "proposed_at"])
    _answered(case, step.number, now)
    facts = {"step": step.number, "part": "change"}
    timeline.record(case=case, kind=timeline.Kind.STEP_WAIVED, now=now, actor=actor, words=step.reason, facts=facts)


def _check(case: Case, step: Step, reason: str) -> None:
    if not waivable(step.number, case.severity):
        raise Refused(f"{step.name} cannot be left out for a case of this severity.")
    if not step.is_open:
        raise Refused(f"{step.name} is already finished.")
    if step.note == NO_CHANGE:
        raise Refused("It is settled that nothing needs to change. The letter that says so is still to be sent.")
    if step.proposed_at is not None:
        raise Refused("A waiver is proposed already and waits for a decision.")
    if not reason.strip():
        raise Refused("Say why this step may be left out.", field="reason")
