"""Decisions about a gesture: approve, change, decline; above the chair's limit two members approve."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import User
from cases import letters, timeline, words
from cases.enums import GestureState
from cases.locking import hold
from cases.models import Escalation, Gesture
from cases.policy import rules_of
from cases.refusals import Refused
from cases.stake import at_home
from cases.steps import go_beyond
from council.models import Approval, DecisionKind
from council.ruling import Ruling


def approve(ruling: Ruling) -> bool:
    """Approve the gesture as it stands; False while a second member still has to."""
    return _approve(ruling, _gesture(ruling))


def change(ruling: Ruling) -> bool:
    """Give the gesture other words or another cost, then approve it; earlier approvals fall away."""
    gesture = _gesture(ruling)
    what = ruling.what.strip()
    if what in ("", gesture.words.text.strip()) and ruling.cost in (None, gesture.cost):
        raise Refused(
            "Nothing is different. Change what is given or what it costs, or approve it as it is.", field="what"
        )
    if ruling.cost is not None and ruling.cost < 0:
        raise Refused("A cost cannot be below zero.", field="cost")
    if what:
        gesture.words = words.write(text=what, now=ruling.now, case=ruling.case)
    gesture.cost = gesture.cost if ruling.cost is None else ruling.cost
    gesture.save(update_fields=["words", "cost"])
    Approval.objects.filter(escalation=ruling.entry).delete()
    return _approve(ruling, gesture)


def decline(ruling: Ruling) -> bool:
    """Decline the gesture; the reason says what instead."""
    _decide(ruling, _gesture(ruling), GestureState.DECLINED)
    return True


@transaction.atomic
def withdraw_approval(*, entry: Escalation, actor: User, now: datetime) -> None:
    """Take one's own approval back while a second member's is waited for; the gesture lies there as before.

    Raise `Refused` once it was decided, and for whoever has approved nothing.
    """
    case = hold(entry.case_id)
    kept = Escalation.objects.select_for_update(no_key=True).get(pk=entry.pk)
    if kept.decided_at is not None:
        raise Refused("A second member has decided in the meantime. The decision log says how.")
    if not Approval.objects.filter(escalation=kept, user=actor).delete()[0]:
        raise Refused("There is no approval of yours to take back here. Reload the page to see where it stands.")
    facts = {"escalation": kept.pk, "reason": kept.reason}
    timeline.record(case=case, kind=timeline.Kind.APPROVAL_WITHDRAWN, now=now, actor=actor, facts=facts)


def needs_two(gesture: Gesture, ruling: Ruling) -> bool:
    """Tell whether the cost is above the chair's limit. Where only the sponsor is left, the sponsor is enough."""
    limit = rules_of(ruling.case.policy_version_id)["gesture_limits"].get("chair", 0)
    cost = at_home(gesture.cost, gesture.currency, home=settings.HOME_CURRENCY, on=ruling.now.date())
    return cost > limit and bool(ruling.bench.members)


def _gesture(ruling: Ruling) -> Gesture:
    rows = Gesture.objects.select_for_update(no_key=True, of=("self",)).select_related("words")
    gesture = rows.filter(pk=ruling.entry.ref, case=ruling.case).first()
    if gesture is None or gesture.state != GestureState.PROPOSED:
        raise Refused("This gesture has been decided already. Reload the page to see how.")
    return gesture


def _approve(ruling: Ruling, gesture: Gesture) -> bool:
    earlier = Approval.objects.filter(escalation=ruling.entry, cost=gesture.cost)
    if earlier.filter(user=ruling.actor).exists():
        raise Refused("You have approved this already. It costs more than one member may grant: a second one decides.")
    if needs_two(gesture, ruling) and not earlier.exists():
        _first(ruling, gesture)
        return False
    _decide(ruling, gesture, GestureState.APPROVED)
    return True


def _decide(ruling: Ruling, gesture: Gesture, state: GestureState) -> None:
    go_beyond.decide(gesture=gesture, case=ruling.case, actor=ruling.actor, state=state, now=ruling.now)


def _first(ruling: Ruling, gesture: Gesture) -> None:
    """Keep the first approval and tell the others that a second is needed."""
    Approval.objects.create(
        escalation=ruling.entry, user=ruling.actor, words=ruling.row, cost=gesture.cost, at=ruling.now
    )
    timeline.record(
        case=ruling.case,
        kind=timeline.Kind.DECIDED,
        now=ruling.now,
        actor=ruling.actor,
        words=ruling.row,
        facts={
            "kind": DecisionKind(ruling.kind).value,
            "escalation": ruling.entry.pk,
            "reason": ruling.entry.reason,
            "first_of_two": True,
            "cost": gesture.cost,
            "currency": gesture.currency,
        },
    )
    for member in (*ruling.bench.members, *ruling.bench.sponsors):
        if member.pk not in (ruling.actor.pk, gesture.proposed_by_id, ruling.case.owner_id):
            key = f"second-{ruling.entry.pk}-{ruling.actor.pk}-{gesture.cost}-{ruling.row.pk}"
            letters.bell(
                user=member,
                case=ruling.case,
                key=key,
                kind="second_vote",
                now=ruling.now,
                facts={"who": ruling.actor.name},
            )
