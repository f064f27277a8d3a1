"""What an answer asks of us, and when we doubt that it is theirs. Pure: marks in, codes out, no clock, no rows."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from surveys.models import SurveyVerdict

FIVES = ("satisfied", "heard", "easy")
MEASURES = (*FIVES, "recommend")
LOW_MEAN = 3
GOOD_MEAN = 4
WORST_MARK = 1
LAST_DETRACTOR = 6
FIRST_PROMOTER = 9
TOO_FAST = timedelta(seconds=10)
_ORDER = (SurveyVerdict.FINE, SurveyVerdict.LOOK, SurveyVerdict.REOPEN)


def verdict_of(marks: Mapping[str, int], *, has_words: bool) -> SurveyVerdict:
    """Return what the marks ask for: a mean of the 1–5 marks under 3, or any 1, sends the case back.

    A mean under 4, a recommendation of 0 to 6, or words without any mark from 1 to 5 are worth a look.
    """
    fives = [marks[name] for name in FIVES if name in marks]
    if fives and (sum(fives) < LOW_MEAN * len(fives) or WORST_MARK in fives):
        return SurveyVerdict.REOPEN
    if marks.get("recommend", FIRST_PROMOTER) <= LAST_DETRACTOR or (has_words and not fives):
        return SurveyVerdict.LOOK
    return SurveyVerdict.LOOK if fives and sum(fives) < GOOD_MEAN * len(fives) else SurveyVerdict.FINE


def worse(one: str, other: str) -> SurveyVerdict:
    """Return the graver of two verdicts; anything that is no verdict yet weighs nothing."""
    return max((SurveyVerdict(one), SurveyVerdict(other)), key=lambda verdict: _weight(verdict))


def too_fast(*, posted_at: datetime, delivered_at: datetime | None, has_words: bool) -> bool:
    """Tell whether an answer without words came within 10 seconds of its letter: a machine may have opened it."""
    if has_words or delivered_at is None:
        return False
    return timedelta(0) <= posted_at - delivered_at < TOO_FAST


def contradicts(marks: Mapping[str, int], earlier: Iterable[Mapping[str, int]]) -> bool:
    """Tell whether `marks` praise what one of the `earlier` ones damned, or the other way round."""
    return any(
        (marks[name] <= 2 and before[name] >= GOOD_MEAN) or (marks[name] >= GOOD_MEAN and before[name] <= 2)
        for before in earlier
        for name in FIVES
        if name in marks and name in before
    )


def _weight(verdict: SurveyVerdict) -> int:
    return _ORDER.index(verdict) if verdict in _ORDER else -1
