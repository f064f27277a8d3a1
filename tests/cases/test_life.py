"""One complaint through the verbs of the case: from the call to the customer's own yes."""

from datetime import timedelta

import pytest

from cases import actions, chasing, heeding, workflow
from cases.enums import ActionKind, CaseState, EntryKind, StepState
from cases.models import Case, Chase, Confirmation, Due, Escalation, Step
from cases.steps import contain, resolve
from cases.timeline import faults
from mail import delivery
from mail.models import Message, Notice
from tests import builders
from tests.builders import NOON

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def offered(case, *, now):
    builders.ready_to_offer(case, now=now)
    resolve.offer(case=case, actor=case.owner, text="Forty housings by courier", now=now)
    resolve.carry_out(case=case, actor=case.owner, text="They arrived 09:30", by="Sven", at=now, now=now)
    return resolve.ask(case=case, actor=case.owner, now=now)


def test_opening_plans_nine_steps_with_clocks_from_the_policy():
    case = builders.case(owner=builders.user())
    steps = list(Step.objects.filter(case=case).order_by("number").values_list("number", "state"))
    assert steps == [(number, StepState.PLANNED) for number in range(1, 10)]
    due = Due.objects.get(case=case, kind="step", ref=1)
    assert due.due_at == NOON + 4 * HOUR
    assert (case.next_due_at, case.next_kind) == (due.due_at, "step-1")
    assert faults(case.pk) == []


def test_acknowledgement_by_call_is_done_when_it_happened():
    case = builders.acknowledged(builders.case(owner=builders.user()))
    step = Step.objects.get(case=case, number=1)
    assert (step.state, step.done_at) == (StepState.DONE, NOON + timedelta(minutes=38))
    assert Due.objects.get(case=case, kind="step", ref=1).work_s == 38 * 60


def test_acknowledgement_by_letter_is_done_once_the_letter_was_accepted():
    case = builders.case(owner=builders.user())
    builders.acknowledged(case, means=EntryKind.EMAIL, subject="We heard you", now=NOON + HOUR)
    assert Step.objects.get(case=case, number=1).state == StepState.PLANNED
    delivery.deliver_due(NOON + HOUR)
    heeding.heed_mail(NOON + HOUR)
    assert Step.objects.get(case=case, number=1).state == StepState.DONE


def test_yes_on_their_page_resolves_the_case():
    case = builders.acknowledged(builders.case(owner=builders.user()))
    confirmation = offered(case, now=NOON + 2 * HOUR)
    resolve.confirm(confirmation=confirmation, yes=True, text="", now=NOON + 3 * HOUR)
    case.refresh_from_db()
    assert case.state == CaseState.RESOLVED
    assert faults(case.pk) == []


def test_not_yet_goes_back_with_their_words_as_a_new_attempt():
    case = builders.acknowledged(builders.case(owner=builders.user()))
    confirmation = offered(case, now=NOON + 2 * HOUR)
    resolve.confirm(confirmation=confirmation, yes=False, text="Only thirty came", now=NOON + 3 * HOUR)
    again = resolve.offer(case=case, actor=case.owner, text="Ten more tomorrow", now=NOON + 4 * HOUR)
    assert (again.round, again.attempt) == (1, 2)
    assert Confirmation.objects.get().words.text == "Only thirty came"


def test_reopening_plans_four_steps_anew_and_keeps_the_first_round():
    case = builders.acknowledged(builders.case(owner=builders.user()))
    resolve.confirm(confirmation=offered(case, now=NOON + 2 * HOUR), yes=True, text="", now=NOON + 3 * HOUR)
    case.refresh_from_db()
    workflow.reopen(case=case, why="low_answer", now=NOON + 4 * HOUR)
    assert (case.state, case.round) == (CaseState.OPEN, 2)
    anew = Step.objects.filter(case=case, round=2).order_by("number").values_list("number", "state")
    assert list(anew) == [(1, "planned"), (3, "planned"), (7, "planned"), (8, "planned")]
    assert Step.objects.get(case=case, round=1, number=1).state == StepState.DONE


def test_containment_needs_a_done_and_checked_action():
    owner = builders.user()
    case = builders.case(owner=owner)
    action = actions.plan_action(
        case=case,
        actor=owner,
        kind=ActionKind.CONTAINMENT,
        text="Freeze the carrier",
        owner=owner,
        due_at=NOON + HOUR,
        now=NOON,
    )
    with pytest.raises(contain.Refused, match="No containment action is done"):
        contain.contained(case=case, actor=owner, told_by=EntryKind.CALL, contact=case.reporter, text="x", now=NOON)
    actions.finish_action(action=action, actor=owner, now=NOON)
    actions.check_action(action=action, actor=builders.user("quality"), now=NOON)
    contain.contained(case=case, actor=owner, told_by=EntryKind.CALL, contact=case.reporter, text="Told", now=NOON)
    assert Step.objects.get(case=case, number=2).state == StepState.DONE


def test_chase_climbs_each_rung_once_and_ends_on_the_docket():
    lead = builders.user("lead")
    team = builders.team()
    team.lead = lead
    team.save()
    case = builders.case(owner=builders.user(of=team))
    for minutes in (121, 122, 195, 241, 290):
        chasing.chase_due(NOON + timedelta(minutes=minutes))
    due = Due.objects.get(case=case, kind="step", ref=1)
    assert list(Chase.objects.filter(due=due).order_by("rung").values_list("rung", "overtaken")) == [
        (50, False),
        (80, False),
        (100, False),
    ]
    chasing.chase_due(NOON + timedelta(days=1))
    assert Chase.objects.filter(due=due).count() == 4
    assert Escalation.objects.get(case=case).reason == "overdue"
    assert Notice.objects.filter(key__startswith=f"chase-{due.pk}-").count() == 4


def test_numbers_start_at_2001():
    assert builders.case(owner=builders.user()).pk >= 2001 or Case.objects.count() == 1


def test_several_late_deadlines_are_one_entry_on_the_docket():
    case = builders.case(owner=builders.user())
    chasing.chase_due(NOON + timedelta(days=30))
    assert Escalation.objects.filter(case=case, reason="overdue").count() == 1
    assert Chase.objects.filter(due__case=case, rung=125).count() > 1


def test_a_dead_letter_takes_back_the_step_it_completed():
    owner, checker = builders.user(), builders.user("quality")
    case = builders.case(owner=owner)
    action = actions.plan_action(
        case=case,
        actor=owner,
        kind=ActionKind.CONTAINMENT,
        text="Freeze it",
        owner=owner,
        due_at=NOON + HOUR,
        now=NOON,
    )
    actions.finish_action(action=action, actor=owner, now=NOON)
    actions.check_action(action=action, actor=checker, now=NOON)
    contain.contained(
        case=case, actor=owner, told_by=EntryKind.EMAIL, contact=case.reporter, text="Told", subject="Done", now=NOON
    )
    Message.objects.filter(template="personal").update(state="dead")
    heeding.heed_mail(NOON + HOUR)
    step = Step.objects.get(case=case, number=2)
    assert (step.state, step.done_at) == (StepState.PLANNED, None)
    assert Due.objects.get(case=case, kind="step", ref=2).closed_at is None
