"""Nobody decides on their own case, checks their own action, or works where they may only read."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from cases import actions, assigning, editing, ending, fast_lane, intake, legal, promises, receiving
from cases.enums import ActionKind, DueKind, Severity, StepState
from cases.models import Cause, CauseKind, Due, Escalation, Event, Step
from cases.refusals import Refused
from cases.steps import waiver
from tests import builders
from tests.builders import NOON
from tests.cases.resolving import confirmed
from tests.cases.stepping import HOUR, THEN, send, state_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def an_hour_later(clock):
    clock.move_to(THEN)


@pytest.fixture
def lead():
    team = builders.team()
    team.lead = builders.user("lead", of=team)
    team.save()
    return team.lead


@pytest.fixture
def owner(lead):
    return builders.user(of=lead.team)


def proposed(case, number=4):
    waiver.propose(case=case, actor=case.owner, number=number, reason="They asked for nothing", now=NOON)
    return Step.objects.get(case=case, number=number)


# A lead on a case of their own


def test_waiver_on_the_leads_own_case_is_the_councils(lead, owner):
    case = builders.case(owner=lead)
    waiver.propose(case=case, actor=owner, number=4, reason="They asked for nothing", now=NOON)
    assert Escalation.objects.get(case=case).reason == "waiver"
    for decider in (lead, builders.user("lead", of=lead.team)):
        with pytest.raises(Refused, match="The council grants this waiver"):
            waiver.grant(case=case, actor=decider, number=4, now=THEN)
    waiver.grant(case=case, actor=builders.user("council"), number=4, now=THEN)
    assert state_of(case, 4) == StepState.WAIVED


def test_waiver_goes_to_the_council_once_the_lead_takes_the_case(lead, owner):
    case = builders.case(owner=owner)
    proposed(case)
    editing.assign(case=case, actor=lead, owner=lead, now=THEN)
    assert Escalation.objects.get(case=case).reason == "waiver"
    assert not Due.objects.filter(kind=DueKind.WAIVER, closed_at=None).exists()


@pytest.mark.parametrize("roles", [("lead",), ("council",), ("lead", "chair")])
def test_nobody_lowers_the_severity_of_a_case_of_their_own(roles):
    case = builders.case(owner=builders.user(*roles, of=builders.team()))
    with pytest.raises(Refused, match="never of a case of their own"):
        editing.set_severity(case=case, actor=case.owner, severity=Severity.LOW, reason="Nothing lost", now=THEN)


def test_lead_lowers_the_severity_of_a_case_of_the_team(lead, owner):
    case = builders.case(owner=owner)
    editing.set_severity(case=case, actor=lead, severity=Severity.LOW, reason="Nothing lost", now=THEN)
    case.refresh_from_db()
    assert case.severity == Severity.LOW


# A proposed waiver is on the lead's desk until it is answered


def test_proposed_waiver_is_on_the_leads_today(lead, owner):
    case = builders.case(owner=owner, title="Late housings")
    proposed(case)
    client = Client()
    client.force_login(lead)
    page = client.get("/?whose=mine").content.decode()
    assert "May Go beyond be left out? Late housings" in page
    assert f"/cases/{case.number}/?step=4#step" in page


@pytest.mark.parametrize("answer", ["grant", "refuse"])
def test_clock_of_a_waiver_stops_with_the_answer(lead, owner, answer):
    case = builders.case(owner=owner)
    proposed(case)
    assert Due.objects.get(kind=DueKind.WAIVER).owner == lead
    send(lead, case, "go_beyond", answer, reason="It is needed")
    assert Due.objects.get(kind=DueKind.WAIVER).closed_at == THEN


def test_clock_of_a_waiver_stops_when_the_step_is_done_instead(lead, owner):
    case = builders.case(owner=owner)
    proposed(case)
    send(owner, case, "go_beyond", "propose", kind="time", what="A day", why="Lost", cost="1", currency="CHF")
    send(owner, case, "go_beyond", "deliver", row=case.gestures.get().pk, text="By hand")
    assert (state_of(case, 4), Due.objects.get(kind=DueKind.WAIVER).closed_at) == (StepState.DONE, THEN)


# What only a small matter may leave out


def test_raised_case_has_its_low_only_steps_planned_again(lead, owner):
    case = builders.case(owner=owner, severity=Severity.LOW)
    for number in (4, 5, 6, 8, 9):
        proposed(case, number)
        waiver.grant(case=case, actor=lead, number=number, now=NOON)
    editing.set_severity(case=case, actor=owner, severity=Severity.NORMAL, reason="", now=THEN)
    states = dict(Step.objects.filter(case=case).values_list("number", "state"))
    assert [number for number, state in states.items() if state == StepState.WAIVED] == [4]
    running = Due.objects.filter(case=case, kind=DueKind.STEP, closed_at=None).values_list("ref", flat=True)
    assert {5, 6, 8} <= set(running)
    assert Due.objects.get(case=case, kind=DueKind.STEP, ref=5).started_at == THEN
    assert Event.objects.filter(case=case, kind="step_taken_back", facts__why="raised").count() == 4


def test_raised_case_leaves_the_fast_lane(owner):
    case = confirmed(builders.acknowledged(builders.case(owner=owner, severity=Severity.LOW)), THEN)
    fast_lane.take(case=case, actor=owner, kind=CauseKind.objects.first(), now=THEN)
    editing.set_severity(case=case, actor=owner, severity=Severity.HIGH, reason="", now=THEN)
    case.refresh_from_db()
    assert case.fast_lane is False
    assert {state_of(case, number) for number in (2, 4, 5, 6, 9)} == {StepState.PLANNED}


# Whose action it is


def test_owner_of_an_action_does_not_check_it_though_a_colleague_pressed_done(owner):
    case = builders.case(owner=owner, severity=Severity.HIGH)
    about = {"kind": ActionKind.CONTAINMENT, "text": "Stop the line", "owner": owner, "due_at": THEN + HOUR}
    action = actions.plan_action(case=case, actor=owner, now=NOON, **about)
    actions.finish_action(action=action, actor=builders.user(of=owner.team), now=NOON)
    with pytest.raises(Refused, match="This is your own action"):
        actions.check_action(action=action, actor=owner, now=THEN)
    actions.check_action(action=action, actor=builders.user("quality"), now=THEN)


# Auditors


@pytest.fixture
def auditor():
    return builders.user("auditor", name="Ines Duarte", of=builders.team())


def test_auditor_is_made_owner_of_nothing(owner, auditor):
    case = builders.case(owner=owner)
    about = {"kind": ActionKind.CONTAINMENT, "text": "Stop", "owner": auditor, "due_at": THEN + timedelta(days=1)}
    acts = (
        lambda: editing.assign(case=case, actor=owner, owner=auditor, now=THEN),
        lambda: editing.give_step(case=case, actor=owner, number=2, owner=auditor, now=THEN),
        lambda: actions.plan_action(case=case, actor=owner, now=THEN, **about),
        lambda: builders.case(owner=auditor),
    )
    for act in acts:
        with pytest.raises(Refused, match="Ines Duarte is an auditor"):
            act()
    _, refusals = assigning.assign_all(cases=[case], actor=owner, owner=auditor, now=THEN)
    assert len(refusals) == 1


def test_auditor_who_owned_things_before_changes_nothing_of_them(client, owner, auditor):
    case, now = builders.case(owner=owner), THEN
    former = builders.user("manager", of=case.team)
    editing.give_step(case=case, actor=owner, number=2, owner=former, now=now)
    due_at = now + timedelta(days=1)
    promise = promises.make_promise(
        case=case, actor=owner, kind="recovery", text="A call", due_at=due_at, owner=former, now=now
    )
    given = {"text": "Stop the line", "owner": former, "due_at": due_at, "now": now}
    action = actions.plan_action(case=case, actor=owner, kind=ActionKind.CONTAINMENT, **given)
    cause = Cause.objects.create(title="Hand-over", owner=former, found_at=now)
    User.objects.filter(pk=former.pk).update(role_marks=auditor.role_marks, team=None)
    client.force_login(former)
    posts = {
        f"/cases/{case.number}/steps/contain/": {"act": "plan", "text": "x", "owner": owner.pk},
        f"/cases/{case.number}/promises/{promise.pk}/": {"state": "kept"},
        f"/promises/{promise.pk}/kept/": {},
        f"/learnings/{cause.pk}/checks/": {},
    }
    codes = [client.post(url, typed).status_code for url, typed in posts.items()]
    finish = client.post(f"/cases/{case.number}/steps/contain/", {"act": "finish", "row": action.pk})
    promise.refresh_from_db()
    action.refresh_from_db()
    assert (codes, finish.status_code) == ([403] * 4, 403)
    assert (promise.state, action.done_at) == ("pending", None)


def test_clock_of_a_step_given_to_somebody_stays_theirs_when_the_case_is_handed_over(owner):
    case, quality, heir = builders.case(owner=owner), builders.user("quality"), builders.user(name="Luc Perrin")
    editing.give_step(case=case, actor=owner, number=5, owner=quality, now=THEN)
    editing.assign(case=case, actor=owner, owner=heir, now=THEN)
    clocks = dict(Due.objects.filter(case=case, kind=DueKind.STEP).values_list("ref", "owner"))
    assert (clocks.pop(5), set(clocks.values())) == (quality.pk, {heir.pk})


def test_auditor_is_not_offered_as_owner(client, owner, auditor):
    case = builders.case(owner=owner)
    client.force_login(owner)
    for url in (f"/cases/{case.number}/change/assign/", f"/cases/{case.number}/?step=2"):
        answer = client.get(url)
        assert (answer.status_code, f'<option value="{auditor.pk}">' in answer.content.decode()) == (200, False), url
    assert auditor not in client.get("/cases/new/").context["form"].fields["owner"].queryset


def test_bulk_gives_nothing_to_an_auditor(client, lead, owner, auditor):
    case = builders.case(owner=owner)
    client.force_login(lead)
    client.post("/cases/assign/", {"owner": auditor.pk, "case": [case.pk]})
    case.refresh_from_db()
    assert case.owner == owner


def test_intake_names_no_auditor_by_rule(client, owner, auditor):
    complaint = {"customer": builders.customer(account_manager=auditor), "reporter": None, "channel": "social"}
    with pytest.raises(Refused, match="auditor"):
        intake.open_case(
            complaint=intake.Complaint(title="t", text="t", received_at=NOON, **complaint),
            actor=owner,
            owner=auditor,
            now=NOON,
        )


# Who judges


def test_nobody_confirms_an_end_nor_moves_the_receipt_of_their_own_case(lead, owner):
    case, chair = builders.case(owner=lead, sensitive=True), builders.user("chair")
    asked = ending.ask_lost(case=case, actor=owner, on=NOON.date(), reason="They wrote so", now=NOON)
    acts = (
        lambda: ending.confirm(ending=asked, actor=lead, now=THEN),
        lambda: receiving.correct(case=case, actor=lead, received_at=NOON - HOUR, reason="By phone", now=THEN),
        lambda: legal.unmark(case=case, actor=lead, reason="It is none", now=THEN),
    )
    for act in acts:
        with pytest.raises(Refused, match="case of their own"):
            act()
    assert Due.objects.get(case=case, kind=DueKind.ENDING).owner == chair
    receiving.correct(case=case, actor=chair, received_at=NOON - HOUR, reason="By phone", now=THEN)
    case.refresh_from_db()
    assert case.received_at == NOON - HOUR
