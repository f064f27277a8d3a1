"""The council sees every case: by a member, or by rule for low severity."""

from datetime import timedelta

import pytest

from cases import editing, escalation
from cases.enums import EscalationReason, Severity, StepState
from cases.models import Event, Step
from cases.refusals import Refused
from cases.timeline import faults
from council import seeing, sweep
from council.models import Seen
from tests import builders
from tests.builders import NOON

HOUR = timedelta(hours=1)


def step_8(case):
    return Step.objects.get(case=case, number=8, round=case.round)


def test_seeing_several_completes_their_step(people):
    cases = [builders.case(owner=people.owner) for _ in range(3)]
    assert seeing.see(cases=cases, actor=people.member, now=NOON + HOUR) == cases
    assert {(step_8(case).state, step_8(case).note) for case in cases} == {(StepState.DONE, "seen")}
    assert Event.objects.filter(kind="council_saw").count() == 3
    assert [faults(case.pk) for case in cases] == [[], [], []]


def test_seeing_twice_changes_nothing(people):
    case = builders.case(owner=people.owner)
    seeing.see(cases=[case], actor=people.member, now=NOON)
    assert seeing.see(cases=[case], actor=people.chair, now=NOON + HOUR) == []
    assert Seen.objects.get().by == people.member


def test_an_entry_on_the_docket_keeps_the_step_open(people):
    case = builders.case(owner=people.owner)
    escalation.escalate(case=case, reason=EscalationReason.BY_HAND, now=NOON)
    seeing.see(cases=[case], actor=people.member, now=NOON)
    assert step_8(case).state == StepState.PLANNED


def test_ones_own_case_is_left_to_another_member(people):
    own, other = builders.case(owner=people.member), builders.case(owner=people.owner)
    assert seeing.see(cases=[own, other], actor=people.member, now=NOON) == [other]
    with pytest.raises(Refused, match="your own cases"):
        seeing.see(cases=[own], actor=people.member, now=NOON)


@pytest.mark.parametrize("who", ["owner", "lead", "auditor"])
def test_others_do_not_see_for_the_council(people, who):
    with pytest.raises(Refused, match="Only members"):
        seeing.see(cases=[builders.case(owner=people.owner)], actor=getattr(people, who), now=NOON)


def test_low_cases_are_seen_by_rule_but_one_in_ten(people):
    cases = [builders.case(owner=people.owner, severity=Severity.LOW) for _ in range(10)]
    normal = builders.case(owner=people.owner)
    assert sweep.see_low_by_rule(NOON + HOUR) == 9
    left = [case for case in cases if step_8(case).state == StepState.PLANNED]
    assert len(left) == 1
    assert sweep.is_sampled(left[0].pk, 1)
    assert step_8(normal).state == StepState.PLANNED
    assert sweep.see_low_by_rule(NOON + 2 * HOUR) == 0


def test_a_low_case_raised_afterwards_comes_before_the_council_again(people):
    cases = [builders.case(owner=people.owner, severity=Severity.LOW) for _ in range(2)]
    case = next(case for case in cases if not sweep.is_sampled(case.pk, 1))
    sweep.see_low_by_rule(NOON)
    editing.set_severity(case=case, actor=people.owner, severity=Severity.HIGH, reason="", now=NOON + HOUR)
    assert sweep.look_again(NOON + HOUR) == 1
    assert (step_8(case).state, sweep.look_again(NOON + HOUR)) == (StepState.PLANNED, 0)
