"""State, event and letter are stored together or not at all (promise R1): each write of each verb fails in turn."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from cases import chasing, defaults, editing, escalation, heeding, log, outgoing, promises, reminding, timeline
from cases.enums import CaseState, Channel, EscalationReason, PromiseState, Severity, StepNumber
from cases.models import Case, Confirmation, Due, Promise, Step
from cases.steps import acknowledge, resolve
from council import deciding, seeing
from council.models import DecisionKind
from mail.models import Message, MessageState
from surveys import answering, confirming, inviting
from surveys.models import Invitation
from tests import builders
from tests.builders import NOON
from tests.faults.cutting import PowerCut, picture, power_fails_at, touched
from tests.surveys import making
from tests.surveys.making import ASKED, CONFIRMED, DAY, LEAVES, MINUTE

pytestmark = pytest.mark.django_db
MOST_WRITES = 120
Verb = Callable[[], object]


def log_a_complaint() -> Verb:
    defaults.install()
    owner, facts = builders.user(), {"channel": Channel.PHONE, "title": "Late", "text": "Late again."}
    return lambda: log.log_complaint(
        customer=log.NewCustomer(name="Halden Precision AG"),
        reporter=log.NewContact(name="Ruth Aebi", email="ruth@halden.example"),
        facts={**facts, "received_at": NOON, "sensitive": True, "remedy": "Forty by Friday."},
        files=(),
        token="0123456789abcdef0123456789abcdef",
        actor=owner,
        owner=owner,
        now=NOON,
    )


def acknowledge_by(means: str) -> Verb:
    case, when = builders.case(owner=builders.user()), NOON + MINUTE
    said = acknowledge.Acknowledgement(
        means=means,
        contact=case.reporter,
        text="We are sorry: it is ours.",
        promise="A call",
        promise_due_at=when + DAY,
        subject="Your housings",
        at=when,
    )
    return lambda: acknowledge.acknowledge(case=case, actor=case.owner, said=said, now=when)


def an_accepted_letter_acknowledges() -> Verb:
    acknowledge_by("email")()
    Message.objects.filter(template="personal").update(state=MessageState.SENT, sent_at=NOON + 2 * MINUTE)
    letter = Message.objects.get(template="personal")
    return lambda: heeding.heed(letter, NOON + 3 * MINUTE)


def a_letter_sets_out() -> Verb:
    case = builders.case(owner=builders.user())
    letter = outgoing.Letter(case.reporter, "News", "It left.", promise="A call", promise_due_at=NOON + DAY)
    row = outgoing.send_off(case=case, actor=case.owner, letter=letter, leaves_at=NOON + MINUTE, now=NOON)
    return lambda: outgoing.depart(row, NOON + MINUTE)


def offer() -> Verb:
    case = builders.acknowledged(builders.case(owner=builders.user()))
    builders.ready_to_offer(case, now=ASKED)
    return lambda: resolve.offer(case=case, actor=case.owner, text="Forty by courier", now=ASKED, send=True)


def ask() -> Verb:
    offer()()
    case = Case.objects.get()
    resolve.carry_out(case=case, actor=case.owner, text="They arrived.", by="Sven", at=ASKED, now=ASKED)
    return lambda: resolve.ask(case=case, actor=case.owner, now=ASKED + MINUTE)


def confirm(*, yes: bool) -> Verb:
    question = making.asked(severity=Severity.HIGH)
    return lambda: confirming.answer(confirmation=question, yes=yes, text="Two are missing", now=CONFIRMED)


def not_yet_after_yes() -> Verb:
    confirm(yes=True)()
    question = Confirmation.objects.get()
    return lambda: confirming.answer(confirmation=question, yes=False, text="It came back", now=CONFIRMED + DAY)


def decide(kind: DecisionKind) -> Verb:
    chair, owner, other = builders.user("chair"), builders.user(), builders.user()
    case = builders.case(owner=owner)
    with transaction.atomic():
        entry = escalation.escalate(case=case, reason=EscalationReason.BY_HAND, asked_by=owner, now=NOON)
    facts = {"reason": "It fits.", "owner": other, "due_at": NOON + DAY, "what": "Send a setter", "now": NOON + MINUTE}
    return lambda: deciding.decide(escalation=entry, actor=chair, kind=kind, **facts)


def survey_answer(mark: int) -> Verb:
    invitation = making.invited()
    marks = {"satisfied": mark, "heard": mark, "easy": mark}
    return lambda: answering.send(invitation=invitation, marks=marks, text="So it is.", now=LEAVES + DAY)


def the_last_step_closes() -> Verb:
    invitation, chair = making.invited(), builders.user("chair")
    answering.send(invitation=invitation, marks={"satisfied": 5}, text="", now=LEAVES + DAY)
    case = invitation.case
    Step.objects.filter(case=case, number__in=(2, 4, 5, 6, 9)).update(state="done", done_at=CONFIRMED)
    return lambda: seeing.see(cases=[case], actor=chair, now=LEAVES + DAY)


def invite() -> Verb:
    making.resolved()
    inviting.plan_new(LEAVES)
    planned = Invitation.objects.get()
    return lambda: inviting.leave(planned.pk, LEAVES)


def chase(percent: int) -> Verb:
    builders.user("chair")
    case = builders.case(owner=making.team_of_two()[0])
    due = Due.objects.get(case=case, kind="step", ref=StepNumber.ACKNOWLEDGE)
    late = due.due_at + (timedelta(days=2) if percent > 100 else timedelta())
    return lambda: chasing.climb(due.pk, late)


def remind() -> Verb:
    question = making.asked()
    return lambda: reminding.remind(question.pk, Confirmation.objects.get(pk=question.pk).next_at)


def break_a_promise() -> Verb:
    case = builders.acknowledged(builders.case(owner=builders.user()))
    promise = Promise.objects.get(case=case)
    facts = {"actor": case.owner, "state": PromiseState.BROKEN, "now": NOON + 3 * DAY}
    return lambda: promises.settle_promise(promise=promise, **facts)


def raise_severity() -> Verb:
    case = builders.case(owner=builders.user())
    facts = {"severity": Severity.CRITICAL, "reason": "Their line stands.", "now": NOON + MINUTE}
    return lambda: editing.set_severity(case=case, actor=case.owner, **facts)


VERBS: dict[str, Callable[[], Verb]] = {
    "log a complaint": log_a_complaint,
    "acknowledge by phone": lambda: acknowledge_by("call"),
    "a letter sets out": a_letter_sets_out,
    "acknowledge by letter": lambda: acknowledge_by("email"),
    "the letter was accepted": an_accepted_letter_acknowledges,
    "offer": offer,
    "ask": ask,
    "the customer says yes": lambda: confirm(yes=True),
    "the customer says not yet": lambda: confirm(yes=False),
    "not yet after yes": not_yet_after_yes,
    "back the owner": lambda: decide(DecisionKind.BACK_OWNER),
    "reassign": lambda: decide(DecisionKind.REASSIGN),
    "order an action": lambda: decide(DecisionKind.ORDER_ACTION),
    "ask the owner back": lambda: decide(DecisionKind.SEND_BACK),
    "a good answer": lambda: survey_answer(5),
    "a low answer": lambda: survey_answer(1),
    "the last step closes": the_last_step_closes,
    "invite": invite,
    "chase": lambda: chase(100),
    "chase to the docket": lambda: chase(125),
    "remind": remind,
    "break a promise": break_a_promise,
    "raise the severity": raise_severity,
}


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_that_fails_at_any_write_leaves_nothing(name):
    verb = VERBS[name]()
    before = picture()
    for write in range(1, MOST_WRITES):
        with power_fails_at(write) as tried:
            try:
                verb()
            except PowerCut:
                left = {table for table, rows in picture(touched(tried)).items() if rows != before[table]}
                assert left == set(), f"{name}: write {write} left something behind"
                continue
        assert len(tried) == write - 1 > 1
        break
    assert picture() != before
    assert [fault for case in Case.objects.all() for fault in timeline.faults(case.pk)] == []


def test_the_last_step_really_closes():
    the_last_step_closes()()
    assert Case.objects.get().state == CaseState.CLOSED
