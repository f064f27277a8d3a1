"""The transition table: every state with every act; how cases close; that no other road leads there."""

import re
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from cases import plan, workflow
from cases.enums import CaseState, Outcome, StepState
from cases.models import Case, Step
from cases.refusals import Refused
from cases.timeline import faults
from tests import builders
from tests.builders import NOON

ACTS = ("resolve", "close", "reopen", "let_go", "customer_lost", "not_agreed", "withdrawn", "merged")
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("act", ACTS)
def test_only_the_moves_of_the_table_are_possible(state, act):
    if (state, act) in workflow.TRANSITIONS:
        assert workflow.target(state, act) == workflow.TRANSITIONS[state, act]
    else:
        with pytest.raises(Refused, match=state.label.lower()):
            workflow.target(state, act)


@pytest.mark.django_db
def test_a_case_closes_by_itself_when_the_last_step_is_done():
    case = builders.case(owner=builders.user())
    workflow.resolve(case=case, now=NOON, contact=case.reporter)
    for number in (1, 2, 4, 5, 6, 7, 8):
        workflow.finish_step(case=case, number=number, now=NOON, actor=case.owner)
        assert case.state == CaseState.RESOLVED
    workflow.finish_step(case=case, number=9, now=NOON, actor=case.owner)
    assert (case.state, case.outcome) == (CaseState.CLOSED, Outcome.RECOVERED)
    assert faults(case.pk) == []


@pytest.mark.django_db
def test_steps_done_without_the_customers_word_close_nothing():
    case = builders.case(owner=builders.user())
    for number in (1, 2, 4, 5, 6, 7, 8, 9):
        workflow.finish_step(case=case, number=number, now=NOON, actor=case.owner)
    assert case.state == CaseState.OPEN


@pytest.mark.django_db
def test_accepted_silently_stays_visibly_different():
    case = builders.case(owner=builders.user())
    workflow.resolve(case=case, now=NOON, contact=None, actor=case.owner, silent=True)
    assert case.seam[2][0] == "silent"
    for number in (1, 2, 4, 5, 6, 7, 8, 9):
        workflow.finish_step(case=case, number=number, now=NOON, actor=case.owner)
    assert case.outcome == Outcome.ACCEPTED_SILENTLY


@pytest.mark.django_db
def test_an_act_ends_the_steps_still_open():
    case = builders.case(owner=builders.user())
    workflow.finish_step(case=case, number=1, now=NOON, actor=case.owner)
    workflow.end(case=case, act=Outcome.WITHDRAWN, now=NOON, actor=None, contact=case.reporter)
    states = dict(Step.objects.filter(case=case).values_list("number", "state"))
    assert states == {1: StepState.DONE, **dict.fromkeys(range(2, 10), StepState.ENDED)}
    assert (case.state, case.next_due_at) == (CaseState.CLOSED, plan.NEVER)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "closed"},
        {"state": "closed", "outcome": "recovered"},
        {"outcome": "recovered"},
        {"state": "closed", "outcome": "let_go", "closed_at": NOON},
    ],
)
def test_the_database_refuses_a_state_that_cannot_be(wrong):
    case = builders.case(owner=builders.user())
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**wrong)


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3, 7])
def test_the_database_refuses_to_waive_what_is_never_waived(number):
    case = builders.case(owner=builders.user())
    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.filter(case=case, number=number).update(state="waived", done_at=NOON)


def test_workflow_is_the_only_writer_of_a_cases_state():
    writers = [
        str(path.relative_to(ROOT))
        for folder in ("cases", "surveys", "council", "mail", "accounts")
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
        and re.search(r"\b(case|held|other)\.state\s*(,[^=\n]*)?=[^=]", path.read_text())
    ]
    assert writers == ["cases/workflow.py"]
