"""The verdict: a low answer sends the case back within a minute; a doubtful one waits for the lead."""

from datetime import timedelta

import pytest

from cases import plan, workflow
from cases.enums import CaseState, EscalationReason, Outcome, StepState
from cases.models import Case, Due, Escalation, Event, Step
from cases.refusals import Refused
from cases.timeline import faults
from mail.models import Message, Notice
from surveys import answering, judging
from surveys.models import Answer, Invitation, InvitationState
from tests import builders
from tests.surveys import making
from tests.surveys.making import DAY, LEAVES, MINUTE

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
AT = LEAVES + HOUR


def send(invitation, text="", at=AT, **marks):
    answering.send(invitation=invitation, marks=marks, text=text, now=at)
    return Answer.objects.select_related("invitation").get(invitation=invitation), Case.objects.get(
        pk=invitation.case_id
    )


def survey_step(case, round=1):
    return Step.objects.get(case=case, number=7, round=round)


def finish_the_rest(case):
    for step in Step.objects.filter(case=case, state="planned").exclude(number=7):
        plan.finish(case=case, number=step.number, now=LEAVES, actor=case.owner)


def test_good_answer_completes_the_survey_step():
    answer, case = send(making.invited(), satisfied=5, heard=5, easy=4)
    assert (answer.verdict, answer.judged_at, survey_step(case).state) == ("fine", AT, StepState.DONE)
    assert survey_step(case).note == "answered"


def test_good_answer_closes_a_case_that_waited_for_it():
    invitation = making.invited()
    finish_the_rest(invitation.case)
    _, case = send(invitation, satisfied=5)
    assert (case.state, case.outcome) == (CaseState.CLOSED, "recovered")


def test_answer_worth_a_look_is_told_to_the_owner():
    answer, case = send(making.invited(), satisfied=3, text="Slow")
    notice = Notice.objects.get(kind="answered")
    assert (answer.verdict, notice.user, notice.facts["verdict"]) == ("look", case.owner, "look")


def test_low_answer_reopens_lies_on_the_docket_and_is_told():
    answer, case = send(making.invited(), satisfied=2, text="It came back")
    assert (answer.verdict, case.state, case.round) == ("reopen", CaseState.OPEN, 2)
    entry = Escalation.objects.get(case=case, reason=EscalationReason.LOW_ANSWER)
    assert (entry.words.text, entry.opened_at) == ("It came back", AT)
    told = Message.objects.filter(template="low_answer").values_list("recipients__name", "facts__words")
    assert sorted(told) == [("Lena Lead", "It came back"), ("Marta Keller", "It came back")]
    assert faults(case.pk) == []


def test_low_answer_completes_the_step_of_its_round_and_plans_a_new_one():
    _, case = send(making.invited(), satisfied=1)
    assert (survey_step(case).state, survey_step(case, round=2).state) == (StepState.DONE, StepState.PLANNED)


def test_low_answer_never_closes_the_case_in_between():
    invitation = making.invited()
    finish_the_rest(invitation.case)
    _, case = send(invitation, satisfied=1)
    assert case.state == CaseState.OPEN
    assert not Event.objects.filter(case=case, kind="closed").exists()


def test_low_answer_reopens_a_closed_case():
    invitation = making.invited()
    finish_the_rest(invitation.case)
    send(invitation, satisfied=5)
    answer, case = send(invitation, satisfied=1, at=AT + DAY)
    assert (answer.verdict, case.state, case.outcome) == ("reopen", CaseState.OPEN, "")


def test_low_answer_about_a_person_goes_to_the_lead_alone():
    invitation = making.invited()
    Case.objects.filter(pk=invitation.case_id).update(about_person=True)
    send(invitation, satisfied=1)
    told = Message.objects.filter(template="low_answer").values_list("recipients__name", flat=True)
    assert list(told) == ["Lena Lead"]


def test_case_open_again_already_is_not_reopened_twice():
    invitation = making.invited()
    workflow.reopen(case=invitation.case, why="refused", now=LEAVES)
    answer, case = send(invitation, satisfied=1)
    assert (answer.verdict, case.round) == ("reopen", 2)
    assert Message.objects.filter(template="low_answer", facts__reopened=False).count() == 2


def test_case_ended_by_an_act_is_not_reopened_by_an_answer():
    invitation = making.invited()
    workflow.end(case=invitation.case, act=Outcome.CUSTOMER_LOST, now=LEAVES, actor=invitation.case.owner)
    _, case = send(invitation, satisfied=1)
    assert (case.state, case.outcome) == (CaseState.CLOSED, "customer_lost")
    assert Escalation.objects.filter(case=case, reason=EscalationReason.LOW_ANSWER).count() == 1


def test_later_higher_answer_is_told_and_undoes_nothing():
    invitation = making.invited()
    send(invitation, satisfied=1)
    answer, case = send(invitation, satisfied=5, at=AT + HOUR)
    assert (answer.satisfied, answer.verdict, case.state) == (5, "reopen", CaseState.OPEN)
    assert Notice.objects.get(kind="answered").facts["changed"] is True
    assert Escalation.objects.get(case=case, reason=EscalationReason.LOW_ANSWER).decided_at is None


def test_parts_are_judged_after_half_an_hour_of_rest():
    invitation = making.invited()
    answering.keep_part(invitation=invitation, marks={"satisfied": 1}, text="", now=AT)
    assert [judging.judge_due(AT + 29 * MINUTE), judging.judge_due(AT + 30 * MINUTE)] == [0, 1]
    assert Case.objects.get().state == CaseState.OPEN
    assert judging.judge_due(AT + 31 * MINUTE) == 0


def test_part_given_in_between_starts_the_rest_anew():
    invitation = making.invited()
    answering.keep_part(invitation=invitation, marks={"satisfied": 1}, text="", now=AT)
    answering.keep_part(invitation=invitation, marks={"satisfied": 4}, text="", now=AT + 20 * MINUTE)
    assert judging.judge_due(AT + 40 * MINUTE) == 0


# Held as unverified


def test_low_answer_within_ten_seconds_is_held_and_asks_whether_it_was_them():
    answer, case = send(making.invited(), satisfied=1, at=LEAVES + 9 * SECOND)
    assert (answer.verdict, answer.held_why, case.state) == ("held", "too_fast", CaseState.RESOLVED)
    assert survey_step(case).state == StepState.PLANNED
    assert Message.objects.filter(template="survey_was_this_you").count() == 1
    due = Due.objects.get(case=case, kind="reply")
    assert (due.owner.name, due.allowed) == ("Lena Lead", "4h")
    assert Notice.objects.get(kind="answer_held").user.name == "Lena Lead"


def test_words_prove_a_fast_answer():
    answer, _ = send(making.invited(), satisfied=1, text="It came back", at=LEAVES + 9 * SECOND)
    assert answer.verdict == "reopen"


def test_answers_at_odds_within_ten_seconds_are_held():
    invitation = making.invited()
    send(invitation, satisfied=5)
    answer, case = send(invitation, satisfied=1, at=AT + 5 * SECOND)
    assert (answer.verdict, answer.held_why, case.state) == ("held", "contradictory", CaseState.RESOLVED)


def test_was_this_you_answered_by_a_second_press_counts():
    invitation = making.invited()
    send(invitation, satisfied=1, at=LEAVES + 9 * SECOND)
    answer, case = send(invitation, satisfied=1, at=LEAVES + HOUR)
    assert (answer.verdict, case.state) == ("reopen", CaseState.OPEN)
    assert Due.objects.get(case=case, kind="reply").closed_at == LEAVES + HOUR


def held():
    answer, _ = send(making.invited(), satisfied=1, at=LEAVES + 9 * SECOND)
    return answer


def test_lead_lets_a_held_answer_count():
    answer = held()
    lead = answer.invitation.case.team.lead
    judging.decide_held(answer=answer, actor=lead, counts=True, now=AT)
    assert (Answer.objects.get().verdict, Case.objects.get().state) == ("reopen", CaseState.OPEN)
    assert Event.objects.filter(kind="survey_judged").order_by("-seq").first().actor == lead


def test_lead_sets_a_held_answer_aside_and_the_customer_is_still_asked():
    answer = held()
    judging.decide_held(answer=answer, actor=answer.invitation.case.team.lead, counts=False, now=AT)
    again = Answer.objects.get()
    assert (again.verdict, again.judged_at) == ("held", AT)
    invitation = Invitation.objects.get()
    assert (invitation.state, invitation.next_at) == (InvitationState.SENT, LEAVES + 4 * DAY)
    assert judging.judge_due(AT + 3 * DAY) == 0


@pytest.mark.parametrize("who", ["owner", "outsider"])
def test_nobody_but_the_lead_decides(who):
    answer = held()
    actor = answer.invitation.case.owner if who == "owner" else builders.user("lead", of=builders.team("South"))
    with pytest.raises(Refused, match="for the team lead to say"):
        judging.decide_held(answer=answer, actor=actor, counts=False, now=AT)


def test_lead_who_owns_the_case_does_not_decide():
    answer = held()
    Case.objects.update(owner=answer.invitation.case.team.lead)
    with pytest.raises(Refused, match="never for the owner"):
        judging.decide_held(answer=answer, actor=answer.invitation.case.team.lead, counts=False, now=AT)


def test_second_decision_is_refused():
    answer = held()
    lead = answer.invitation.case.team.lead
    judging.decide_held(answer=answer, actor=lead, counts=False, now=AT)
    with pytest.raises(Refused, match="no longer held"):
        judging.decide_held(answer=answer, actor=lead, counts=True, now=AT)


def test_held_answer_nobody_decided_on_counts_after_two_days():
    answer = held()
    assert judging.judge_due(answer.kept_at + 2 * DAY - SECOND) == 0
    assert judging.judge_due(answer.kept_at + 2 * DAY) == 1
    assert Answer.objects.get().verdict == "reopen"


def test_one_broken_answer_does_not_stop_the_sweep(monkeypatch):
    broken, whole = making.invited(), making.invited()
    for invitation in (broken, whole):
        answering.keep_part(invitation=invitation, marks={"satisfied": 5}, text="", now=AT)
    settle = judging._settle

    def fails(case, *rest):
        if case.pk == broken.case_id:
            raise RuntimeError("poison")
        settle(case, *rest)

    monkeypatch.setattr(judging, "_settle", fails)
    assert judging.judge_due(AT + HOUR) == 1
    assert Answer.objects.get(invitation=whole).verdict == "fine"
