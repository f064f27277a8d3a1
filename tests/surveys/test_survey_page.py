"""The survey page: links preselect, parts are kept, one press sends."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from time_machine import travel

from accounts import passes
from cases.enums import CaseState
from cases.models import Case, Contact
from surveys.models import Answer, Invitation
from tests.surveys import making
from tests.surveys.making import DAY, LEAVES

pytestmark = pytest.mark.django_db
AT = LEAVES + timedelta(hours=1)


@pytest.fixture(autouse=True)
def an_hour_later():
    cache.clear()
    with travel(AT, tick=False) as clock:
        yield clock


@pytest.fixture
def invitation():
    return making.invited()


def url_of(invitation: Invitation, page: str = "survey") -> str:
    return reverse(f"surveys:{page}", args=[passes.token_of(invitation.link)])


def words_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_page_asks_five_questions_and_says_who_reads_and_until_when(client, invitation):
    shown = words_of(client.get(url_of(invitation)))
    assert "Ruth, did we put it right?" in shown
    assert "Marta reads every answer in person." in shown
    assert "You can change your answer until 4 December." in shown
    assert "By 1 December Marta writes to you why it happened and what we change." in shown
    assert [shown.count(f'name="{name}"') for name in ("satisfied", "heard", "easy", "recommend", "words")] == [
        5,
        5,
        5,
        11,
        1,
    ]


def test_number_in_the_letter_only_preselects(client, invitation):
    shown = words_of(client.get(url_of(invitation) + "?satisfied=4"))
    assert shown.count("checked") == 1
    assert Answer.objects.count() == 0


@pytest.mark.parametrize("given", ["0", "6", "four", "", "4' onload='x"])
def test_anything_but_a_mark_preselects_nothing(client, invitation, given):
    answer = client.get(url_of(invitation), {"satisfied": given})
    assert (answer.status_code, words_of(answer).count("checked")) == (200, 0)


def test_mark_kept_is_stronger_than_the_link(client, invitation):
    client.post(url_of(invitation, "keep"), {"satisfied": "2"})
    assert client.get(url_of(invitation) + "?satisfied=5").context["form"].initial["satisfied"] == 2


def test_part_is_kept_and_stands_there_on_the_next_visit(client, invitation):
    answer = client.post(url_of(invitation, "keep"), {"heard": "3", "words": "Slow"})
    assert (answer.status_code, answer.json()) == (200, {"kept": True})
    shown = client.get(url_of(invitation)).context["form"].initial
    assert (shown["heard"], shown["words"]) == (3, "Slow")


@pytest.mark.parametrize("given", [{"satisfied": "9"}, {"recommend": "-1"}, {"words": "x" * 5001}])
def test_part_that_cannot_be_is_not_kept(client, invitation, given):
    answer = client.post(url_of(invitation, "keep"), given)
    assert (answer.status_code, Answer.objects.count()) == (422, 0)


def test_send_takes_the_answer_and_thanks(client, invitation):
    given = {"satisfied": "5", "heard": "5", "easy": "4", "recommend": "9", "words": "Good work"}
    shown = words_of(client.post(url_of(invitation), given, follow=True))
    answer = Answer.objects.get()
    assert (answer.marks, answer.sent_at, answer.verdict) == (
        {"satisfied": 5, "heard": 5, "easy": 4, "recommend": 9},
        AT,
        "fine",
    )
    assert "Thank you, Ruth." in shown and "Change my answer" in shown


def test_low_answer_says_when_they_hear(client, invitation):
    shown = words_of(client.post(url_of(invitation), {"satisfied": "1", "words": "It came back"}, follow=True))
    assert Case.objects.get().state == CaseState.OPEN
    assert "We opened RC-" in shown and "Marta Keller calls you or writes to you by Monday 23 November, 12:00" in shown


def test_empty_answer_says_what_to_do(client, invitation):
    answer = client.post(url_of(invitation), {})
    assert answer.status_code == 422
    assert "Nothing is filled in yet." in words_of(answer)


def test_bad_mark_keeps_the_words(client, invitation):
    answer = client.post(url_of(invitation), {"satisfied": "9", "words": "Kept all the same"})
    assert (answer.status_code, "Kept all the same</textarea>" in words_of(answer)) == (422, True)


def test_answer_can_be_changed(client, invitation):
    client.post(url_of(invitation), {"satisfied": "5"})
    client.post(url_of(invitation), {"satisfied": "4"})
    assert Answer.objects.get().satisfied == 4


def test_closed_survey_still_offers_a_person(client, invitation, an_hour_later):
    an_hour_later.move_to(LEAVES + 15 * DAY)
    shown = words_of(client.get(url_of(invitation)))
    assert "Ruth, this survey is closed." in shown
    assert "Call me" in shown and 'name="satisfied"' not in shown


def test_closed_survey_takes_nothing(client, invitation, an_hour_later):
    an_hour_later.move_to(LEAVES + 15 * DAY)
    assert client.post(url_of(invitation), {"satisfied": "4"}).status_code == 422
    assert client.post(url_of(invitation, "keep"), {"satisfied": "4"}).status_code == 422
    assert Answer.objects.count() == 0


def test_stop_asks_first_and_acts_on_the_press(client, invitation):
    assert "No more surveys?" in words_of(client.get(url_of(invitation, "stop")))
    assert Contact.objects.filter(opted_out_at=None).count() == 1
    assert "Done, Ruth." in words_of(client.post(url_of(invitation, "stop"), follow=True))
    assert Contact.objects.get().opted_out_at == AT


def test_call_me_works_from_the_survey_too(client, invitation):
    client.post(url_of(invitation, "survey_person"), {"wish": "call"})
    assert "You asked to speak to a person." in words_of(client.get(url_of(invitation)))


def test_post_without_our_token_and_without_one_click_is_refused(invitation):
    program = Client(enforce_csrf_checks=True)
    assert program.post(url_of(invitation, "stop")).status_code == 403
    assert program.post(url_of(invitation), {"List-Unsubscribe": "One-Click"}).status_code == 403
    assert Contact.objects.get(pk=invitation.contact_id).opted_out_at is None
