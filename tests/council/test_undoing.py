"""A decision can be taken back for ten minutes, and then the case is exactly as it was."""

from datetime import timedelta

import pytest

from cases import entries, escalation
from cases.ending import FinalAnswer
from cases.enums import CaseState, EntryKind, EscalationReason, GestureKind
from cases.models import Case, Due, Escalation, Event
from cases.refusals import Refused
from cases.steps import go_beyond, resolve, waiver
from cases.timeline import faults
from council import asking, deciding, snapshot, undoing
from council.models import Decision, DecisionKind, Question, Undo
from mail import delivery
from mail.models import Message, MessageState, Notice
from surveys import inviting
from surveys.models import Invitation
from tests import builders
from tests.builders import NOON
from tests.cases.resolving import refused

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
K = DecisionKind
LATE = NOON + timedelta(days=20)


def by_hand(people, **fields):
    case = builders.case(owner=people.owner, **fields)
    return escalation.escalate(case=case, reason=EscalationReason.BY_HAND, asked_by=people.owner, now=NOON)


def gesture(people):
    case = builders.case(owner=people.owner)
    go_beyond.propose(
        case=case, actor=people.owner, kind=GestureKind.TIME, what="One month of buffer stock",
        why="It cost them a weekend.", cost=450_000, currency="CHF", now=NOON,
    )  # fmt: skip
    return Escalation.objects.get(case=case, reason="gesture")


def waived(people):
    case = builders.case(owner=people.owner, severity="high")
    waiver.propose(case=case, actor=people.owner, number=4, reason="They asked for nothing more", now=NOON)
    return Escalation.objects.get(case=case, reason="waiver")


def silent(people):
    case = builders.acknowledged(builders.case(owner=people.owner))
    builders.ready_to_offer(case, now=NOON + HOUR)
    resolve.offer(case=case, actor=people.owner, text="Forty by courier", now=NOON + HOUR)
    resolve.carry_out(case=case, actor=people.owner, text="They arrived", by="Sven", at=NOON + HOUR, now=NOON + HOUR)
    asked = resolve.ask(case=case, actor=people.owner, now=NOON + HOUR)
    entry = escalation.escalate(case=case, reason=EscalationReason.SILENT, ref=asked.pk, now=NOON + 2 * HOUR)
    entries.add_entry(
        case=case, actor=people.owner, kind=EntryKind.CALL, text="Nobody answered", contact=case.reporter, now=LATE
    )
    return entry


def not_agreed(people):
    case = builders.acknowledged(builders.case(owner=people.owner))
    refused(case, NOON + HOUR)
    refused(case, NOON + HOUR)
    return escalation.escalate(case=case, reason=EscalationReason.NOT_AGREED, asked_by=people.owner, now=NOON + HOUR)


def facts_of(kind, people):
    order = {"what": "Two fitters for a week", "owner": people.colleague, "due_at": LATE + 5 * HOUR}
    return {
        K.CHANGE_GESTURE: {"gesture_words": "Two weeks", "gesture_cost": 200_000},
        K.REASSIGN: {"owner": people.colleague},
        K.NAME_SPONSOR: {"owner": people.sponsor},
        K.RESOURCES: order,
        K.ORDER_ACTION: order,
        K.ORDER_CHANGE: order,
        K.NOT_AGREED: {"answer": FinalAnswer("The drawing says 0.2 mm.", "Free rework.", "The chamber in Ulm.")},
    }.get(kind, {})


WORLDS = {
    K.APPROVE_GESTURE: gesture,
    K.CHANGE_GESTURE: gesture,
    K.DECLINE_GESTURE: gesture,
    K.GRANT_WAIVER: waived,
    K.REFUSE_WAIVER: waived,
    K.ACCEPT_SILENCE: silent,
    K.NOT_AGREED: not_agreed,
}
UNDOABLE = [kind for kind in K if kind not in (K.KEEP, K.LET_GO)]


def decide(entry, people, kind, now=LATE):
    return deciding.decide(
        escalation=entry, actor=people.member, kind=kind, reason="It fits.", now=now, **facts_of(kind, people)
    )


@pytest.mark.parametrize("kind", UNDOABLE, ids=str)
def test_taking_back_leaves_the_case_exactly_as_it_was(people, kind):
    entry = WORLDS.get(kind, by_hand)(people)
    before = snapshot.take(entry.case_id)
    decision = decide(entry, people, kind)
    assert snapshot.take(entry.case_id) != before
    inviting.plan_new(LATE + MINUTE)
    undoing.undo(decision=decision, actor=people.member, now=LATE + 9 * MINUTE)
    assert snapshot.take(entry.case_id) == before
    assert not Invitation.objects.exists()
    assert faults(entry.case_id) == []


@pytest.mark.parametrize("kind", UNDOABLE, ids=str)
def test_what_was_taken_back_can_be_decided_anew(people, kind):
    entry = WORLDS.get(kind, by_hand)(people)
    undoing.undo(decision=decide(entry, people, kind), actor=people.member, now=LATE + MINUTE)
    again = decide(entry, people, kind, now=LATE + 2 * MINUTE)
    letters = Message.objects.filter(queued_at=LATE + 2 * MINUTE, facts__number=entry.case.number)
    assert (again.undone_at, Decision.objects.count(), letters.count() > 0) == (None, 2, True)


@pytest.mark.parametrize("kind", UNDOABLE, ids=str)
def test_letters_of_a_decision_wait_ten_minutes_and_never_leave_once_it_is_taken_back(people, kind):
    entry = WORLDS.get(kind, by_hand)(people)
    Message.objects.all().delete() if kind not in (K.ACCEPT_SILENCE, K.NOT_AGREED) else None
    decision = decide(entry, people, kind)
    caused = Message.objects.filter(queued_at=LATE, facts__number=entry.case.number)
    assert set(caused.values_list("send_at", flat=True)) == {LATE + undoing.WINDOW}
    undoing.undo(decision=decision, actor=people.member, now=LATE + 9 * MINUTE)
    assert set(caused.values_list("state", flat=True)) == {MessageState.WITHHELD}
    delivery.deliver_due(LATE + HOUR)
    assert not caused.filter(state=MessageState.SENT).exists()


def test_taking_back_is_an_event_and_stays_in_the_log(people):
    entry = by_hand(people)
    decision = decide(entry, people, K.BACK_OWNER)
    undoing.undo(decision=decision, actor=people.member, now=LATE + MINUTE)
    event = Event.objects.filter(case=entry.case_id).order_by("-seq").first()
    assert (event.kind, event.actor, event.facts["decision"]) == ("decision_undone", people.member, decision.pk)
    decision.refresh_from_db()
    assert decision.undone_at == LATE + MINUTE
    assert Notice.objects.filter(user=people.owner, kind="decision_undone").count() == 1
    assert Undo.objects.count() == 0


def test_the_clock_of_the_decision_runs_on_as_if_nothing_had_been_decided(people):
    entry = by_hand(people)
    due = asking.clock_of(entry)
    undoing.undo(decision=decide(entry, people, K.BACK_OWNER), actor=people.member, now=LATE + MINUTE)
    assert asking.clock_of(entry).due_at == due.due_at


def test_a_question_taken_back_is_gone_and_its_clock_runs(people):
    entry = by_hand(people)
    decision = decide(entry, people, K.SEND_BACK, now=NOON + MINUTE)
    due_at = Due.objects.get(kind="decision", ref=entry.pk).due_at
    undoing.undo(decision=decision, actor=people.member, now=NOON + 2 * MINUTE)
    assert not Question.objects.exists()
    assert Due.objects.get(kind="decision", ref=entry.pk).due_at < due_at


def test_after_ten_minutes_it_counts(people):
    decision = decide(by_hand(people), people, K.BACK_OWNER)
    with pytest.raises(Refused, match="Ten minutes have passed"):
        undoing.undo(decision=decision, actor=people.member, now=LATE + undoing.WINDOW)


def test_only_the_author_takes_it_back(people):
    decision = decide(by_hand(people), people, K.BACK_OWNER)
    with pytest.raises(Refused, match="Only the one who decided"):
        undoing.undo(decision=decision, actor=people.chair, now=LATE + MINUTE)


def test_nothing_is_taken_back_over_what_happened_since(people):
    entry = by_hand(people)
    decision = decide(entry, people, K.REASSIGN)
    case = Case.objects.get(pk=entry.case_id)
    entries.add_entry(case=case, actor=people.colleague, kind=EntryKind.NOTE, text="On it", now=LATE + MINUTE)
    with pytest.raises(Refused, match=f"Something has happened on {case.number} since"):
        undoing.undo(decision=decision, actor=people.member, now=LATE + 2 * MINUTE)
    case.refresh_from_db()
    assert case.owner == people.colleague


def test_a_letter_that_is_leaving_stops_it(people):
    entry = by_hand(people)
    decision = decide(entry, people, K.BACK_OWNER)
    Message.objects.filter(pk__in=decision.undo.letters).update(state=MessageState.SENDING)
    with pytest.raises(Refused, match="leaving just now"):
        undoing.undo(decision=decision, actor=people.member, now=LATE + MINUTE)
    entry.refresh_from_db()
    assert entry.decided_at == LATE


def test_a_final_answer_taken_back_leaves_the_case_open(people):
    entry = not_agreed(people)
    decision = decide(entry, people, K.NOT_AGREED)
    assert Case.objects.get(pk=entry.case_id).state == CaseState.CLOSED
    undoing.undo(decision=decision, actor=people.member, now=LATE + MINUTE)
    assert Case.objects.get(pk=entry.case_id).state == CaseState.OPEN


def test_the_docket_offers_to_take_back_what_one_has_just_decided(client, clock, people):
    clock.move_to(LATE)
    entry = by_hand(people)
    decision = decide(entry, people, K.BACK_OWNER)
    client.force_login(people.chair)
    assert "Take it back" not in client.get("/council/").content.decode()
    client.force_login(people.member)
    assert f"/council/decisions/{decision.pk}/undo/" in client.get("/council/").content.decode()
    answer = client.post(f"/council/decisions/{decision.pk}/undo/", follow=True)
    assert "Taken back." in answer.content.decode()
    assert Escalation.objects.get(pk=entry.pk).decided_at is None
    assert "taken back" in client.get("/council/log/").content.decode()
