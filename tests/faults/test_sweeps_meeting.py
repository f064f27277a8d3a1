"""Sweeps may overlap: two workers that meet at one row leave what one of them would have left (promise R4)."""

from collections import Counter
from datetime import timedelta

import pytest

from cases import chasing, heeding, intake, promises, reminding, sweeping, timeline
from cases.enums import DueKind, EscalationReason, PromiseState, Severity, StepNumber
from cases.models import Case, Chase, Confirmation, Due, Escalation, Promise, Step
from cases.timeline import Kind
from council import sweep as council_sweep
from mail.models import Message, MessageState
from surveys import answering, inviting, judging
from surveys.models import Answer, Invitation, InvitationState, SurveyVerdict
from tests import builders
from tests.builders import NOON
from tests.faults.overlapping import overlapped
from tests.surveys import making
from tests.surveys.making import ASKED, DAY, LEAVES, MINUTE

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def told(case: Case, kind: Kind) -> int:
    """Return how often the timeline tells of something, having checked that it is whole."""
    assert timeline.faults(case.pk) == []
    return case.events.filter(kind=kind).count()


def test_two_chases_climb_each_rung_once():
    owner, _ = making.team_of_two()
    builders.user("chair")
    cases = [builders.case(owner=owner) for _ in range(3)]
    overdue = NOON + timedelta(days=3)

    overlapped(lambda: chasing.chase_due(overdue), lambda: chasing.chase_due(overdue))

    climbed = Counter(Chase.objects.filter(overtaken=False).values_list("due", flat=True))
    assert set(climbed.values()) == {1}
    assert sum(told(case, Kind.CHASED) for case in cases) == len(climbed)
    reasons = Escalation.objects.values_list("case", "reason")
    assert Counter(reasons.filter(reason=EscalationReason.OVERDUE)) == {
        (case.pk, EscalationReason.OVERDUE): 1 for case in cases
    }


def test_two_chases_write_to_a_person_once_a_rung():
    owner, lead = making.team_of_two()
    case = builders.case(owner=owner)
    due = Due.objects.get(case=case, kind=DueKind.STEP, ref=StepNumber.ACKNOWLEDGE)

    overlapped(lambda: chasing.chase_due(due.due_at), lambda: chasing.chase_due(due.due_at))

    letters = Message.objects.filter(template="chase").values_list("recipients__address", "facts__what")
    assert Counter(letters) == {(owner.email, "Acknowledge"): 1, (lead.email, "Acknowledge"): 1}


def test_a_second_start_finds_the_lease_taken():
    builders.case(owner=builders.user())
    later = NOON + timedelta(days=1)

    def sweep() -> int:
        return sweeping.run(chasing.SWEEP, later, chasing.chase_due)

    first, second = overlapped(sweep, sweep)
    assert first > 0
    assert second == 0


def test_two_reminders_meeting_send_one():
    question = making.asked()
    reminded = Confirmation.objects.get(pk=question.pk).next_at
    overlapped(lambda: reminding.remind_due(reminded), lambda: reminding.remind_due(reminded))
    assert Message.objects.filter(template="confirm_reminder").count() == 1
    assert Confirmation.objects.get(pk=question.pk).reminders == 1
    assert told(question.case, Kind.CONFIRM_REMINDED) == 1


def test_two_sweeps_ask_one_case_once():
    case = making.resolved()
    overlapped(lambda: inviting.invite_due(LEAVES), lambda: inviting.invite_due(LEAVES))
    assert Message.objects.filter(template="survey").count() == 1
    assert told(case, Kind.SURVEY_SENT) == 1


def test_two_cases_of_one_customer_never_ask_the_same_person_at_once():
    customer = builders.customer()
    person = builders.contact(customer)
    cases = [making.resolved(of=customer, reporter=person, severity=Severity.LOW) for _ in range(2)]
    inviting.plan_new(LEAVES)
    first, second = Invitation.objects.filter(case__in=cases).order_by("id")

    overlapped(lambda: inviting.leave(first.pk, LEAVES), lambda: inviting.leave(second.pk, LEAVES))

    states = Counter(Invitation.objects.values_list("state", flat=True))
    assert states == {InvitationState.SENT: 1, InvitationState.NOT_ASKED: 1}
    assert Message.objects.filter(template="survey").count() == 1


def test_two_judges_agree_that_an_answer_is_doubtful():
    invitation = making.invited()
    too_soon = LEAVES + timedelta(seconds=2)
    answer = answering.keep_part(invitation=invitation, marks={"satisfied": 1}, text="", now=too_soon)
    rested = too_soon + judging.REST

    overlapped(lambda: judging.judge_due(rested), lambda: judging.judge_due(rested))

    found = Answer.objects.get(pk=answer.pk)
    assert (found.verdict, found.judged_at) == (SurveyVerdict.HELD, None)
    assert told(invitation.case, Kind.SURVEY_JUDGED) == 1


def test_two_judges_send_a_case_back_once():
    invitation = making.invited()
    when = LEAVES + DAY
    answering.keep_part(invitation=invitation, marks={"satisfied": 1}, text="Still late", now=when)

    overlapped(lambda: judging.judge_due(when + judging.REST), lambda: judging.judge_due(when + judging.REST))

    case = Case.objects.get(pk=invitation.case_id)
    assert (case.round, told(case, Kind.REOPENED), told(case, Kind.SURVEY_JUDGED)) == (2, 1, 1)
    assert Escalation.objects.filter(case=case, reason=EscalationReason.LOW_ANSWER).count() == 1


def test_two_sweeps_heed_a_dead_letter_once():
    case = builders.case(owner=builders.user())
    Message.objects.filter(template="receipt").update(state=MessageState.DEAD)
    overlapped(lambda: heeding.heed_mail(NOON + MINUTE), lambda: heeding.heed_mail(NOON + MINUTE))
    assert told(case, Kind.LETTER_DIED) == 1


def test_two_sweeps_break_a_promise_once():
    case = builders.acknowledged(builders.case(owner=builders.user()))
    promise = Promise.objects.get(case=case)
    late = promise.due_at + timedelta(days=2)

    answers = overlapped(lambda: promises.break_overdue(late), lambda: promises.break_overdue(late))

    assert answers == [1, 0]
    assert Promise.objects.get(pk=promise.pk).state == PromiseState.BROKEN
    assert told(case, Kind.PROMISE_SETTLED) == 1


def test_a_promise_kept_in_time_stands_against_the_sweep():
    case = builders.acknowledged(builders.case(owner=builders.user()))
    promise = Promise.objects.get(case=case)
    late = promise.due_at + timedelta(days=2)

    def keep() -> None:
        promises.settle_promise(promise=promise, actor=case.owner, state=PromiseState.KEPT, now=late)

    answers = overlapped(keep, lambda: promises.break_overdue(late))
    assert answers == [None, 0]
    assert Promise.objects.get(pk=promise.pk).state == PromiseState.KEPT


def test_two_sweeps_take_step_eight_back_once():
    case = builders.case(owner=builders.user())
    done = {"state": "done", "done_at": NOON, "note": council_sweep.BY_RULE}
    Step.objects.filter(case=case, number=StepNumber.COUNCIL).update(**done)
    overlapped(lambda: council_sweep.look_again(ASKED), lambda: council_sweep.look_again(ASKED))
    assert told(case, Kind.STEP_TAKEN_BACK) == 1


def test_two_cases_opened_at_once_are_one_entry_of_repeats():
    customer = builders.customer()
    builders.case(of=customer)

    def open_one() -> Case:
        return builders.case(of=customer, now=NOON + MINUTE, with_defaults=False)

    overlapped(open_one, open_one)
    assert intake.Case.objects.filter(customer=customer).count() == 3
    assert Escalation.objects.filter(reason=EscalationReason.REPEAT).count() == 1
