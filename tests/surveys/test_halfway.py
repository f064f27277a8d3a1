"""What is half-written on a customer's page survives a change of language, and is no answer yet."""

import pytest
from django.core.cache import cache
from time_machine import travel

from accounts import passes
from cases import check_ins, letters, watching
from cases.enums import PromiseState
from cases.models import CheckIn, Confirmation
from mail.models import Inbound
from surveys.models import Answer
from tests.surveys import making
from tests.surveys.making import LEAVES, MINUTE
from tests.surveys.test_customer_door import everything

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_the_page():
    cache.clear()
    with travel(LEAVES + MINUTE, tick=False) as clock:
        yield clock


def page_of(row, page: str) -> str:
    return f"/{page}/{passes.token_of(row.link)}/"


def status_of(case) -> str:
    return f"/status/{passes.token_of(letters.status_pass(case=case, contact=case.reporter, now=LEAVES))}/"


def in_german(client, address: str, typed: dict) -> str:
    """Press DE with `typed` on the page; expect the page in German and nothing of ours touched."""
    before = everything()
    answer = client.post(address, {**typed, "language": "de"})
    page = answer.content.decode()
    assert (answer.status_code, '<html lang="de">' in page, "Noch nicht gesendet" in page) == (200, True, False)
    assert everything() == before
    assert answer.cookies["goldseam_language"].value == "de"
    return page


def test_half_written_survey_stays_in_another_language(client):
    page = in_german(
        client, page_of(making.invited(), "survey"), {"satisfied": "2", "recommend": "0", "words": "Nur halb"}
    )
    assert ">Nur halb</textarea>" in page
    assert page.count(" checked") == 2
    assert Answer.objects.count() == 0


def test_changed_answer_stays_in_another_language_and_the_one_given_is_shown_as_given(client):
    invitation = making.invited()
    client.post(page_of(invitation, "survey"), {"satisfied": "5", "words": "Well done"})
    page = in_german(client, page_of(invitation, "survey"), {"satisfied": "3", "words": "On second thoughts"})
    assert ">On second thoughts</textarea>" in page
    assert "<b>5&nbsp;von&nbsp;5</b>" in page
    assert Answer.objects.get().satisfied == 5


def test_every_text_of_the_confirm_page_stays_in_another_language(client):
    typed = {"text": "Only thirty", "files": "slip.pdf", "phone": "+41 79", "call": "After three", "other": "Not Sven"}
    page = in_german(client, page_of(making.asked(), "confirm"), typed)
    assert [words for words in typed.values() if words not in page] == ["slip.pdf"]
    assert "Bitte wählen Sie Ihre Dateien noch einmal" in page
    assert page.count("<details open>") == 3
    assert Confirmation.objects.get().verdict == "pending"


def test_every_text_of_the_status_page_stays_in_another_language(client):
    case = making.resolved()
    promise = case.promises.first()
    type(promise).objects.filter(pk=promise.pk).update(state=PromiseState.KEPT)
    check = CheckIn.objects.filter(case=case, day=30).get()
    later = watching.opens_at(case.dues.get(kind="check_in", ref=check.pk))
    check_ins.ask(check=check, actor=case.owner, contact=case.reporter, now=later)
    typed = {
        f"promise-{promise.pk}-text": "Nobody called",
        "back-text": "The same bearing",
        "word-text": "A further word",
        "holds-text": "It rattles",
        "holds-holds": "no",
    }
    page = in_german(client, status_of(case), typed)
    assert [words for words in list(typed.values())[:4] if words not in page] == []
    assert page.count(" checked") == 1


def test_half_written_report_stays_in_another_language(client, settings):
    settings.REPORT_PAGE = True
    page = in_german(client, "/report/", {"text": "It broke", "name": "Ruth", "email": "ruth@", "website": ""})
    assert (">It broke</textarea>" in page, 'value="ruth@"' in page, Inbound.objects.count()) == (True, True, 0)


def test_what_else_was_typed_stays_when_one_thing_is_refused(client):
    address = page_of(making.asked(), "confirm")
    page = client.post(address, {"answer": "not_yet", "text": " ", "call": "After three"}).content.decode()
    assert ("Please tell us what is still missing" in page, ">After three</textarea>" in page) == (True, True)
    page = client.post(f"{address}person/", {"wish": "call", "phone": "0" * 41, "text": "Only thirty"}).content.decode()
    assert (">Only thirty</textarea>" in page, f'value="{"0" * 41}"' in page) == (True, True)


def test_language_we_do_not_speak_is_a_press_like_any_other(client):
    assert client.post(page_of(making.invited(), "survey"), {"language": "tlh"}).status_code == 422
