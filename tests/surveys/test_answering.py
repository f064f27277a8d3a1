"""Each part is kept, Send is final, both may be changed until the survey closes."""

from datetime import UTC, datetime, timedelta

import pytest

from cases.models import Event, Words
from cases.refusals import Refused
from cases.timeline import faults
from surveys import answering
from surveys.models import Answer, Invitation, InvitationState, Submission
from tests.surveys import making
from tests.surveys.making import LEAVES, MINUTE

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
AT = LEAVES + HOUR
END_OF_DAY = datetime(2026, 12, 4, 23, tzinfo=UTC)  # the midnight after the day the page names, in Zurich


def keep(invitation, text="", at=AT, **marks):
    return answering.keep_part(invitation=invitation, marks=marks, text=text, now=at)


def send(invitation, text="", at=AT, **marks):
    return answering.send(invitation=invitation, marks=marks, text=text, now=at)


def test_part_kept_is_there_and_judged_later():
    keep(making.invited(), satisfied=4)
    answer = Answer.objects.get()
    assert (answer.marks, answer.sent_at, answer.judged_at, answer.verdict) == ({"satisfied": 4}, None, None, "pending")
    assert Invitation.objects.get().state == InvitationState.ANSWERED


def test_part_left_out_keeps_its_earlier_mark():
    invitation = making.invited()
    keep(invitation, satisfied=4)
    keep(invitation, heard=2, at=AT + MINUTE)
    assert Answer.objects.get().marks == {"satisfied": 4, "heard": 2}


def test_nothing_filled_in_keeps_nothing():
    assert keep(making.invited()) is None
    assert Answer.objects.count() == 0


def test_same_part_kept_again_changes_nothing():
    invitation = making.invited()
    keep(invitation, satisfied=4)
    keep(invitation, satisfied=4, at=AT + MINUTE)
    assert (Submission.objects.count(), Answer.objects.get().kept_at) == (1, AT)


def test_every_press_stays_readable():
    invitation = making.invited()
    for minute, mark in enumerate((4, 5, 3)):
        keep(invitation, satisfied=mark, at=AT + minute * MINUTE)
    assert [one.marks["satisfied"] for one in Submission.objects.all()] == [4, 5, 3]


def test_typing_leaves_one_text_until_it_is_told():
    invitation = making.invited()
    before = Words.objects.count()
    for minute, text in enumerate(("Show me", "Show me what", "Show me what changes")):
        keep(invitation, text=text, at=AT + minute * MINUTE)
    assert Words.objects.count() == before + 1
    assert Answer.objects.get().words.text == "Show me what changes"


def test_words_told_once_are_never_altered():
    invitation = making.invited()
    send(invitation, text="Show me what changes", satisfied=5)
    told = Answer.objects.get().words
    keep(invitation, satisfied=4, text="Show me what changes", at=AT + HOUR)
    keep(invitation, satisfied=4, text="Never mind", at=AT + 2 * HOUR)
    assert Words.objects.get(pk=told.pk).text == "Show me what changes"
    assert Answer.objects.get().words.text == "Never mind"
    assert faults(invitation.case_id) == []


def test_sent_answer_is_an_event_with_marks_and_words():
    send(making.invited(), text="Good work", satisfied=5, recommend=9)
    event = Event.objects.get(kind="survey_answered")
    assert (event.facts["satisfied"], event.facts["recommend"], event.words.text) == (5, 9, "Good work")
    assert event.contact.name == "Ruth Aebi"


def test_same_answer_sent_twice_counts_once():
    invitation = making.invited()
    send(invitation, satisfied=5)
    send(invitation, satisfied=5, at=AT + MINUTE)
    assert Event.objects.filter(kind="survey_answered").count() == 1
    assert Submission.objects.filter(final=True).count() == 1


def test_empty_answer_is_refused():
    with pytest.raises(Refused, match="Nothing is filled in yet"):
        send(making.invited())


@pytest.mark.parametrize("act", [keep, send])
def test_closed_survey_is_refused(act):
    invitation = making.invited()
    with pytest.raises(Refused, match="closed"):
        act(invitation, satisfied=4, at=END_OF_DAY)


def test_answer_may_be_changed_until_the_survey_closes():
    invitation = making.invited()
    send(invitation, satisfied=4)
    send(invitation, satisfied=5, at=END_OF_DAY - MINUTE)
    assert Answer.objects.get().satisfied == 5


def test_unstorable_characters_are_left_out():
    send(making.invited(), text="Good\x00 work\ud800", satisfied=5)
    assert Answer.objects.get().words.text == "Good work"
