"""The seven discovery questions on the case page: answered, proposed, accepted, refused with the words kept."""

from datetime import timedelta
from html import unescape

import pytest
import time_machine

from cases.models import (
    Discovery,
)
from tests import builders
from tests.builders import NOON

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LATER = "2026-11-20T17:00"


@pytest.fixture(autouse=True)
def frozen():
    """Every act happens two hours after the complaint came in."""
    with time_machine.travel(NOON + 2 * HOUR, tick=False) as traveller:
        yield traveller


@pytest.fixture
def owner():
    return builders.user("manager", name="Marta Keller", of=builders.team())


@pytest.fixture
def case(owner):
    return builders.case(owner=owner)


@pytest.fixture
def page(client, owner, case):
    """A function that posts to an address below the case, signed in as its owner."""
    client.force_login(owner)
    return lambda path, data=None, **more: client.post(f"{case.get_absolute_url()}{path}", data or {}, **more)


def text_of(answer) -> str:
    return unescape(answer.content.decode())


def test_question_is_answered(page, case):
    answer = page("discovery/4/", {"answer": "partly", "note": "One site is still open"})
    kept = Discovery.objects.get(case=case)
    assert (kept.question, kept.answer, kept.note.text) == (4, "partly", "One site is still open")
    assert answer.url.endswith("?tab=discovery#question-4")


def test_not_known_yet_needs_a_reason(page, case):
    answer = page("discovery/2/", {"answer": "unknown", "note": ""})
    assert (answer.status_code, Discovery.objects.count()) == (422, 0)
    assert "Say why this is not known yet, and who finds out." in text_of(answer)


def test_question_without_a_choice_keeps_the_note(page):
    answer = page("discovery/2/", {"note": "half a thought"})
    assert "half a thought</textarea>" in text_of(answer)


def test_proposal_is_accepted_with_its_reason(page, case):
    page("discovery/7/", {"act": "accept"})
    kept = Discovery.objects.get(case=case)
    assert (kept.question, kept.answer) == (7, "yes")
    assert kept.note.text == "The value at stake is computed from the customer’s figures."


def test_all_proposals_are_accepted_but_no_answer_is_overwritten(page, case):
    page("discovery/7/", {"answer": "no", "note": "The figures are old"})
    page("discovery/")
    answers = dict(Discovery.objects.filter(case=case).values_list("question", "answer"))
    assert answers == {1: "partly", 5: "partly", 6: "no", 7: "no"}


def test_eighth_question_is_not_found(page):
    assert page("discovery/8/", {"answer": "yes"}).status_code == 404
