"""Somebody else confirms while the question is under way: it goes to them, and to nobody else."""

from datetime import timedelta

import pytest

from cases import reminding
from cases.enums import Verdict
from cases.models import Confirmation, Event
from cases.refusals import Refused
from cases.steps import asking_anew
from mail import links
from surveys import access
from tests import builders
from tests.surveys.making import ASKED, asked

pytestmark = pytest.mark.django_db
LATER = ASKED + timedelta(hours=1)
WEEK = timedelta(days=7)


@pytest.fixture
def question() -> Confirmation:
    return asked()


@pytest.fixture
def urs(question):
    return builders.contact(question.case.customer, name="Urs Halden", email="urs@customer.example")


def hand_over(question, contact, now=LATER) -> Confirmation | None:
    about = {"case": question.case, "actor": question.case.owner, "reason": "Ruth is on leave"}
    return asking_anew.change_confirmer(contact=contact, now=now, **about)


def token_of(question) -> str:
    return links.tokens_for([question.link_id])[question.link_id]


def test_question_goes_to_whom_confirms_now_and_the_former_link_opens_nothing(question, urs):
    before = token_of(question)
    kept = hand_over(question, urs)
    assert (kept.pk, kept.contact, kept.asked_at) == (question.pk, urs, LATER)
    assert access.confirmation_for(before, LATER) is None
    assert access.confirmation_for(token_of(kept), LATER).contact == urs
    assert [one.address for one in kept.message.recipients.all()] == ["urs@customer.example"]
    assert Event.objects.filter(case=question.case, kind="confirm_asked").count() == 2


def test_reminders_begin_anew_with_whom_is_asked_now(question, urs):
    reminding.remind_due(LATER + WEEK)
    hand_over(question, urs, now=LATER + WEEK)
    reminding.remind_due(LATER + 2 * WEEK)
    kept = Confirmation.objects.get()
    told = kept.case.thread.messages.filter(template="confirm_reminder").order_by("id")
    assert [one.recipients.get().address for one in told] == [question.contact.email, "urs@customer.example"]
    assert kept.reminders == 1


def test_going_back_to_the_first_person_asks_them_again(question, urs):
    hand_over(question, urs)
    kept = hand_over(question, question.contact, now=LATER + WEEK)
    assert question.case.thread.messages.filter(template="confirm").count() == 3
    assert kept.contact == question.contact


def test_question_is_not_handed_to_somebody_it_cannot_reach(question):
    silent = builders.contact(question.case.customer, email="")
    ours = builders.contact(question.case.customer, email=question.case.owner.email)
    for contact, why in ((silent, "no working e-mail address"), (ours, "one of us")):
        with pytest.raises(Refused, match=why) as no:
            hand_over(question, contact)
        assert no.value.field == "contact"
    question.case.refresh_from_db()
    assert question.case.confirmer == question.contact


def test_a_no_given_before_stands(question, urs):
    Confirmation.objects.update(verdict=Verdict.NOT_YET, answered_at=LATER)
    assert hand_over(question, urs) is None
    assert Confirmation.objects.get().contact == question.contact
