"""Every step × state × role: who may act on it, who may propose to leave it out, who decides on that."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from cases import plan, workflow
from cases.enums import Outcome, Severity, StepNumber, StepState
from cases.models import Step
from cases.refusals import Refused
from cases.steps import waiver
from tests import builders
from tests.builders import NOON
from tests.cases.stepping import state_of

pytestmark = pytest.mark.django_db

WORKS = ("owner", "colleague", "lead", "quality")
READS = ("outsider", "council", "chair", "sponsor", "counsel", "auditor", "admin")
STATES = (StepState.PLANNED, StepState.DONE, StepState.WAIVED, StepState.ENDED)
NEVER = (StepNumber.ACKNOWLEDGE, StepNumber.RESOLVE, StepNumber.SURVEY)
LOW_ONLY = (StepNumber.ROOT_CAUSE, StepNumber.LEARNINGS, StepNumber.COUNCIL)


@pytest.fixture(autouse=True)
def at_noon(clock):
    clock.move_to(NOON)


@pytest.fixture
def case():
    north = builders.team()
    north.lead = builders.user("lead", of=north)
    north.save()
    return builders.case(owner=builders.user("manager", of=north), severity=Severity.LOW)


def person(role, case):
    if role == "owner":
        return case.owner
    if role == "lead":
        return case.team.lead
    held = {"colleague": "manager", "outsider": "manager"}.get(role, role)
    return builders.user(held, of=case.team if role == "colleague" else builders.team("South"))


def put(case, state):
    """Bring all nine steps into one state, by the verbs that do so; what is never left out stays planned."""
    if state == StepState.ENDED:
        workflow.end(case=case, act=Outcome.CUSTOMER_LOST, now=NOON, actor=case.owner)
    for number in StepNumber:
        step = plan.step_of(case, number)
        if state == StepState.DONE:
            plan.finish(case=case, number=number, now=NOON, actor=case.owner)
        if state == StepState.WAIVED and number not in NEVER:
            plan.waive(case=case, step=step, now=NOON, actor=case.owner, reason=None)


def post(user, case, act, **typed):
    """Send an act to each of the nine steps; return the answers by number."""
    client = Client()
    client.force_login(user)
    sent = {number: client.post(f"/cases/{case.number}/steps/{number.slug}/", typed | act) for number in StepNumber}
    return {number: answer.status_code for number, answer in sent.items()}


def still_open(state):
    """Return the steps that are planned once `put` has run."""
    if state == StepState.WAIVED:
        return NEVER
    return tuple(StepNumber) if state == StepState.PLANNED else ()


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", WORKS)
def test_whoever_works_the_case_gives_away_what_is_planned_and_nothing_else(case, role, state):
    put(case, state)
    taker = builders.user(name="Taker")
    expected = {number: 303 if number in still_open(state) else 422 for number in StepNumber}
    assert post(person(role, case), case, {"act": "give", "owner": taker.pk}) == expected
    given = set(Step.objects.filter(case=case, owner=taker).values_list("number", flat=True))
    assert given == set(still_open(state))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", READS)
def test_whoever_reads_the_case_changes_no_step_in_any_state(case, role, state):
    put(case, state)
    before, user = case.events.count(), person(role, case)
    for act in ({"act": "give", "owner": case.owner_id}, {"act": "waive", "reason": "No need"}):
        assert post(user, case, act) == dict.fromkeys(StepNumber, 403)
    assert case.events.count() == before


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", WORKS)
def test_only_a_planned_step_that_may_be_left_out_is_proposed_to_be(case, role, state):
    put(case, state)
    free = [number for number in still_open(state) if number not in NEVER]
    expected = {number: 303 if number in free else 422 for number in StepNumber}
    assert post(person(role, case), case, {"act": "waive", "reason": "It would add nothing"}) == expected
    proposed = Step.objects.filter(case=case, proposed_at__isnull=False).values_list("number", flat=True)
    assert set(proposed) == set(free)


@pytest.mark.parametrize("number", NEVER)
def test_database_itself_refuses_to_leave_out_what_is_never_left_out(case, number):
    with pytest.raises(IntegrityError), transaction.atomic():
        plan.waive(case=case, step=plan.step_of(case, number), now=NOON, actor=case.owner, reason=None)
    assert state_of(case, number) == StepState.PLANNED


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("number", StepNumber)
def test_what_may_be_left_out_at_which_severity(number, severity):
    low_only = number in LOW_ONLY and severity != Severity.LOW
    assert waiver.waivable(number, severity) is not (number in NEVER or low_only)


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("role", ["owner", "colleague", "lead", "other lead", "quality", *READS])
def test_who_decides_on_a_waiver(case, role, severity):
    case.severity = severity
    case.save()
    waiver.propose(case=case, actor=case.owner, number=4, reason="They asked for nothing", now=NOON)
    decides = ("council", "chair", "sponsor") if severity in (Severity.HIGH, Severity.CRITICAL) else ("lead",)
    user = builders.user("lead", of=builders.team("South")) if role == "other lead" else person(role, case)
    if role in decides:
        waiver.grant(case=case, actor=user, number=4, now=NOON)
    else:
        with pytest.raises(Refused):
            waiver.grant(case=case, actor=user, number=4, now=NOON)
    assert state_of(case, 4) == (StepState.WAIVED if role in decides else StepState.PLANNED)
