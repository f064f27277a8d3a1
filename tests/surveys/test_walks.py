"""Walks of a customer with an old letter in hand: too late, twice, after silence, after the end, after a reopening."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from time_machine import travel

from accounts import passes
from cases import letters, workflow
from cases.enums import CaseState, Outcome, PromiseState, Side, StepState, Verdict
from cases.models import Case, CaseFile, Confirmation, Contact, Due, Entry, Event, Step
from cases.timeline import Kind
from surveys import reminding
from surveys.models import Answer, Invitation, InvitationState
from tests.surveys import making
from tests.surveys.making import ASKED, CONFIRMED, DAY, LEAVES, MINUTE

pytestmark = pytest.mark.django_db
LATER = CONFIRMED + 2 * DAY


@pytest.fixture(autouse=True)
def clock():
    cache.clear()
    with travel(LATER, tick=False) as clock:
        yield clock


def page_of(row, page: str = "confirm") -> str:
    return f"/{page}/{passes.token_of(row.link)}/"


def status_of(case, rest: str = "") -> str:
    return f"/status/{passes.token_of(letters.status_pass(case=case, contact=case.reporter, now=LATER))}/{rest}"


def seen(answer) -> str:
    return " ".join(answer.content.decode().split())


def said(case) -> list[str]:
    return [entry.words.text for entry in Entry.objects.filter(case=case, side=Side.THEIRS).order_by("id")]


@pytest.fixture
def silent() -> Confirmation:
    """A question nobody answered, accepted silently by the council."""
    question = making.asked()
    case = Case.objects.get(pk=question.case_id)
    Confirmation.objects.filter(pk=question.pk).update(
        verdict=Verdict.SILENT, how=Confirmation.How.SILENCE, answered_at=CONFIRMED
    )
    workflow.resolve(case=case, now=CONFIRMED, contact=None, actor=case.owner, silent=True)
    return Confirmation.objects.select_related("link", "case").get(pk=question.pk)


def closed(case: Case) -> None:
    """Close a case that was put right: what is left of its steps is waived, the survey could not be asked."""
    planned = Step.objects.filter(case=case, round=case.round, state=StepState.PLANNED)
    planned.exclude(number=7).update(state=StepState.WAIVED, done_at=LATER - DAY)
    workflow.finish_step(case=Case.objects.get(pk=case.pk), number=7, now=LATER - DAY, actor=None, note="not_asked")
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED


def test_late_yes_after_silence_is_heard_once_and_shown_back(client, silent):
    page = seen(client.get(page_of(silent)))
    assert ("We did not hear from you".lower() in page.lower(), "Yes, it is put right" in page) == (True, True)
    for _ in range(2):
        answer = client.post(page_of(silent), {"answer": "yes"}, follow=True)
    assert said(silent.case) == ["Yes, it is put right."]
    assert "Your words of" in seen(answer)
    silent.refresh_from_db()
    assert (silent.verdict, Step.objects.get(case=silent.case, number=3).silent) == (Verdict.SILENT, True)


def test_late_no_after_silence_reopens_while_it_is_resolved_and_after_it_closed(client, silent):
    closed(silent.case)
    assert silent.case.outcome == Outcome.ACCEPTED_SILENTLY
    assert "It is not put right" in seen(client.get(page_of(silent)))
    given = {"answer": "not_yet", "text": "It rattles again"}
    assert [client.post(page_of(silent), given).status_code for _ in range(2)] == [302, 302]
    case = Case.objects.get(pk=silent.case_id)
    assert (case.state, case.round) == (CaseState.OPEN, 2)
    assert said(case) == ["It rattles again"]


def test_question_after_a_withdrawal_says_so_and_still_takes_a_word(client):
    question = making.asked()
    workflow.end(case=question.case, act=Outcome.WITHDRAWN, now=LATER - DAY, actor=None)
    page = seen(client.get(page_of(question)))
    assert "Ruth, you took this back." in page and "in touch with you" not in page
    assert ("It came back" in page, "Yes, it is put right" in page) == (True, False)
    client.post(f"{page_of(question)}word/", {"word-text": "One more thing"})
    assert said(question.case) == ["One more thing"]


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.CUSTOMER_LOST, "If something is still open for you, tell us: a person reads it."),
        (Outcome.NOT_AGREED, "We wrote you our final answer on"),
    ],
)
def test_question_after_another_end_promises_nobody_who_is_in_touch(client, outcome, words):
    question = making.asked()
    workflow.end(case=question.case, act=outcome, now=LATER - DAY, actor=None)
    page = seen(client.get(page_of(question)))
    assert (words in page, "in touch with you" in page, "It came back" in page) == (True, False, False)


def test_confirmed_and_closed_case_comes_back_from_the_letter_in_hand(client):
    case = making.resolved()
    question = case.confirmations.select_related("link").get()
    closed(case)
    assert "It came back" in seen(client.get(page_of(question)))
    client.post(page_of(question), {"answer": "not_yet", "text": "Late again"})
    assert Case.objects.get(pk=case.pk).round == 2
    page = seen(client.get(page_of(question)))
    assert f"We opened {case.number} again. Marta Keller is working on it." in page
    assert "We keep an eye on it." not in page


def test_survey_of_a_reopened_case_says_that_it_is_open_again(client, clock):
    invitation = making.invited()
    clock.move_to(LEAVES + DAY)
    workflow.reopen(case=invitation.case, why="came_back", now=LEAVES + DAY, contact=invitation.contact, words=None)
    page = seen(client.get(page_of(invitation, "survey")))
    assert f"{invitation.case.number} is open again, and Marta Keller is working on it." in page


# The last day of a survey


def end_of_day(invitation: Invitation) -> datetime:
    """The midnight after the day the page names, where the contact lives."""
    zone = ZoneInfo(letters.zone_of(invitation.case, invitation.contact))
    here = invitation.closes_at.astimezone(zone) + DAY
    return here.replace(hour=0, minute=0, second=0, microsecond=0)


@pytest.fixture
def invitation() -> Invitation:
    row = making.invited()
    Contact.objects.filter(pk=row.contact_id).update(zone="America/New_York")
    return Invitation.objects.select_related("contact", "link", "case__owner").get(pk=row.pk)


def test_survey_is_open_to_the_end_of_the_day_it_names(client, clock, invitation):
    clock.move_to(end_of_day(invitation) - MINUTE)
    assert f"until {invitation.closes_at.day} December" in seen(client.get(page_of(invitation, "survey")))
    assert client.post(page_of(invitation, "survey"), {"satisfied": "4"}).status_code == 302
    assert Answer.objects.get().satisfied == 4


def test_answer_of_the_last_hours_ends_a_silence_the_sweep_was_quick_to_see(client, clock, invitation):
    clock.move_to(invitation.closes_at + MINUTE)
    reminding.remind_due(invitation.closes_at + MINUTE)
    step = Step.objects.get(case=invitation.case, number=7)
    assert (step.silent, step.note) == (True, "silent")
    client.post(page_of(invitation, "survey"), {"satisfied": "5"})
    step.refresh_from_db()
    invitation.refresh_from_db()
    assert (step.silent, step.note, invitation.state) == (False, "answered", InvitationState.ANSWERED)


def test_answer_after_midnight_is_told_so_and_its_words_can_still_be_sent(client, clock, invitation):
    clock.move_to(end_of_day(invitation))
    answer = client.post(page_of(invitation, "survey"), {"satisfied": "2", "words": "Half of it is missing"})
    page = seen(answer)
    assert (answer.status_code, "This survey is closed." in page) == (422, True)
    assert ">Half of it is missing</textarea>" in page
    client.post(f"{page_of(invitation, 'survey')}word/", {"word-text": "Half of it is missing"})
    assert said(invitation.case) == ["Half of it is missing"]
    assert Answer.objects.count() == 0


# Pressed twice


def test_not_yet_pressed_twice_is_one_refusal(client):
    question = making.asked(opened=ASKED - timedelta(hours=3))
    slip = {"answer": "not_yet", "text": "Only thirty came"}
    answers = []
    for _ in range(2):
        file = SimpleUploadedFile("slip.txt", b"thirty", content_type="text/plain")
        answers.append(client.post(page_of(question), {**slip, "files": [file]}).status_code)
    assert answers == [302, 302]
    refusals = Event.objects.filter(kind=Kind.REFUSED).count()
    assert (refusals, CaseFile.objects.count()) == (1, 1)


def test_word_with_a_file_pressed_twice_is_one_word_and_one_file(client):
    case = making.resolved()
    for _ in range(2):
        file = SimpleUploadedFile("slip.txt", b"thirty", content_type="text/plain")
        answer = client.post(status_of(case, "word/"), {"word-text": "See here", "word-files": [file]})
        assert answer.status_code == 302
    assert (said(case), CaseFile.objects.count()) == (["See here"], 1)


def test_same_word_on_another_day_is_a_word_of_its_own(client, clock):
    case = making.resolved()
    client.post(status_of(case, "word/"), {"word-text": "Nothing heard yet"})
    clock.move_to(LATER + DAY)
    client.post(status_of(case, "word/"), {"word-text": "Nothing heard yet"})
    assert said(case) == ["Nothing heard yet"] * 2


def test_wish_pressed_twice_is_one_wish(client):
    case = making.resolved()
    for _ in range(2):
        client.post(status_of(case, "person/"), {"wish": "call", "call": "After three"})
    assert (len(said(case)), Due.objects.filter(kind="wish").count()) == (1, 1)


def test_it_came_back_pressed_twice_opens_one_round_and_thanks_twice(client):
    case = making.resolved()
    answers = [client.post(status_of(case, "back/"), {"back-text": "Late again"}).status_code for _ in range(2)]
    assert (answers, Case.objects.get().round, said(case)) == ([302, 302], 2, ["Late again"])


def test_not_so_pressed_twice_is_one_dispute(client):
    case = making.resolved()
    promise = case.promises.filter(kind="recovery").first()
    type(promise).objects.filter(pk=promise.pk).update(state=PromiseState.KEPT)
    given = {f"promise-{promise.pk}-text": "Nobody called"}
    answers = [client.post(status_of(case, f"promises/{promise.pk}/"), given).status_code for _ in range(2)]
    assert answers == [302, 302]
    other = client.post(status_of(case, f"promises/{promise.pk}/"), {f"promise-{promise.pk}-text": "And late"})
    assert (other.status_code, "You have told us already." in seen(other)) == (422, True)
