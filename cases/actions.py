"""Actions: something somebody does by a moment, done and, where it matters, checked by somebody else."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases import deadlines, plan, timeline, words
from cases.enums import ActionKind, DueKind, Severity
from cases.holders import check_holds
from cases.locking import hold, hold_to_plan
from cases.models import Action, Case, Cause, Change
from cases.refusals import Refused

STRICT = (Severity.HIGH, Severity.CRITICAL)


@transaction.atomic
def plan_action(
    *,
    case: Case,
    actor: User,
    kind: ActionKind,
    text: str,
    owner: User,
    due_at: datetime,
    now: datetime,
    cause: Cause | None = None,
) -> Action:
    """Plan an action with owner and due time; its clock starts, of a merged case on the surviving one.

    Raise `Refused` without text, for a past time, on imported history, or for somebody who cannot take it.
    """
    if not text.strip():
        raise Refused("Say what is to be done.", field="text")
    if due_at <= now:
        raise Refused("This time has passed. By when will it be done?", field="due_at")
    held = hold_to_plan(case)
    check_holds(owner, case=held)
    row = words.write(text=text, now=now, case=held)
    action = Action.objects.create(
        case=held, cause=cause, kind=kind, words=row, owner=owner, planned_at=now, due_at=due_at
    )
    deadlines.start(
        case=held,
        kind=DueKind.ACTION,
        ref=action.pk,
        allowed="",
        started_at=now,
        due_at=due_at,
        owner_id=owner.pk,
    )
    _tell(held, timeline.Kind.ACTION_PLANNED, action, actor, now)
    plan.refresh(held)
    return action


@transaction.atomic
def finish_action(*, action: Action, actor: User, now: datetime) -> None:
    """Mark an action done by the person who says so."""
    held = hold(action.case_id)
    kept = Action.objects.select_for_update(no_key=True).select_related("words").get(pk=action.pk)
    if kept.done_at:
        raise Refused("This action is done already. Reload the page to see by whom.")
    kept.done_at, kept.done_by = now, actor
    kept.save(update_fields=["done_at", "done_by"])
    deadlines.stop(case=held, kind=DueKind.ACTION, ref=kept.pk, now=now)
    _tell(held, timeline.Kind.ACTION_DONE, kept, actor, now)
    plan.refresh(held)


@transaction.atomic
def check_action(*, action: Action, actor: User, now: datetime) -> None:
    """Confirm that a done action holds (Contain).

    For high and critical cases the own check is refused: of whoever did it, and of whose action it is, be it that a
    colleague pressed the button.
    """
    held = hold(action.case_id)
    kept = Action.objects.select_for_update(no_key=True).select_related("words").get(pk=action.pk)
    if not kept.done_at:
        raise Refused("This action is not done yet. Mark it done first, then have it checked.")
    if kept.checked_at:
        raise Refused("This action has been checked already.")
    if held.severity in STRICT and actor.pk in (kept.done_by_id, kept.owner_id):
        raise Refused("This is your own action. For a high or critical case somebody else has to check it.")
    kept.checked_at, kept.checked_by = now, actor
    kept.save(update_fields=["checked_at", "checked_by"])
    _tell(held, timeline.Kind.ACTION_CHECKED, kept, actor, now)


def _tell(case: Case, kind: timeline.Kind, action: Action, actor: User, now: datetime) -> None:
    facts = {"action": action.pk, "kind": str(action.kind), "due_at": action.due_at.isoformat()}
    facts["own_check"] = kind == timeline.Kind.ACTION_CHECKED and actor.pk in (action.done_by_id, action.owner_id)
    timeline.record(case=case, kind=kind, now=now, actor=actor, words=action.words, facts=facts)


@transaction.atomic
def remove_containment(*, action: Action, actor: User, why: Action.Removal, now: datetime) -> None:
    """Take a containment off the list: the fix replaced it, or it stays as a change (product: Contain).

    Raise `Refused` for one that is not done or off the list already, before a corrective action of the cause is done
    where the fix shall replace it, and before a change was entered where it shall stay as one.
    """
    held = hold(action.case_id)
    kept = Action.objects.select_for_update(no_key=True).select_related("words").get(pk=action.pk)
    if kept.kind != ActionKind.CONTAINMENT or not kept.done_at:
        raise Refused("Only a containment that is in place can be taken off the list.")
    if kept.removed_at:
        raise Refused("This containment is off the list already. Reload the page to see by whom.")
    _check_replaced(held, why)
    kept.removed_at, kept.removed_why = now, Action.Removal(why)
    kept.save(update_fields=["removed_at", "removed_why"])
    facts = {"action": kept.pk, "why": str(kept.removed_why)}
    timeline.record(
        case=held, kind=timeline.Kind.CONTAINMENT_REMOVED, now=now, actor=actor, words=kept.words, facts=facts
    )


def _check_replaced(case: Case, why: Action.Removal) -> None:
    """Refuse to lift a guard with nothing behind it. Without a cause the customer's own word is what is behind it."""
    cause = Cause.objects.filter(case_causes__case=case).first()
    if why == Action.Removal.ADOPTED:
        changes = Change.objects.filter(cause=cause) if cause else Change.objects.filter(case=case)
        if not changes.exists():
            raise Refused("Enter it as a change first, in step 9: what, where, whose, since when. Then it may stay.")
        return
    if cause is None and case.is_open:
        raise Refused("No cause is named, so nothing says that the fix is in place. Name the cause in step 5 first.")
    fixes = Action.objects.filter(cause=cause, kind=ActionKind.CORRECTIVE, done_at__isnull=False)
    if cause is not None and not fixes.exists():
        raise Refused("The fix is not in place yet: no corrective action of the cause is done. Leave the guard up.")
