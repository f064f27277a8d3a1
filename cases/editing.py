"""Changing what a case says of itself: each change an event, some with a reason or a higher hand."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from cases import access, deadlines, escalation, letters, plan, timeline, words
from cases.enums import DueKind, EscalationReason, Fault, RemedyState, Severity, StepState
from cases.holders import check_holds
from cases.locking import hold, hold_for_step, hold_unclosed
from cases.models import Case, Contact, Due, Step
from cases.policy import rules_of
from cases.refusals import Refused

PLAIN_FIELDS = ("title", "category", "competitor", "public_exposure", "external_ref")


class Overtaken(Refused):
    """Somebody else saved in between. `theirs` holds what the row says now, so that no word is lost."""

    def __init__(self, theirs: Case) -> None:
        super().__init__("Somebody saved this case while you were writing. Both versions are shown below.")
        self.theirs = theirs


@transaction.atomic
def edit(*, case: Case, actor: User, changes: dict[str, Any], rev: int, now: datetime) -> Case:
    """Save plain fields of a case as read at revision `rev`. Raise `Overtaken` if it has moved on since, `Refused` for
    a reference another case carries.
    """
    held = hold(case)
    changed = {name: value for name, value in changes.items() if name in PLAIN_FIELDS and getattr(held, name) != value}
    if not changed:
        return held
    if held.rev != rev:
        raise Overtaken(held)
    _check_reference(held, changed.get("external_ref"))
    for name, value in changed.items():
        setattr(held, name, value)
    held.rev += 1
    held.save(update_fields=[*changed, "rev"])
    timeline.record(case=held, kind=timeline.Kind.EDITED, now=now, actor=actor, facts={"fields": sorted(changed)})
    return held


def _check_reference(case: Case, reference: str | None) -> None:
    """Raise `Refused` for a reference another case carries: whoever looks it up shall find one case."""
    others = Case.objects.filter(source=case.source, external_ref=reference or "").exclude(pk=case.pk)
    if reference and others.exists():
        raise Refused("Another case carries this reference. Add what tells the two apart.", field="external_ref")


@transaction.atomic
def assign(*, case: Case, actor: User | None, owner: User, now: datetime, reason: str = "") -> None:
    """Give the case to `owner`; open clocks follow, but those of steps given to somebody.

    Raise `Refused` for somebody who left, who only reads, or whom it is about.
    """
    held = hold(case)
    check_holds(owner, case=held)
    if held.owner_id == owner.pk:
        raise Refused(f"{owner.name} owns this case already.", field="owner")
    row = words.write(text=reason, now=now, case=held) if reason.strip() else None
    facts = {"from": held.owner_id, "to": owner.pk}
    running = Due.objects.filter(case=held, closed_at=None, kind__in=[DueKind.STEP, DueKind.SILENCE])
    given = Step.objects.filter(case=held, owner__isnull=False, state=StepState.PLANNED).values("number")
    running.exclude(kind=DueKind.STEP, ref__in=given).update(owner=owner)
    held.owner, held.team = owner, owner.team or held.team
    held.save(update_fields=["owner", "team"])
    deadlines.stop(case=held, kind=DueKind.UNASSIGNED, now=now)
    timeline.record(case=held, kind=timeline.Kind.ASSIGNED, now=now, actor=actor, words=row, facts=facts)
    if actor is None or actor.pk != owner.pk:
        letters.bell(
            user=owner,
            case=held,
            key=f"yours-{held.pk}-{now.isoformat()}",
            kind="assigned",
            now=now,
            facts={},
        )
    _ask_council(held, now)
    plan.refresh(held)


@transaction.atomic
def set_severity(*, case: Case, actor: User, severity: Severity, reason: str, now: datetime) -> None:
    """Raise the severity (anyone) or lower it (lead or council, with a reason).

    Steps still open get the new time from the moment of receipt; deadlines already missed stay missed. What was left
    out because it was low is planned again once it is more than that.
    """
    held = hold_unclosed(case)
    if Severity(severity) == held.severity:
        raise Refused("It is as severe as that already.", field="severity")
    lowers = Severity(severity).rank < Severity(held.severity).rank
    if lowers and not access.judges(actor, held):
        why = "Only the team lead or the council may lower the severity, and never of a case of their own."
        raise Refused(why, field="severity")
    if lowers and not reason.strip():
        raise Refused("Say why it is less severe than it was logged.", field="reason")
    facts = {"from": held.severity, "to": str(severity)}
    held.severity = severity
    held.save(update_fields=["severity"])
    row = words.write(text=reason, now=now, case=held) if reason.strip() else None
    timeline.record(case=held, kind=timeline.Kind.SEVERITY_SET, now=now, actor=actor, words=row, facts=facts)
    if facts["from"] == Severity.LOW:
        _plan_again(held, actor, now)
    _retime(held, now)
    _ask_council(held, now)
    plan.refresh(held)


def _plan_again(case: Case, actor: User, now: datetime) -> None:
    """Plan what only a small matter may leave out: steps 5, 6 and 8, the letter of step 9, the whole fast lane."""
    for number, step in plan.current_steps(case).items():
        low_only = number in plan.LEFT_OUT_IF_LOW or (case.fast_lane and number in plan.BY_FAST_LANE)
        if step.state == StepState.WAIVED and low_only:
            plan.plan_again(case=case, step=step, now=now, actor=actor, why="raised")
    if case.fast_lane:
        case.fast_lane = False
        case.save(update_fields=["fast_lane"])


def _ask_council(case: Case, now: datetime) -> None:
    """A waiver that waits goes with the case: from high up, and of a lead's own case, the council decides it."""
    if not access.council_decides(case):
        return
    waiting = Step.objects.filter(case=case, state=StepState.PLANNED, proposed_at__isnull=False)
    for step in waiting.select_related("reason", "proposed_by"):
        escalation.escalate(
            case=case,
            reason=EscalationReason.WAIVER,
            ref=step.number,
            asked_by=step.proposed_by,
            words=step.reason,
            now=now,
        )
        deadlines.stop(case=case, kind=DueKind.WAIVER, ref=step.number, now=now)


def _retime(case: Case, now: datetime) -> None:
    rules = rules_of(case.policy_version_id)
    running = Due.objects.filter(case=case, closed_at=None, kind__in=[DueKind.STEP, DueKind.SILENCE], due_at__gt=now)
    for due in running.select_related("case"):
        allowed, always = deadlines.time_for(due, rules, case.severity)
        if allowed:
            deadlines.retime(due, allowed=allowed, always=always, not_before=case.logged_at)


@transaction.atomic
def record_remedy(*, case: Case, actor: User, state: RemedyState, text: str, now: datetime) -> None:
    """Record what would make it right, in their words; or that they left it to us. Earlier answers stay readable."""
    held = hold(case)
    if state == RemedyState.TOLD and not text.strip():
        raise Refused("Write what they asked for, in their words.", field="remedy")
    row = words.write(text=text, now=now, case=held, part="remedy") if text.strip() else None
    held.remedy_state = state
    held.save(update_fields=["remedy_state"])
    timeline.record(
        case=held,
        kind=timeline.Kind.REMEDY_RECORDED,
        now=now,
        actor=actor,
        contact=held.reporter,
        words=row,
        facts={"state": str(state)},
    )


@transaction.atomic
def set_fault(*, case: Case, actor: User, fault: Fault, now: datetime) -> None:
    """Say whose fault it was. Asked after the remedy (Hitt, principle 1): refused before it."""
    held = hold(case)
    if held.remedy_state == RemedyState.NOT_ASKED:
        raise Refused("First ask what would make it right. Then look at whose fault it was.", field="fault")
    facts = {"from": held.fault, "to": str(fault)}
    held.fault = fault
    held.save(update_fields=["fault"])
    timeline.record(case=held, kind=timeline.Kind.FAULT_SET, now=now, actor=actor, facts=facts)


@transaction.atomic
def change_confirmer(*, case: Case, actor: User, contact: Contact, reason: str, now: datetime) -> None:
    """Say who confirms instead of the reporter, with a reason."""
    held = hold_unclosed(case)
    if contact.customer_id != held.customer_id:
        raise Refused("This person belongs to another customer.", field="contact")
    if not reason.strip():
        raise Refused("Say why somebody else confirms.", field="reason")
    row = words.write(text=reason, now=now, case=held)
    facts = {"from": held.confirmer_id, "to": contact.pk}
    held.confirmer = contact
    held.save(update_fields=["confirmer"])
    timeline.record(case=held, kind=timeline.Kind.CONFIRMER_CHANGED, now=now, actor=actor, words=row, facts=facts)


@transaction.atomic
def give_step(*, case: Case, actor: User, number: int, owner: User, now: datetime) -> None:
    """Give one open step to somebody; its clock follows. Never to whom the complaint is about, nor to an auditor."""
    held = hold_for_step(case, number)
    check_holds(owner, case=held)
    step = plan.step_of(held, number)
    if step.state != StepState.PLANNED:
        raise Refused(f"{step.name} is already finished.")
    Step.objects.filter(pk=step.pk).update(owner=owner)
    Due.objects.filter(case=held, kind=DueKind.STEP, ref=number, closed_at=None).update(owner=owner)
    timeline.record(
        case=held,
        kind=timeline.Kind.ASSIGNED,
        now=now,
        actor=actor,
        facts={"step": number, "to": owner.pk},
    )
