"""Steps 3 and 4 in the browser's way: offer, carry out, ask, go beyond."""

import pytest

from cases.enums import EntryKind, GestureState, OfferAnswer, StepState
from cases.models import Confirmation, Entry, Escalation, Gesture, Offer
from cases.steps import resolve
from mail.models import Message
from tests import builders
from tests.builders import NOON
from tests.cases.stepping import HOUR, done, give_gesture, gone, left, page_of, send, sent, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("an_hour_later")]


# 3 Resolve


def offered(owner, case, **changed):
    builders.ready_to_offer(case, now=NOON)
    typed = {"text": "Forty housings by courier", "means": "email", "subject": "", **changed}
    answer = sent(owner, case, "resolve", "offer", **typed)
    left()
    return answer


def test_offer_is_refused_before_discovery_and_points_to_it(owner, case):
    answer = send(owner, case, "resolve", "offer", text="Forty housings", means="call")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Answer all seven discovery questions before the offer." in page
    assert f"/cases/{case.number}/?step=3&amp;tab=discovery" in page
    assert f"/cases/{case.number}/?step=3&amp;tab=facts" in page
    assert "Forty housings</textarea>" in page


def test_offer_by_email_leaves_as_a_letter(owner, case):
    assert done(offered(owner, case), case, 3)
    entry = Entry.objects.get(case=case)
    assert (entry.kind, entry.words.text) == (EntryKind.EMAIL, "Forty housings by courier")
    assert entry.message.facts["subject"] == case.title


def test_offer_by_phone_is_logged_as_a_call(owner, case):
    offered(owner, case, means="call")
    assert list(Entry.objects.filter(case=case).values_list("kind", flat=True)) == ["call"]
    assert Message.objects.filter(template="personal").count() == 0


def test_something_else_needs_their_words(owner, case):
    offered(owner, case)
    answer = send(owner, case, "resolve", "answer", answer="something_else", text="")
    assert answer.status_code == 422
    assert Offer.objects.get(case=case).answer == OfferAnswer.PENDING


def test_resolve_from_offer_to_the_question(owner, case):
    offered(owner, case)
    assert done(send(owner, case, "resolve", "answer", answer="accepted", text=""), case, 3)
    deed = {"text": "They arrived", "by": "Sven", "at": "2026-11-17T12:30"}
    assert done(send(owner, case, "resolve", "carry_out", **deed), case, 3)
    assert "Ask Ruth to confirm" in page_of(owner, case, 3)
    assert done(gone(owner, case, "resolve", "ask"), case, 3)
    assert Confirmation.objects.get(case=case).contact == case.reporter
    assert "Ruth Aebi was asked" in page_of(owner, case, 3)


def test_asking_before_it_is_carried_out_is_refused(owner, case):
    offered(owner, case)
    answer = send(owner, case, "resolve", "ask")
    assert answer.status_code == 422
    assert "First say what was carried out." in answer.content.decode()
    assert Confirmation.objects.count() == 0


def test_nobody_here_can_confirm(owner, case):
    assert send(owner, case, "resolve", "confirm", yes="1").status_code == 404


def test_refused_result_shows_their_words_and_a_new_offer(owner, case):
    offered(owner, case)
    send(owner, case, "resolve", "carry_out", text="They arrived", by="Sven", at="2026-11-17T12:30")
    gone(owner, case, "resolve", "ask")
    resolve.confirm(confirmation=Confirmation.objects.get(), yes=False, text="Only thirty came", now=NOON + 2 * HOUR)
    page = page_of(owner, case, 3)
    assert "Only thirty came" in page
    assert "A new offer" in page


def test_a_contacts_name_is_never_read_as_a_template(owner):
    customer = builders.customer()
    reporter = builders.contact(customer, name="{{case.pk}} Aebi")
    case = builders.case(owner=owner, of=customer, reporter=reporter)
    offered(owner, case)
    send(owner, case, "resolve", "carry_out", text="They arrived", by="Sven", at="2026-11-17T12:30")
    assert "Ask {{case.pk}} to confirm" in page_of(owner, case, 3)


# 4 Go beyond


def test_gesture_within_the_limit_is_approved_and_delivered(owner, case):
    assert done(give_gesture(owner, case, "450"), case, 4)
    gesture = Gesture.objects.get()
    assert (gesture.state, gesture.cost) == (GestureState.APPROVED, 45_000)
    assert done(send(owner, case, "go_beyond", "deliver", row=gesture.pk, text="He came on Monday"), case, 4)
    assert state_of(case, 4) == StepState.DONE


def test_gesture_above_the_limit_waits_for_the_council(owner, case):
    give_gesture(owner, case, "4500")
    assert Escalation.objects.get(case=case).reason == "gesture"
    answer = send(owner, case, "go_beyond", "deliver", row=Gesture.objects.get().pk, text="He came")
    assert answer.status_code == 422
    assert "The council has not approved this gesture yet." in answer.content.decode()


@pytest.mark.parametrize("cost", ["-1", "a lot", "1e30", ""])
def test_gesture_refuses_an_impossible_cost(cost, owner, case):
    assert give_gesture(owner, case, cost).status_code == 422
    assert Gesture.objects.count() == 0
