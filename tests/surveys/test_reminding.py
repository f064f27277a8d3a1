"""Reminders on days 4 and 9, silence on day 14."""

import pytest

from cases import workflow
from cases.enums import StepState
from cases.models import Contact, Step
from mail import delivery
from mail.models import Message, MessageState
from surveys import answering, opting, reminding
from surveys.models import Invitation, InvitationState
from tests import builders
from tests.surveys import making
from tests.surveys.making import DAY, LEAVES

pytestmark = pytest.mark.django_db


def swept(days):
    for day in days:
        reminding.remind_due(LEAVES + day * DAY)
        delivery.deliver_due(LEAVES + day * DAY)
    return Invitation.objects.get()


def test_reminders_leave_on_days_four_and_nine_and_no_more():
    making.invited()
    invitation = swept([3, 4, 5, 9, 10, 13])
    assert invitation.reminders == 2
    left = Message.objects.filter(template="survey_reminder").order_by("id").values_list("queued_at", flat=True)
    assert list(left) == [LEAVES + 4 * DAY, LEAVES + 9 * DAY]
    assert invitation.next_at == LEAVES + 14 * DAY


def test_reminder_carries_the_same_link():
    link = making.invited().link_id
    swept([4])
    assert f"{{{{pass:{link}}}}}" in Message.objects.get(template="survey_reminder").text


def test_standstill_sends_one_reminder_not_two():
    making.invited()
    invitation = swept([10])
    assert (invitation.reminders, invitation.next_at) == (1, LEAVES + 14 * DAY)


def test_no_answer_in_fourteen_days_is_silence():
    invitation = making.invited()
    assert swept([4, 9, 14]).state == InvitationState.SILENT
    step = Step.objects.get(case=invitation.case, number=7)
    assert (step.state, step.silent, step.note) == (StepState.DONE, True, "silent")


def test_answer_stops_reminders():
    invitation = making.invited()
    answering.keep_part(invitation=invitation, marks={"satisfied": 4}, text="", now=LEAVES + DAY)
    assert reminding.remind_due(LEAVES + 4 * DAY) == 0


def test_reopened_case_stops_reminders():
    invitation = making.invited()
    workflow.reopen(case=invitation.case, why="refused", now=LEAVES + DAY)
    assert swept([4]).state == InvitationState.CALLED_OFF


def test_dead_letter_lets_somebody_else_be_asked():
    invitation = making.invited()
    other = builders.contact(invitation.case.customer, name="Paul Egger")
    Message.objects.filter(pk=invitation.message_id).update(state=MessageState.DEAD, sent_at=None)
    again = swept([4])
    assert (again.contact, again.state, again.sent_at) == (other, InvitationState.SENT, LEAVES + 4 * DAY)


def test_dead_letter_without_anybody_else_could_not_be_asked():
    invitation = making.invited()
    Message.objects.filter(pk=invitation.message_id).update(state=MessageState.DEAD, sent_at=None)
    assert (swept([4]).state, Invitation.objects.get().reason) == (InvitationState.NOT_ASKED, "not_arrived")


def test_letter_that_waits_gives_the_reader_as_much_more_time():
    invitation = making.invited()
    Message.objects.filter(pk=invitation.message_id).update(state=MessageState.QUEUED, sent_at=None)
    reminding.remind_due(LEAVES + 4 * DAY)
    assert Invitation.objects.get().closes_at == LEAVES + 15 * DAY


def test_opting_out_ends_the_question_and_all_later_ones():
    invitation = making.invited()
    opting.opt_out(invitation=invitation, now=LEAVES + DAY)
    opting.opt_out(invitation=invitation, now=LEAVES + 2 * DAY)
    ended = Invitation.objects.get()
    assert (ended.state, ended.reason) == (InvitationState.NOT_ASKED, "opted_out")
    assert Contact.objects.get(pk=invitation.contact_id).opted_out_at == LEAVES + DAY
