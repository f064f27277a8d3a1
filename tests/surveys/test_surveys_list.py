"""The surveys list and the place of surveys on the case page."""

from datetime import timedelta

import pytest
from django.template import Context, Template
from django.urls import reverse
from time_machine import travel

from cases.models import Case
from surveys import answering
from surveys.models import Answer, Invitation
from tests import builders
from tests.surveys import making
from tests.surveys.making import LEAVES

pytestmark = pytest.mark.django_db
AT = LEAVES + timedelta(hours=1)
URL = "/surveys/"


@pytest.fixture(autouse=True)
def an_hour_later():
    with travel(AT, tick=False) as clock:
        yield clock


def answered(text="", at=AT, **marks) -> Invitation:
    invitation = making.invited()
    answering.send(invitation=invitation, marks=marks, text=text, now=at)
    return invitation


def held() -> Invitation:
    return answered(satisfied=1, at=LEAVES + timedelta(seconds=2))


def words_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_list_shows_marks_words_verdict_and_case(client):
    invitation = answered(satisfied=2, recommend=3, text="It came back")
    client.force_login(invitation.case.owner)
    shown = words_of(client.get(URL))
    assert "It came back" in shown and "Sent the case back" in shown
    assert f'href="{invitation.case.get_absolute_url()}"' in shown


def test_list_is_newest_first_and_narrowed_by_verdict(client):
    answered(satisfied=5), answered(satisfied=2), answered(satisfied=3)
    client.force_login(builders.user("council"))
    verdicts = [answer.verdict for answer in client.get(URL).context["page"].rows]
    assert verdicts == ["look", "reopen", "fine"]
    assert [answer.verdict for answer in client.get(URL, {"verdict": "reopen"}).context["page"].rows] == ["reopen"]


def test_empty_list_says_what_will_stand_here(client):
    client.force_login(builders.user())
    assert "No answer yet" in words_of(client.get(URL))
    assert "No such answer" in words_of(client.get(URL, {"verdict": "held"}))


def test_confidential_answers_are_for_those_who_see_the_case(client):
    invitation = answered(satisfied=2, text="Between us")
    Case.objects.update(confidential=True)
    client.force_login(builders.user(of=builders.team("South")))
    answer = client.get(URL)
    assert (answer.context["page"].rows, answer.context["summary"].answered) == ([], 0)
    client.force_login(invitation.case.owner)
    assert "Between us" in words_of(client.get(URL))


def test_summary_counts_what_was_delivered_and_answered(client):
    for satisfied, recommend in ((5, 10), (4, 9), (3, 0)):
        answered(satisfied=satisfied, recommend=recommend)
    making.invited()
    client.force_login(builders.user("council"))
    summary = client.get(URL).context["summary"]
    assert (summary.sent, summary.delivered, summary.answered, summary.response) == (4, 4, 3, 75)
    assert (summary.satisfied, summary.satisfied_n, summary.nps, summary.recommend_n) == (4.0, 3, 33, 3)


def test_held_answer_counts_nowhere(client):
    held()
    client.force_login(builders.user("council"))
    summary = client.get(URL).context["summary"]
    assert (summary.answered, summary.satisfied, summary.nps) == (0, None, None)


def test_lead_decides_a_held_answer_in_the_list(client):
    invitation = held()
    client.force_login(invitation.case.team.lead)
    assert "It counts" in words_of(client.get(URL, {"verdict": "held"}))
    client.post(reverse("surveys:decide", args=[invitation.answer.pk]), {"counts": "yes"})
    assert Answer.objects.get().verdict == "reopen"


def test_owner_sees_no_button_and_is_refused(client):
    invitation = held()
    client.force_login(invitation.case.owner)
    assert "It counts" not in words_of(client.get(URL))
    shown = words_of(client.post(reverse("surveys:decide", args=[invitation.answer.pk]), {"counts": "no"}, follow=True))
    assert "for the team lead to say" in shown
    assert Answer.objects.get().judged_at is None


def test_decision_on_an_unseen_case_is_not_found(client):
    invitation = held()
    Case.objects.update(confidential=True)
    client.force_login(builders.user("lead", of=builders.team("South")))
    assert client.post(reverse("surveys:decide", args=[invitation.answer.pk]), {"counts": "no"}).status_code == 404


def test_stranger_is_sent_to_the_sign_in(client):
    assert client.get(URL).url.startswith("/account/login/")


def statements(client, django_assert_num_queries, number):
    with django_assert_num_queries(number):
        client.get(URL)


def test_list_costs_the_same_for_one_row_and_for_thirty(client, django_assert_num_queries):
    """Promise P2: at most 8 statements, session, user and bell among them."""
    client.force_login(builders.user("council"))
    invitation = answered(satisfied=5)
    statements(client, django_assert_num_queries, 8)
    for _ in range(29):
        again = Invitation.objects.create(
            case=builders.case(owner=invitation.case.owner),
            round=1,
            contact=invitation.contact,
            planned_at=AT,
            sent_at=AT,
            closes_at=AT,
            state="answered",
        )
        Answer.objects.create(invitation=again, satisfied=4, kept_at=AT, sent_at=AT, verdict="fine", judged_at=AT)
    statements(client, django_assert_num_queries, 8)


# The slot on the case page


def slot(case) -> str:
    shown = Template("{% load surveys_slot %}{% survey_slot case %}").render(Context({"case": case, "now": AT}))
    return " ".join(shown.split())


def test_slot_shows_the_answer_in_one_statement(django_assert_num_queries):
    case = Case.objects.get(pk=answered(satisfied=2, text="It came back").case_id)
    with django_assert_num_queries(1):
        shown = slot(case)
    assert "Sent the case back" in shown and "It came back" in shown


def test_slot_of_an_open_case_says_when_the_survey_leaves():
    assert "a few days after the customer has confirmed" in slot(builders.case(owner=builders.user()))


def test_slot_tells_why_nobody_could_be_asked():
    invitation = making.invited()
    Invitation.objects.update(state="not_asked", reason="bounced")
    assert "letters to this address come back" in slot(invitation.case)
