"""Ways round a rule that somebody in a hurry would try, each closed."""

import pytest

from cases import actions, editing, presence, workflow
from cases.enums import ActionKind, EntryKind, GestureState, Severity, StepState
from cases.models import Confirmation, Escalation, Event, Gesture, Step
from cases.refusals import Refused
from cases.steps import contain, resolve, waiver
from tests import builders
from tests.builders import NOON
from tests.cases.stepping import HOUR, THEN, give_gesture, send, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("an_hour_later")]


@pytest.fixture
def lead(owner):
    return builders.user("lead", of=owner.team)


def contained_by(doer, case, *, checker):
    """Have one containment done by somebody and checked by somebody."""
    about = {"kind": ActionKind.CONTAINMENT, "text": "Stop the line", "owner": doer, "due_at": THEN + HOUR}
    action = actions.plan_action(case=case, actor=doer, now=NOON, **about)
    actions.finish_action(action=action, actor=doer, now=NOON)
    actions.check_action(action=action, actor=checker, now=NOON)


def tell(owner, case):
    """Tell the customer that it is contained."""
    told = {"told_by": EntryKind.CALL, "contact": case.reporter, "text": "The line stands still."}
    contain.contained(case=case, actor=owner, now=THEN, **told)


def test_own_check_of_a_containment_does_not_count_once_the_case_is_raised(owner, lead, case):
    contained_by(owner, case, checker=owner)
    editing.set_severity(case=case, actor=owner, severity=Severity.HIGH, reason="", now=THEN)
    with pytest.raises(Refused, match="checked it too"):
        tell(owner, case)
    contained_by(owner, case, checker=lead)
    tell(owner, case)
    assert state_of(case, 2) == StepState.DONE


def test_waiver_proposed_while_low_is_not_granted_once_the_case_is_raised(owner, lead):
    case = builders.case(owner=owner, severity=Severity.LOW)
    waiver.propose(case=case, actor=owner, number=5, reason="An annoyance", now=NOON)
    editing.set_severity(case=case, actor=owner, severity=Severity.NORMAL, reason="", now=NOON)
    with pytest.raises(Refused, match="cannot be left out"):
        waiver.grant(case=case, actor=lead, number=5, now=THEN)
    assert state_of(case, 5) == StepState.PLANNED


def test_reopened_case_is_not_acknowledged_by_a_call_from_before(owner, case):
    builders.acknowledged(case)
    workflow.resolve(case=case, now=THEN, contact=case.confirmer)
    workflow.reopen(case=case, why="refused", now=THEN + HOUR)
    with pytest.raises(Refused, match="before the case was reopened"):
        builders.acknowledged(case, now=THEN + 2 * HOUR, at=THEN)
    assert Step.objects.get(case=case, number=1, round=2).state == StepState.PLANNED


def test_gesture_in_a_currency_without_a_rate_is_for_the_council(owner, case):
    case.customer.currency = "KWD"
    case.customer.save()
    typed = {"kind": "time", "what": "A setter", "why": "Their line stood", "cost": "0.10", "currency": "KWD"}
    send(owner, case, "go_beyond", "propose", **typed)
    assert Gesture.objects.get().state == GestureState.PROPOSED
    assert Escalation.objects.get(case=case).reason == "gesture"


def test_gesture_in_francs_within_the_limit_needs_nobody(owner, case):
    give_gesture(owner, case, "10")
    assert Gesture.objects.get().state == GestureState.APPROVED


@pytest.mark.parametrize("address", ["marta@ours.example", "MARTA@ours.example", "marta+ruth@ours.example"])
def test_confirm_letter_does_not_go_to_one_of_us(address):
    owner = builders.user(name="Marta Keller", email="marta@ours.example")
    case = builders.acknowledged(builders.case(owner=owner))
    builders.ready_to_offer(case, now=THEN)
    resolve.offer(case=case, actor=owner, text="Forty housings", now=THEN)
    resolve.carry_out(case=case, actor=owner, text="They arrived.", by="Sven", at=THEN, now=THEN)
    case.confirmer.email = address
    case.confirmer.save()
    with pytest.raises(Refused, match="belongs to one of us"):
        resolve.ask(case=case, actor=owner, now=THEN)
    assert not Confirmation.objects.exists()
    assert not presence.is_ours("martha@ours.example")


def test_severity_set_to_what_it_is_leaves_no_trace(owner, case):
    before = Event.objects.filter(case=case).count()
    with pytest.raises(Refused, match="already"):
        editing.set_severity(case=case, actor=owner, severity=Severity.NORMAL, reason="", now=THEN)
    assert Event.objects.filter(case=case).count() == before


@pytest.mark.parametrize("key", ["9" * 19, "9" * 5_000, "x", "-1"])
def test_row_that_cannot_be_is_refused_at_its_field(owner, case, key):
    answer = send(owner, case, "contain", "give", owner=key)
    assert answer.status_code == 422
    assert "This can no longer be chosen" in answer.content.decode()


def test_case_page_is_only_read(client, owner, case):
    client.force_login(owner)
    answers = [client.generic(method, f"/cases/{case.number}/") for method in ("PUT", "DELETE", "TRACE", "POST")]
    assert [answer.status_code for answer in answers] == [405] * 4
