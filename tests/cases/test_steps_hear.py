"""Steps 1 and 2 in the browser's way: acknowledge and contain."""

from datetime import timedelta

import pytest

from accounts import drafts
from accounts.models import Draft
from cases.enums import Severity, StepState
from cases.models import Action, Entry, Promise, Step
from mail.models import Message
from tests import builders
from tests.builders import NOON
from tests.cases.stepping import LATER, done, gone, left, page_of, send, sent, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("an_hour_later")]


# 1 Acknowledge


def said(case, **changed):
    """What is typed to acknowledge by a call."""
    return {
        "means": "call",
        "contact": case.reporter_id,
        "text": "We heard you; it is ours now.",
        "promise": "A call with the tracking number",
        "promise_due_at": LATER,
        "at": "2026-11-17T12:10",
        "minutes": "14",
        "fault": "ours",
        **changed,
    }


def test_acknowledge_by_call_is_done_as_of_the_call(owner, case):
    answer = send(owner, case, "acknowledge", "acknowledge", **said(case))
    step = Step.objects.get(case=case, number=1)
    assert done(answer, case, 1)
    assert (step.state, step.done_at, step.note) == (StepState.DONE, NOON + timedelta(minutes=10), "call")
    assert Promise.objects.get(case=case).due_at == NOON + timedelta(hours=46)
    case.refresh_from_db()
    assert case.fault == "ours"


def test_acknowledge_by_letter_waits_until_it_has_left(owner, case):
    sent(owner, case, "acknowledge", "acknowledge", **said(case, means="email", at="", minutes=""))
    assert "Until then nothing has happened." in page_of(owner, case, 1)
    assert left() == 1
    page = page_of(owner, case, 1)
    assert state_of(case, 1) == StepState.PLANNED
    assert "Your letter to Ruth Aebi is leaving." in page
    assert "A call with the tracking number" in page


def test_acknowledge_says_when_its_letter_died(owner, case):
    gone(owner, case, "acknowledge", "acknowledge", **said(case, means="email", at="", minutes=""))
    Message.objects.filter(template="personal").update(state="dead", error="No such mailbox")
    page = page_of(owner, case, 1)
    assert "could not be sent: No such mailbox" in page
    assert "Call them now" in page


def test_acknowledge_without_a_date_is_refused_at_the_field_and_keeps_what_was_typed(owner, case):
    answer = send(owner, case, "acknowledge", "acknowledge", **said(case, promise_due_at=""))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Say when: day and hour." in page
    assert "We heard you; it is ours now." in page
    assert Entry.objects.filter(case=case).count() == 0


@pytest.mark.parametrize("typed", ["2026-02-30T10:00", "yesterday", "9999-12-31T23:59", "0001-01-01T00:00"])
def test_acknowledge_refuses_an_impossible_date(typed, owner, case):
    answer = send(owner, case, "acknowledge", "acknowledge", **said(case, promise_due_at=typed))
    assert answer.status_code == 422
    assert state_of(case, 1) == StepState.PLANNED


def test_acknowledge_refuses_a_promise_in_the_past(owner, case):
    answer = send(owner, case, "acknowledge", "acknowledge", **said(case, promise_due_at="2026-11-16T10:00"))
    assert answer.status_code == 422
    assert "This time has passed." in answer.content.decode()


def test_acknowledge_does_not_ask_whose_fault_before_what_makes_it_right(owner):
    case = builders.case(owner=owner, remedy=None)
    page = page_of(owner, case, 1)
    assert "Whose fault was it?" not in page
    assert "Nobody has asked yet what would make it right." in page


def test_acknowledging_twice_shows_what_was_typed_the_second_time(owner, case):
    builders.acknowledged(case)
    answer = send(owner, case, "acknowledge", "acknowledge", **said(case, text="My own words"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This complaint has been acknowledged already." in page
    assert "My own words" in page


def test_acknowledge_drops_the_draft(owner, case):
    key = f"case-{case.pk}-acknowledge-acknowledge"
    drafts.keep(user=owner, key=key, body={"text": "Half a sent"}, now=NOON)
    assert "Half a sent" in page_of(owner, case, 1)
    send(owner, case, "acknowledge", "acknowledge", **said(case))
    assert not Draft.objects.filter(key=key).exists()


# 2 Contain


def contain_plan(owner, case, who):
    send(owner, case, "contain", "plan", text="Freeze the carrier", owner=who.pk, due_at=LATER)
    return Action.objects.get(case=case)


def test_contain_from_plan_to_told(owner, case):
    checker = builders.user("quality")
    action = contain_plan(owner, case, owner)
    assert done(send(owner, case, "contain", "finish", row=action.pk), case, 2)
    assert done(send(checker, case, "contain", "check", row=action.pk), case, 2)
    told = send(owner, case, "contain", "told", told_by="call", contact=case.reporter_id, text="It is stopped.")
    assert done(told, case, 2)
    assert state_of(case, 2) == StepState.DONE


def test_contain_refuses_the_doers_own_check_of_a_critical_case(owner):
    case = builders.case(owner=owner, severity=Severity.CRITICAL)
    action = contain_plan(owner, case, owner)
    send(owner, case, "contain", "finish", row=action.pk)
    answer = send(owner, case, "contain", "check", row=action.pk)
    assert answer.status_code == 422
    assert "somebody else has to check it" in answer.content.decode()


def test_contain_refuses_telling_before_anything_holds(owner, case):
    answer = send(owner, case, "contain", "told", told_by="call", text="It is stopped.")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Plan a containment action first" in page
    assert "It is stopped." in page


def test_contain_finishes_no_action_of_another_case(owner, case):
    other = builders.case(owner=owner)
    action = contain_plan(owner, other, owner)
    assert send(owner, case, "contain", "finish", row=action.pk).status_code == 404


def test_an_actions_owner_marks_it_done_without_working_the_case(owner, case):
    outsider = builders.user(name="Sven Baum", of=builders.team("South"))
    action = contain_plan(owner, case, outsider)
    assert "Mark done" in page_of(outsider, case, 2)
    assert done(send(outsider, case, "contain", "finish", row=action.pk), case, 2)
