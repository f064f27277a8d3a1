"""What each decision does to the case, at once and inside the decision's own transaction.

Each act returns True when it took effect, False while something is still needed, and raises `Refused` where the
rules of the case forbid it.
"""

from collections.abc import Callable

from cases import actions, editing, ending, letters, plan
from cases.enums import ActionKind, CauseState, StepNumber
from cases.holders import check_holds
from cases.models import CaseCause, CaseReader, Cause
from cases.refusals import Refused
from cases.steps import resolve, root_cause, waiver
from council import gestures
from council.models import DecisionKind
from council.ruling import Ruling


def take_effect(ruling: Ruling) -> bool:
    """Do what was decided."""
    return ACTS[ruling.kind](ruling)


def reassign(ruling: Ruling) -> bool:
    """Give the case to somebody else; the clocks follow."""
    if ruling.owner is None:
        raise Refused("Choose who takes the case over.", field="owner")
    editing.assign(case=ruling.case, actor=ruling.actor, owner=ruling.owner, now=ruling.now, reason=ruling.reason)
    return True


def name_sponsor(ruling: Ruling) -> bool:
    """Name a senior person who stands behind the case: a reader of it, and owner of step 8 while that is open."""
    person = ruling.owner
    if person is None:
        raise Refused("Choose who stands behind this case.", field="owner")
    check_holds(person, case=ruling.case)
    if person.pk == ruling.case.owner_id:
        raise Refused(f"{person.name} owns this case already. A sponsor stands beside the owner.", field="owner")
    CaseReader.objects.get_or_create(
        case=ruling.case, user=person, defaults={"named_by": ruling.actor, "named_at": ruling.now}
    )
    if plan.step_of(ruling.case, StepNumber.COUNCIL).is_open:
        editing.give_step(case=ruling.case, actor=ruling.actor, number=StepNumber.COUNCIL, owner=person, now=ruling.now)
    letters.to_colleague(
        user=person,
        case=ruling.case,
        key=f"sponsor-{ruling.entry.pk}-{person.pk}-{ruling.now.timestamp():.0f}",
        template="sponsor",
        now=ruling.now,
        facts={"who": ruling.actor.name, "words": ruling.reason},
    )
    return True


def order_action(ruling: Ruling) -> bool:
    """Order something to be done by somebody, by a moment."""
    _order(ruling, ActionKind.IMMEDIATE, what="Say what is to be done.", who="Choose who does it.")
    return True


def grant_resources(ruling: Ruling) -> bool:
    """Grant people, time or money; somebody sees to it that they are there, by a moment."""
    _order(ruling, ActionKind.IMMEDIATE, what="Say what is granted.", who="Choose who sees to it.")
    return True


def order_change(ruling: Ruling) -> bool:
    """Order a change of how we work: a corrective action of the cause, where the case has one already."""
    linked = CaseCause.objects.filter(case=ruling.case).select_related("cause").order_by("-id").first()
    cause = linked.cause if linked else None
    who = "Choose who changes it."
    _order(ruling, ActionKind.CORRECTIVE, what="Say what is to be changed.", who=who, cause=cause)
    if cause is not None and cause.state == CauseState.PROVED:
        root_cause.start_institutionalize(case=ruling.case, cause=cause, now=ruling.now)
    return True


def _order(ruling: Ruling, kind: ActionKind, *, what: str, who: str, cause: Cause | None = None) -> None:
    """Plan the action that follows from the decision; `what` and `who` are the refusals where either lacks."""
    if not ruling.what.strip():
        raise Refused(what, field="what")
    if ruling.owner is None:
        raise Refused(who, field="owner")
    if ruling.due_at is None:
        raise Refused("Say by when.", field="due_at")
    action = actions.plan_action(
        case=ruling.case,
        cause=cause,
        actor=ruling.actor,
        kind=kind,
        text=ruling.what,
        owner=ruling.owner,
        due_at=ruling.due_at,
        now=ruling.now,
    )
    ruling.ordered.append(action)


def accept_silence(ruling: Ruling) -> bool:
    """Accept the silence; the step's own rule refuses it before ten working days or without a call."""
    resolve.accept_silence(case=ruling.case, actor=ruling.actor, reason=ruling.row, now=ruling.now)
    return True


def grant_waiver(ruling: Ruling) -> bool:
    """Let the step be left out."""
    waiver.grant(case=ruling.case, actor=ruling.actor, number=ruling.entry.ref, now=ruling.now)
    return True


def refuse_waiver(ruling: Ruling) -> bool:
    """Refuse the waiver; the step stays to be done."""
    waiver.refuse(case=ruling.case, actor=ruling.actor, number=ruling.entry.ref, reason=ruling.reason, now=ruling.now)
    return True


def not_agreed(ruling: Ruling) -> bool:
    """Send the final answer and close the case as not agreed; refused before two results were refused."""
    if ruling.answer is None:
        raise Refused("Write the final answer.", field="found")
    ending.not_agreed(case=ruling.case, actor=ruling.actor, answer=ruling.answer, now=ruling.now)
    return True


def back_owner(ruling: Ruling) -> bool:
    """Change nothing: what the owner does is right."""
    return True


ACTS: dict[str, Callable[[Ruling], bool]] = {
    DecisionKind.APPROVE_GESTURE: gestures.approve,
    DecisionKind.CHANGE_GESTURE: gestures.change,
    DecisionKind.DECLINE_GESTURE: gestures.decline,
    DecisionKind.REASSIGN: reassign,
    DecisionKind.NAME_SPONSOR: name_sponsor,
    DecisionKind.RESOURCES: grant_resources,
    DecisionKind.ORDER_ACTION: order_action,
    DecisionKind.ORDER_CHANGE: order_change,
    DecisionKind.ACCEPT_SILENCE: accept_silence,
    DecisionKind.GRANT_WAIVER: grant_waiver,
    DecisionKind.REFUSE_WAIVER: refuse_waiver,
    DecisionKind.NOT_AGREED: not_agreed,
    DecisionKind.BACK_OWNER: back_owner,
    DecisionKind.SEND_BACK: back_owner,
}
