"""What marks ask for, and when an answer may not be theirs."""

from datetime import timedelta

import pytest

from surveys.models import SurveyVerdict
from surveys.verdicts import contradicts, too_fast, verdict_of, worse
from tests.builders import NOON

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("marks", "verdict"),
    [
        ({"satisfied": 5, "heard": 5, "easy": 5, "recommend": 10}, "fine"),
        ({"satisfied": 4, "heard": 4, "easy": 4}, "fine"),
        ({"satisfied": 4, "heard": 4, "easy": 3}, "look"),
        ({"satisfied": 3, "heard": 3, "easy": 3}, "look"),
        ({"satisfied": 3, "heard": 3, "easy": 2}, "reopen"),
        ({"satisfied": 2}, "reopen"),
        ({"satisfied": 5, "heard": 5, "easy": 1}, "reopen"),
        ({"satisfied": 5, "recommend": 6}, "look"),
        ({"satisfied": 5, "recommend": 7}, "fine"),
        ({"recommend": 0}, "look"),
        ({"recommend": 9}, "fine"),
    ],
)
def test_verdict_follows_the_marks(marks, verdict):
    assert verdict_of(marks, has_words=False) == verdict


def test_verdict_of_words_alone_is_worth_a_look():
    assert verdict_of({}, has_words=True) == SurveyVerdict.LOOK


def test_verdict_of_good_marks_with_words_is_fine():
    assert verdict_of({"satisfied": 5}, has_words=True) == SurveyVerdict.FINE


@pytest.mark.parametrize(
    ("one", "other", "graver"),
    [("pending", "fine", "fine"), ("reopen", "fine", "reopen"), ("fine", "look", "look"), ("held", "look", "look")],
)
def test_verdict_never_gets_lighter(one, other, graver):
    assert worse(one, other) == graver


@pytest.mark.parametrize(("seconds", "has_words", "doubted"), [(9, False, True), (10, False, False), (9, True, False)])
def test_answer_within_ten_seconds_of_its_letter_is_doubted_without_words(seconds, has_words, doubted):
    posted_at = NOON + seconds * SECOND
    assert too_fast(posted_at=posted_at, delivered_at=NOON, has_words=has_words) is doubted


def test_answer_to_a_letter_never_delivered_is_not_doubted():
    assert too_fast(posted_at=NOON, delivered_at=None, has_words=False) is False


@pytest.mark.parametrize(("before", "after", "odd"), [(5, 1, True), (1, 5, True), (4, 3, False), (2, 3, False)])
def test_marks_contradict_where_praise_meets_damnation(before, after, odd):
    assert contradicts({"satisfied": after}, [{"satisfied": before}]) is odd
