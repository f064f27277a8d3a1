"""The seven discovery questions on the case page: answered, proposed, accepted, refused with the words kept."""

import pytest

from cases.models import (
    Discovery,
)
from tests.cases.page.moments import text_of

pytestmark = pytest.mark.django_db


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
