"""The door to the nine steps: giving them away, leaving them out, who gets in."""

import pytest
from django.test import Client

from cases import workflow
from cases.enums import CaseState, Outcome, Severity, StepState
from cases.models import Step
from cases.steps import waiver
from tests import builders
from tests.builders import NOON
from tests.cases.stepping import HOUR, done, give_gesture, page_of, send, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("an_hour_later")]


# Every step: giving away, leaving out


def test_a_step_is_given_to_somebody_who_may_then_work_it(owner, case):
    outsider = builders.user(name="Sven Baum", of=builders.team("South"))
    before = send(outsider, case, "go_beyond", "propose")
    assert before.status_code == 403
    assert done(send(owner, case, "go_beyond", "give", owner=outsider.pk), case, 4)
    assert done(give_gesture(outsider, case, "10"), case, 4)


def test_waiver_is_granted_by_the_lead_and_not_by_who_proposed_it(owner, case):
    lead = builders.user("lead", of=case.team)
    assert done(send(owner, case, "go_beyond", "waive", reason="They asked for nothing"), case, 4)
    assert send(owner, case, "go_beyond", "grant").status_code == 403
    assert "proposes to leave this step out" in page_of(lead, case, 4)
    assert done(send(lead, case, "go_beyond", "grant"), case, 4)
    assert state_of(case, 4) == StepState.WAIVED


def test_waiver_is_refused_with_a_reason(owner, case):
    lead = builders.user("lead", of=case.team)
    send(owner, case, "go_beyond", "waive", reason="They asked for nothing")
    assert send(lead, case, "go_beyond", "refuse", reason="").status_code == 422
    assert done(send(lead, case, "go_beyond", "refuse", reason="They waited a day"), case, 4)
    assert Step.objects.get(case=case, number=4).proposed_at is None


def test_waiver_of_a_high_case_is_left_to_the_docket(owner):
    case = builders.case(owner=owner, severity=Severity.HIGH)
    waiver.propose(case=case, actor=owner, number=4, reason="They asked for nothing", now=NOON + HOUR)
    answer = send(builders.user("chair"), case, "go_beyond", "grant")
    assert answer.status_code == 422
    assert "The council decides this on its docket" in answer.content.decode()
    assert "on its docket" in page_of(owner, case, 4)


@pytest.mark.parametrize("step", ["acknowledge", "resolve", "survey"])
def test_steps_1_3_and_7_are_never_left_out(step, owner, case):
    answer = send(owner, case, step, "waive", reason="No time")
    assert answer.status_code == 422
    assert "cannot be left out" in answer.content.decode()


# The door


def test_get_changes_nothing_and_leads_to_the_panel(owner, case):
    client = Client()
    client.force_login(owner)
    answer = client.get(f"/cases/{case.number}/steps/acknowledge/?act=acknowledge&text=x")
    assert (answer.status_code, answer.url) == (302, f"/cases/{case.number}/?step=1")
    assert state_of(case, 1) == StepState.PLANNED


@pytest.mark.parametrize(("step", "act"), [("acknowledge", "prove"), ("acknowledge", ""), ("cheer", "give")])
def test_an_unknown_step_or_act_is_not_found(step, act, owner, case):
    assert send(owner, case, step, act).status_code == 404


def test_history_has_no_steps_to_work(owner, case):
    Step.objects.filter(case=case).delete()
    answer = send(owner, case, "go_beyond", "propose", kind="time", what="x", why="y", cost="1", currency="CHF")
    assert "Before Goldseam" in answer.content.decode()


def test_closed_case_refuses_with_its_state(owner, case):
    workflow.end(case=case, act=Outcome.CUSTOMER_LOST, now=NOON + HOUR, actor=owner)
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED
    answer = give_gesture(owner, case, "10")
    assert answer.status_code == 422
    assert "is closed" in answer.content.decode()
