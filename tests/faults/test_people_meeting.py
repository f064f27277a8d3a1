"""Two people at one thing in the same moment: one is heard, the other is told, and nothing happens twice."""

from collections import Counter
from types import SimpleNamespace

import pytest
from django.db import transaction

from cases import chasing, defaults, editing, entries, escalation, log, timeline
from cases.enums import CaseState, Channel, EscalationReason, GestureKind, GestureState, PromiseState, Severity
from cases.models import Case, Confirmation, Customer, Escalation, Gesture, Promise, Step
from cases.promises import settle_promise
from cases.steps import acknowledge, go_beyond, resolve
from cases.timeline import Kind
from council import deciding, seeing, undoing
from council.models import Decision, DecisionKind
from mail.models import Message
from surveys import answering, confirming
from surveys.models import Answer
from tests import builders
from tests.builders import NOON
from tests.faults.overlapping import at_once, overlapped
from tests.surveys import making
from tests.surveys.making import CONFIRMED, DAY, LEAVES, MINUTE

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

GOOD = {"satisfied": 5, "heard": 5, "easy": 5, "recommend": 10}
LOW = {"satisfied": 1, "heard": 2, "easy": 1, "recommend": 0}


@pytest.fixture
def council(transactional_db):
    """Three members of the council and an owner who is none."""
    names = ("chair", "council", "council")
    chair, ada, ben = (builders.user(role, name=f"Member {place}") for place, role in enumerate(names))
    return SimpleNamespace(chair=chair, ada=ada, ben=ben, owner=builders.user())


def told(case: Case | int, kind: Kind) -> int:
    """Return how often the timeline tells of something, having checked that it is whole."""
    pk = case if isinstance(case, int) else case.pk
    assert timeline.faults(pk) == []
    return Case.objects.get(pk=pk).events.filter(kind=kind).count()


def outcome(answers: list) -> list[str]:
    """Return what became of each act, in words: done or the name of its error."""
    return ["done" if not isinstance(answer, Exception) else type(answer).__name__ for answer in answers]


@pytest.mark.parametrize("meet", [overlapped, at_once])
def test_one_form_sent_twice_logs_one_case(meet):
    defaults.install()
    owner = builders.user()
    facts = {"channel": Channel.PHONE, "title": "Late", "text": "Late again.", "received_at": NOON}

    def send() -> Case:
        return log.log_complaint(
            customer=log.NewCustomer(name="Halden Precision AG"),
            reporter=log.NewContact(name="Ruth Aebi", email="ruth@halden.example"),
            facts=facts,
            files=(),
            token="0123456789abcdef0123456789abcdef",
            actor=owner,
            owner=owner,
            now=NOON,
        )

    first, second = meet(send, send)
    assert first == second == Case.objects.get()
    assert Customer.objects.filter(name="Halden Precision AG").count() == 1
    assert Message.objects.filter(template="receipt").count() == 1


def test_two_yes_at_once_resolve_once():
    question = making.asked()

    def yes() -> Confirmation:
        return confirming.answer(confirmation=question, yes=True, text="", now=CONFIRMED)

    assert outcome(overlapped(yes, yes)) == ["done", "done"]
    assert Case.objects.get(pk=question.case_id).state == CaseState.RESOLVED
    assert told(question.case_id, Kind.CONFIRMED) == 1


def test_yes_and_not_yet_at_once_end_with_the_later_word():
    question = making.asked()

    def say(yes: bool) -> None:
        confirming.answer(confirmation=question, yes=yes, text="Two are missing", now=CONFIRMED)

    assert outcome(overlapped(lambda: say(True), lambda: say(False))) == ["done", "done"]
    case = Case.objects.get(pk=question.case_id)
    assert (case.state, case.round) == (CaseState.OPEN, 2)
    assert (told(case, Kind.CONFIRMED), told(case, Kind.REFUSED), told(case, Kind.REOPENED)) == (1, 1, 1)


def test_two_answers_of_one_survey_send_the_case_back_once():
    invitation = making.invited()
    when = LEAVES + DAY

    def send() -> Answer:
        return answering.send(invitation=invitation, marks=LOW, text="Still late", now=when)

    assert outcome(overlapped(send, send)) == ["done", "done"]
    case = Case.objects.get(pk=invitation.case_id)
    assert (case.round, told(case, Kind.SURVEY_JUDGED)) == (2, 1)
    assert Answer.objects.count() == 1


def test_the_last_two_steps_at_once_close_the_case_once(council):
    invitation = making.invited(owner=council.owner)
    case = invitation.case
    Step.objects.filter(case=case, number__in=(2, 4, 5, 6, 9)).update(state="done", done_at=CONFIRMED)

    answers = overlapped(
        lambda: seeing.see(cases=[case], actor=council.ada, now=LEAVES + DAY),
        lambda: answering.send(invitation=invitation, marks=GOOD, text="", now=LEAVES + DAY),
    )

    assert outcome(answers) == ["done", "done"]
    assert Case.objects.get(pk=case.pk).state == CaseState.CLOSED
    assert told(case, Kind.CLOSED) == 1


def test_two_members_deciding_one_entry_are_one_decision(council):
    case = builders.case(owner=council.owner)
    with transaction.atomic():
        entry = escalation.escalate(case=case, reason=EscalationReason.BY_HAND, asked_by=council.owner, now=NOON)

    def decide(actor, kind) -> Decision:
        return deciding.decide(escalation=entry, actor=actor, kind=kind, reason="It fits.", now=NOON + MINUTE)

    answers = overlapped(
        lambda: decide(council.ada, DecisionKind.BACK_OWNER), lambda: decide(council.ben, DecisionKind.BACK_OWNER)
    )

    assert outcome(answers) == ["done", "Refused"]
    assert str(answers[1]) == "This has been decided in the meantime. The decision log says how."
    assert Decision.objects.get().author == council.ada
    assert told(case, Kind.DECIDED) == 1


def test_taking_back_and_a_note_at_once_lose_neither_the_note_nor_the_order(council):
    case = builders.case(owner=council.owner)
    with transaction.atomic():
        entry = escalation.escalate(case=case, reason=EscalationReason.BY_HAND, asked_by=council.owner, now=NOON)
    decision = deciding.decide(
        escalation=entry, actor=council.ada, kind=DecisionKind.BACK_OWNER, reason="It fits.", now=NOON
    )

    answers = overlapped(
        lambda: entries.add_entry(case=case, actor=council.owner, kind="note", text="On it", now=NOON + MINUTE),
        lambda: undoing.undo(decision=decision, actor=council.ada, now=NOON + MINUTE),
    )

    assert outcome(answers) == ["done", "Refused"]
    assert str(answers[1]) == f"Something has happened on {case.number} since. Taking it back would lose that."
    assert (told(case, Kind.ENTRY_ADDED), told(case, Kind.DECISION_UNDONE)) == (1, 0)


def test_taking_back_twice_at_once_is_once(council):
    case = builders.case(owner=council.owner)
    with transaction.atomic():
        entry = escalation.escalate(case=case, reason=EscalationReason.BY_HAND, asked_by=council.owner, now=NOON)
    decision = deciding.decide(
        escalation=entry, actor=council.ada, kind=DecisionKind.BACK_OWNER, reason="It fits.", now=NOON
    )

    def undo() -> Decision:
        return undoing.undo(decision=decision, actor=council.ada, now=NOON + MINUTE)

    assert outcome(overlapped(undo, undo)) == ["done", "Refused"]
    assert told(case, Kind.DECISION_UNDONE) == 1


def test_two_members_approving_a_costly_gesture_at_once_are_the_two_it_needs(council):
    case = builders.case(owner=council.owner)
    facts = {"kind": GestureKind.TIME, "what": "A month of stock", "why": "A lost weekend", "currency": "CHF"}
    go_beyond.propose(case=case, actor=council.owner, cost=9_000_000, now=NOON, **facts)
    entry = Escalation.objects.get(case=case, reason=EscalationReason.GESTURE)

    def approve(actor) -> Decision | None:
        kind = DecisionKind.APPROVE_GESTURE
        return deciding.decide(escalation=entry, actor=actor, kind=kind, reason="It fits.", now=NOON + MINUTE)

    assert outcome(overlapped(lambda: approve(council.ada), lambda: approve(council.ben))) == ["done", "done"]
    assert Gesture.objects.get(case=case).state == GestureState.APPROVED
    assert Decision.objects.get().author == council.ben


def test_two_acknowledgements_at_once_are_one():
    case = builders.case(owner=builders.user())
    when = NOON + MINUTE
    said = acknowledge.Acknowledgement(
        means="call", contact=case.reporter, text="Sorry.", promise="A call", promise_due_at=when + DAY, at=when
    )

    def call() -> None:
        acknowledge.acknowledge(case=case, actor=case.owner, said=said, now=when)

    assert outcome(overlapped(call, call)) == ["done", "Refused"]
    assert told(case, Kind.ENTRY_ADDED) == 1
    assert Promise.objects.filter(case=case).count() == 1


def test_two_marks_on_one_promise_are_one():
    case = builders.acknowledged(builders.case(owner=builders.user()))
    promise = Promise.objects.get(case=case)

    def mark(state: PromiseState) -> None:
        settle_promise(promise=promise, actor=case.owner, state=state, now=NOON + DAY)

    answers = overlapped(lambda: mark(PromiseState.KEPT), lambda: mark(PromiseState.BROKEN))
    assert outcome(answers) == ["done", "Refused"]
    assert Promise.objects.get(pk=promise.pk).state == PromiseState.KEPT


def test_two_people_saving_one_case_are_shown_one_another():
    case = builders.case(owner=builders.user())

    def rename(title: str) -> None:
        editing.edit(case=case, actor=case.owner, changes={"title": title}, rev=case.rev, now=NOON + MINUTE)

    answers = overlapped(lambda: rename("Late housings"), lambda: rename("Third late delivery"))
    assert outcome(answers) == ["done", "Overtaken"]
    assert answers[1].theirs.title == "Late housings"


def test_asking_twice_at_once_sends_one_letter():
    question = making.asked()
    case, owner = question.case, question.case.owner
    confirming.answer(confirmation=question, yes=False, text="Two are missing", now=CONFIRMED)
    resolve.offer(case=case, actor=owner, text="The last two by courier", now=CONFIRMED)
    resolve.carry_out(case=case, actor=owner, text="They arrived.", by="Sven", at=CONFIRMED, now=CONFIRMED)

    def ask() -> Confirmation:
        return resolve.ask(case=case, actor=owner, now=CONFIRMED + MINUTE)

    assert outcome(overlapped(ask, ask)) == ["done", "Refused"]
    assert Counter(Confirmation.objects.values_list("verdict", flat=True)) == {"not_yet": 1, "pending": 1}
    assert Message.objects.filter(template="confirm").count() == 2


def test_a_raised_case_and_a_chase_do_not_wait_for_one_another_forever(council):
    case = builders.case(owner=council.owner)
    late = NOON + DAY
    answers = at_once(
        lambda: editing.set_severity(case=case, actor=council.owner, severity=Severity.HIGH, reason="Worse", now=late),
        lambda: chasing.chase_due(late),
        lambda: chasing.chase_due(late),
        lambda: seeing.see(cases=[case], actor=council.ada, now=late),
    )
    assert outcome(answers) == ["done"] * 4
    assert told(case, Kind.SEVERITY_SET) == 1
