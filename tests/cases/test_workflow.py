"""The transition table: every state with every act; how cases close; that no other road leads there."""

import re
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from cases import plan, workflow
from cases.enums import CaseState, Outcome, StepState
from cases.models import Case, Due, Step
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
@pytest.mark.parametrize(
    ("act", "severity", "kept"),
    [
        (Outcome.WITHDRAWN, "normal", {5, 6, 9}),
        (Outcome.CUSTOMER_LOST, "critical", {5, 6, 9}),
        (Outcome.NOT_AGREED, "high", {5, 6, 9}),
        (Outcome.WITHDRAWN, "low", set()),
        (Outcome.MERGED, "critical", set()),
    ],
)
def test_an_act_ends_the_steps_still_open_but_for_what_we_learn_from_it(act, severity, kept):
    case = builders.case(owner=builders.user(), severity=severity)
    workflow.finish_step(case=case, number=1, now=NOON, actor=case.owner)
    workflow.end(case=case, act=act, now=NOON, actor=None, contact=case.reporter)
    states = dict(Step.objects.filter(case=case).values_list("number", "state"))
    ended = {number: StepState.PLANNED if number in kept else StepState.ENDED for number in range(2, 10)}
    assert states == {1: StepState.DONE, **ended}
    running = Due.objects.filter(case=case, closed_at=None, kind="step").values_list("ref", flat=True)
    assert (case.state, set(running)) == (CaseState.CLOSED, kept - {9})  # 9 starts with the cause
    assert case.next_kind == ("step-5" if kept else "")


@pytest.mark.django_db
def test_a_step_left_due_is_done_later_and_the_case_stays_closed():
    case = builders.case(owner=builders.user())
    workflow.end(case=case, act=Outcome.WITHDRAWN, now=NOON, actor=None)
    for number in (5, 6, 9):
        workflow.finish_step(case=case, number=number, now=NOON, actor=case.owner)
    assert (case.state, case.outcome, case.next_due_at) == (CaseState.CLOSED, Outcome.WITHDRAWN, plan.NEVER)


@pytest.mark.django_db
def test_a_case_ended_by_an_act_opens_again_with_what_had_ended():
    case = builders.case(owner=builders.user())
    workflow.end(case=case, act=Outcome.WITHDRAWN, now=NOON, actor=None)
    workflow.reopen(case=case, why="new_facts", now=NOON, actor=case.owner)
    anew = Step.objects.filter(case=case, round=2).values_list("number", flat=True)
    assert (set(anew), case.state, case.outcome) == ({1, 2, 3, 4, 7, 8}, CaseState.OPEN, "")


@pytest.mark.django_db
def test_a_recurrence_plans_the_whole_road_anew():
    case = builders.case(owner=builders.user())
    workflow.resolve(case=case, now=NOON, contact=case.reporter)
    workflow.reopen(case=case, why="recurrence", now=NOON, actor=case.owner)
    assert set(Step.objects.filter(case=case, round=2).values_list("number", flat=True)) == set(range(1, 10))


@pytest.mark.django_db
def test_a_merged_case_never_opens_again():
    case = builders.case(owner=builders.user())
    workflow.end(case=case, act=Outcome.MERGED, now=NOON, actor=None)
    with pytest.raises(Refused, match="was merged into another case"):
        workflow.reopen(case=case, why="message", now=NOON)


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
