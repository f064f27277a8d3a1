"""4 · Go beyond (Connelly, method 4): a gesture that fits the failure, never in place of the fix.

Within the owner's limit no approval is needed; above it the docket decides. Costs are minor units.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import User
from cases import entries, escalation, legal, plan, timeline, words, workflow
from cases.enums import ClearanceKind, EntryKind, EscalationReason, GestureKind, GestureState, StepNumber
from cases.locking import hold_unclosed
from cases.models import Case, Gesture
from cases.policy import rules_of
from cases.refusals import Refused
from cases.stake import at_home, is_known

NUMBER = StepNumber.GO_BEYOND


@transaction.atomic
def propose(
    *,
    case: Case,
    actor: User,
    kind: GestureKind,
    what: str,
    why: str,
    cost: int,
    currency: str,
    now: datetime,
) -> Gesture:
    """Propose a gesture: approved at once within the actor's limit, else laid before the council.

    Raise `Refused` without what and why, while another gesture waits or is under way, or once the step is finished.
    """
    held = hold_unclosed(case)
    if not plan.step_of(held, NUMBER).is_open:
        raise Refused("This step is finished: a gesture has reached them, or it was left out.")
    _check(held, what, why)
    gesture = Gesture.objects.create(
        case=held,
        round=held.round,
        kind=kind,
        words=words.write(text=what, now=now, case=held),
        why=words.write(text=why, now=now, case=held),
        cost=cost,
        currency=currency,
        proposed_by=actor,
        proposed_at=now,
    )
    facts = {"gesture": gesture.pk, "cost": cost, "currency": currency, "kind": str(kind)}
    timeline.record(
        case=held, kind=timeline.Kind.GESTURE_PROPOSED, now=now, actor=actor, words=gesture.words, facts=facts
    )
    if within_limit(gesture, actor, now):
        decide(gesture=gesture, case=held, actor=actor, state=GestureState.APPROVED, now=now)
    else:
        asked = {"ref": gesture.pk, "asked_by": actor, "words": gesture.words}
        escalation.escalate(case=held, reason=EscalationReason.GESTURE, now=now, **asked)
    return gesture


def within_limit(gesture: Gesture, user: User, now: datetime) -> bool:
    """Tell whether somebody may approve this gesture alone. A cost nobody can convert is for the council."""
    if not is_known(gesture.currency, home=settings.HOME_CURRENCY, on=now.date()):
        return False
    cost = at_home(gesture.cost, gesture.currency, home=settings.HOME_CURRENCY, on=now.date())
    return cost <= rules_of(gesture.case.policy_version_id).gesture_limit(user.roles)


def decide(*, gesture: Gesture, case: Case, actor: User, state: GestureState, now: datetime) -> None:
    """Approve or decline a proposed gesture inside the caller's transaction."""
    if gesture.state != GestureState.PROPOSED:
        raise Refused("This gesture has been decided already.")
    gesture.state, gesture.approved_by, gesture.approved_at = state, actor, now
    gesture.save(update_fields=["state", "approved_by", "approved_at"])
    timeline.record(
        case=case,
        kind=timeline.Kind.GESTURE_DECIDED,
        now=now,
        actor=actor,
        words=gesture.words,
        facts={
            "gesture": gesture.pk,
            "state": str(state),
            "cost": gesture.cost,
            "currency": gesture.currency,
        },
    )


@transaction.atomic
def deliver(*, gesture: Gesture, actor: User, text: str, now: datetime) -> None:
    """Say how the gesture reached them, and complete the step.

    Raise `Refused` unless it was approved, and on a legal matter unless counsel cleared it, which is an offer too.
    """
    held = hold_unclosed(gesture.case_id)
    kept = Gesture.objects.select_for_update(no_key=True).select_related("words").get(pk=gesture.pk)
    if kept.state == GestureState.PROPOSED:
        raise Refused("The council has not approved this gesture yet.")
    if kept.state != GestureState.APPROVED:
        raise Refused("This gesture was declined or delivered already.")
    if not text.strip():
        raise Refused("Write how it reached them.", field="text")
    legal.check_cleared(case=held, kind=ClearanceKind.OFFER, text=kept.words.text)
    kept.state, kept.delivered_at = GestureState.DELIVERED, now
    kept.save(update_fields=["state", "delivered_at"])
    entries.write_entry(case=held, actor=actor, kind=EntryKind.NOTE, text=text, now=now)
    timeline.record(
        case=held,
        kind=timeline.Kind.GESTURE_DELIVERED,
        now=now,
        actor=actor,
        words=kept.words,
        facts={"gesture": kept.pk},
    )
    workflow.finish_step(case=held, number=NUMBER, now=now, actor=actor, note=kept.kind)


def _check(case: Case, what: str, why: str) -> None:
    if not what.strip():
        raise Refused("Say what you would like to give.", field="what")
    if not why.strip():
        raise Refused("Say why it fits what went wrong: the time, trust, effort or money it cost them.", field="why")
    under_way = Gesture.objects.filter(case=case, round=case.round).exclude(
        state__in=[GestureState.DECLINED, GestureState.DELIVERED]
    )
    if under_way.exists():
        raise Refused("A gesture is under way already. Deliver it, or wait for the council.")
