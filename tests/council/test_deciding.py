"""Each decision acts on the case at once, and who may take it."""

from datetime import timedelta

import pytest

from cases import actions, entries, escalation
from cases.enums import ActionKind, CaseState, EntryKind, EscalationReason, GestureKind, GestureState, StepState
from cases.models import Action, CaseReader, Due, Escalation, Event, Gesture, Step
from cases.refusals import Refused
from cases.steps import go_beyond, resolve, waiver
from cases.timeline import faults
from council import deciding, sweep
from council.models import Approval, Decision, DecisionKind
from mail.models import Message, Notice
from tests import builders
from tests.builders import NOON

HOUR = timedelta(hours=1)
K = DecisionKind


def by_hand(people, **fields):
    case = builders.case(owner=people.owner, **fields)
    return case, escalation.escalate(case=case, reason=EscalationReason.BY_HAND, asked_by=people.owner, now=NOON)


def proposed(people, cost=450_000, **fields):
    case = builders.case(owner=people.owner, **fields)
    gesture = go_beyond.propose(
        case=case, actor=people.owner, kind=GestureKind.TIME, what="One month of buffer stock",
        why="It cost them a weekend.", cost=cost, currency="CHF", now=NOON,
    )  # fmt: skip
    return gesture, Escalation.objects.get(reason=EscalationReason.GESTURE, case=case)


def decide(entry, actor, kind, *, reason="It fits.", now=NOON + HOUR, **facts):
    return deciding.decide(escalation=entry, actor=actor, kind=kind, reason=reason, now=now, **facts)


def test_approving_a_gesture_approves_it_at_once_and_clears_the_docket(people):
    gesture, entry = proposed(people)
    decision = decide(entry, people.member, K.APPROVE_GESTURE)
    gesture.refresh_from_db()
    entry.refresh_from_db()
    assert (gesture.state, gesture.approved_by) == (GestureState.APPROVED, people.member)
    assert entry.decided_at == NOON + HOUR
    assert (decision.author, decision.words.text) == (people.member, "It fits.")
    assert not Due.objects.filter(kind="decision", closed_at=None).exists()
    assert faults(entry.case_id) == []


def test_a_decision_completes_step_8_and_is_told_to_the_owner(people):
    _, entry = proposed(people)
    decision = decide(entry, people.member, K.APPROVE_GESTURE)
    step = Step.objects.get(case=entry.case_id, number=8)
    assert (step.state, step.note) == (StepState.DONE, "decided")
    assert Message.objects.filter(key=f"decided-{decision.pk}-{people.owner.pk}").count() == 1
    assert Notice.objects.filter(user=people.owner, kind="decided").count() == 1
    assert Event.objects.filter(case=entry.case_id, kind="decided").count() == 1


def test_declining_a_gesture_says_what_instead(people):
    gesture, entry = proposed(people)
    decide(entry, people.member, K.DECLINE_GESTURE, reason="Send an engineer for a day instead.")
    gesture.refresh_from_db()
    assert gesture.state == GestureState.DECLINED


def test_changing_a_gesture_writes_the_new_words_and_cost_and_approves(people):
    gesture, entry = proposed(people)
    decide(entry, people.member, K.CHANGE_GESTURE, gesture_words="Two weeks of buffer stock", gesture_cost=200_000)
    gesture.refresh_from_db()
    assert (gesture.words.text, gesture.cost, gesture.state) == (
        "Two weeks of buffer stock", 200_000, GestureState.APPROVED,
    )  # fmt: skip


def test_changing_nothing_is_refused(people):
    _, entry = proposed(people)
    with pytest.raises(Refused, match="Nothing is different") as refused:
        decide(entry, people.member, K.CHANGE_GESTURE, gesture_words="One month of buffer stock", gesture_cost=450_000)
    assert refused.value.field == "what"


def test_above_the_chairs_limit_two_members_approve(people):
    gesture, entry = proposed(people, cost=2_500_000)
    assert decide(entry, people.member, K.APPROVE_GESTURE) is None
    gesture.refresh_from_db()
    assert (gesture.state, Approval.objects.count(), Decision.objects.count()) == (GestureState.PROPOSED, 1, 0)
    with pytest.raises(Refused, match="a second one decides"):
        decide(entry, people.member, K.APPROVE_GESTURE, now=NOON + 2 * HOUR)
    decision = decide(entry, people.chair, K.APPROVE_GESTURE, now=NOON + 2 * HOUR)
    gesture.refresh_from_db()
    assert (gesture.state, decision.author) == (GestureState.APPROVED, people.chair)


def test_a_change_above_the_limit_needs_both_approvals_anew(people):
    gesture, entry = proposed(people, cost=2_500_000)
    decide(entry, people.member, K.APPROVE_GESTURE)
    assert decide(entry, people.chair, K.CHANGE_GESTURE, gesture_cost=2_400_000) is None
    assert list(Approval.objects.values_list("user", "cost")) == [(people.chair.pk, 2_400_000)]
    decide(entry, people.member, K.APPROVE_GESTURE)
    gesture.refresh_from_db()
    assert gesture.state == GestureState.APPROVED


def test_the_sponsor_may_be_the_second(people):
    gesture, entry = proposed(people, cost=2_500_000)
    decide(entry, people.member, K.APPROVE_GESTURE)
    decide(entry, people.sponsor, K.APPROVE_GESTURE)
    gesture.refresh_from_db()
    assert gesture.state == GestureState.APPROVED


def test_reassigning_moves_case_and_clocks(people):
    case, entry = by_hand(people)
    decide(entry, people.member, K.REASSIGN, owner=people.colleague)
    case.refresh_from_db()
    assert case.owner == people.colleague
    assert set(Due.objects.filter(case=case, kind="step", closed_at=None).values_list("owner", flat=True)) == {
        people.colleague.pk
    }


def test_nobody_stands_behind_a_complaint_about_themselves(people):
    case, entry = by_hand(people, about_user=people.sponsor)
    with pytest.raises(Refused, match="The complaint is about Vera Lindt") as no:
        decide(entry, people.member, K.NAME_SPONSOR, owner=people.sponsor)
    told = Message.objects.filter(template="sponsor").exists()
    assert (no.value.field, CaseReader.objects.filter(case=case).exists(), told) == ("owner", False, False)


def test_naming_a_sponsor_opens_the_case_to_them(people):
    case, entry = by_hand(people)
    decision = decide(entry, people.member, K.NAME_SPONSOR, owner=people.sponsor)
    assert decision.owner == people.sponsor
    assert CaseReader.objects.filter(case=case, user=people.sponsor).exists()
    assert Message.objects.filter(template="sponsor").count() == 1


def test_ordering_an_action_plans_it_with_owner_and_due_time(people):
    _, entry = by_hand(people)
    decide(
        entry, people.member, K.ORDER_ACTION, what="Drive the parts there", owner=people.colleague,
        due_at=NOON + 5 * HOUR,
    )  # fmt: skip
    action = Action.objects.get()
    assert (action.kind, action.owner, action.due_at) == (ActionKind.IMMEDIATE, people.colleague, NOON + 5 * HOUR)


def test_backing_the_owner_changes_nothing_but_the_docket(people):
    case, entry = by_hand(people)
    decide(entry, people.member, K.BACK_OWNER)
    case.refresh_from_db()
    assert (case.owner, case.state) == (people.owner, CaseState.OPEN)
    assert not Escalation.objects.filter(decided_at=None).exists()


def silent_case(people):
    case = builders.acknowledged(builders.case(owner=people.owner))
    builders.ready_to_offer(case, now=NOON + HOUR)
    resolve.offer(case=case, actor=people.owner, text="Forty by courier", now=NOON + HOUR)
    resolve.carry_out(case=case, actor=people.owner, text="They arrived", by="Sven", at=NOON + HOUR, now=NOON + HOUR)
    asked = resolve.ask(case=case, actor=people.owner, now=NOON + HOUR)
    return case, escalation.escalate(case=case, reason=EscalationReason.SILENT, ref=asked.pk, now=NOON + 2 * HOUR)


def test_silence_is_accepted_only_after_ten_days_and_a_call(people):
    case, entry = silent_case(people)
    with pytest.raises(Refused, match="ten working days"):
        decide(entry, people.member, K.ACCEPT_SILENCE)
    late = NOON + timedelta(days=20)
    with pytest.raises(Refused, match="tried to call"):
        decide(entry, people.member, K.ACCEPT_SILENCE, now=late)
    entries.add_entry(
        case=case, actor=people.owner, kind=EntryKind.CALL, text="Nobody answered", contact=case.reporter, now=late
    )
    decide(entry, people.member, K.ACCEPT_SILENCE, now=late)
    case.refresh_from_db()
    assert (case.state, case.rounds.get().silent) == (CaseState.RESOLVED, True)
    assert Step.objects.get(case=case, number=3).silent
    assert faults(case.pk) == []


@pytest.mark.parametrize(("kind", "state"), [(K.GRANT_WAIVER, StepState.WAIVED), (K.REFUSE_WAIVER, StepState.PLANNED)])
def test_a_waiver_of_a_high_case_is_decided_here(people, kind, state):
    case = builders.case(owner=people.owner, severity="high")
    waiver.propose(case=case, actor=people.owner, number=4, reason="They asked for nothing more", now=NOON)
    decide(Escalation.objects.get(reason="waiver"), people.member, kind)
    assert Step.objects.get(case=case, number=4).state == state


@pytest.mark.parametrize("who", ["lead", "owner", "colleague", "auditor"])
def test_whoever_does_not_sit_on_the_council_never_decides(people, who):
    _, entry = by_hand(people)
    with pytest.raises(Refused, match="Only members of the council decide"):
        decide(entry, getattr(people, who), K.BACK_OWNER)
    assert Decision.objects.count() == 0


def test_nobody_decides_on_a_case_of_their_own(people):
    case = builders.case(owner=people.member)
    entry = escalation.escalate(case=case, reason=EscalationReason.REFUSED, now=NOON)
    with pytest.raises(Refused, match="your own case"):
        decide(entry, people.member, K.BACK_OWNER)


def test_nobody_approves_what_they_proposed(people):
    case = builders.case(owner=people.owner)
    go_beyond.propose(
        case=case, actor=people.member, kind=GestureKind.TIME, what="Stock", why="Fits", cost=400_000,
        currency="CHF", now=NOON,
    )  # fmt: skip
    with pytest.raises(Refused, match="asked for this yourself"):
        decide(Escalation.objects.get(reason="gesture"), people.member, K.APPROVE_GESTURE)


def test_the_sponsor_waits_until_the_time_of_the_members_has_run_out(people):
    _, entry = by_hand(people)
    with pytest.raises(Refused, match="members of the council decide first"):
        decide(entry, people.sponsor, K.BACK_OWNER, now=NOON + HOUR)
    assert decide(entry, people.sponsor, K.BACK_OWNER, now=NOON + timedelta(days=1)).author == people.sponsor


def test_without_a_council_the_sponsor_decides_alone_whatever_it_costs(people):
    people.chair.roles, people.member.roles = (), ()
    people.chair.save()
    people.member.save()
    gesture, entry = proposed(people, cost=2_500_000)
    decide(entry, people.sponsor, K.APPROVE_GESTURE)
    gesture.refresh_from_db()
    assert gesture.state == GestureState.APPROVED


def test_a_decision_needs_a_reason(people):
    _, entry = by_hand(people)
    with pytest.raises(Refused, match="Say why") as refused:
        decide(entry, people.member, K.BACK_OWNER, reason="  ")
    assert refused.value.field == "reason"


def test_an_entry_is_decided_once(people):
    _, entry = by_hand(people)
    decide(entry, people.member, K.BACK_OWNER)
    with pytest.raises(Refused, match="decided in the meantime"):
        decide(entry, people.chair, K.BACK_OWNER)
    assert Decision.objects.count() == 1


def test_step_8_stays_open_while_another_entry_waits(people):
    case, entry = by_hand(people)
    escalation.escalate(case=case, reason=EscalationReason.REFUSED, now=NOON)
    decide(entry, people.member, K.BACK_OWNER)
    assert Step.objects.get(case=case, number=8).state == StepState.PLANNED


def test_a_refusal_writes_nothing(people):
    case, entry = by_hand(people)
    before = (Event.objects.count(), case.words.count())
    with pytest.raises(Refused):
        decide(entry, people.member, K.ORDER_ACTION, what="x", owner=people.owner)
    assert (Event.objects.count(), case.words.count()) == before


def test_the_gesture_of_another_entry_is_left_alone(people):
    first, entry = proposed(people)
    second, _ = proposed(people)
    decide(entry, people.member, K.APPROVE_GESTURE)
    assert list(Gesture.objects.order_by("pk").values_list("pk", "state")) == [
        (first.pk, "approved"), (second.pk, "proposed"),
    ]  # fmt: skip


def test_step_8_waits_until_what_was_ordered_is_carried_out(people):
    case, entry = by_hand(people)
    facts = {"what": "Drive the parts there", "owner": people.colleague, "due_at": NOON + 5 * HOUR}
    decision = decide(entry, people.member, K.ORDER_ACTION, **facts)
    step = Step.objects.get(case=case, number=8)
    assert (step.state, Due.objects.filter(case=case, kind="step", ref=8, closed_at=None).exists()) == (
        StepState.PLANNED, False,
    )  # fmt: skip
    assert sweep.see_due(NOON + 2 * HOUR) == 0
    actions.finish_action(action=decision.action, actor=people.colleague, now=NOON + 3 * HOUR)
    assert sweep.see_due(NOON + 3 * HOUR) == 1
    step.refresh_from_db()
    assert (step.state, step.note) == (StepState.DONE, "carried out")


def test_ordering_a_change_plans_a_corrective_action_and_completes_step_8(people):
    case, entry = by_hand(people)
    facts = {"what": "A second person reads the gauge", "owner": people.colleague, "due_at": NOON + 50 * HOUR}
    decide(entry, people.member, K.ORDER_CHANGE, **facts)
    assert (Action.objects.get().kind, Step.objects.get(case=case, number=8).state) == (
        ActionKind.CORRECTIVE, StepState.DONE,
    )  # fmt: skip
