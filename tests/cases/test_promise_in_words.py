"""Promises made in words of ours: in a letter, on a call, refused at their field."""

from datetime import timedelta

import pytest

from cases import entries
from cases.enums import EntryKind, Side
from cases.models import Promise
from cases.refusals import Refused
from mail.models import Message
from tests import builders
from tests.builders import NOON
from tests.surveys.making import team_of_two

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    owner, _ = team_of_two()
    return builders.acknowledged(builders.case(owner=owner))


def test_promise_made_in_a_letter_stands_in_it_and_gets_its_clock(case):
    entries.add_entry(
        case=case,
        actor=case.owner,
        kind=EntryKind.EMAIL,
        text="The courier has left.",
        subject="News",
        contact=case.reporter,
        promise="The housings on your dock",
        promise_due_at=NOON + 2 * DAY,
        now=NOON + HOUR,
    )
    promise = Promise.objects.latest("id")
    assert (promise.words.text, promise.form, promise.due_at) == (
        "The housings on your dock",
        "written",
        NOON + 2 * DAY,
    )
    letter = Message.objects.get(template="personal")
    assert letter.facts["promise"] == {
        "text": "The housings on your dock",
        "due_at": (NOON + 2 * DAY).isoformat(),
    }


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"promise_due_at": None}, "promise_due_at"),
        ({"promise": ""}, "promise"),
        ({"side": Side.THEIRS}, "promise"),
        ({"kind": EntryKind.NOTE}, "promise"),
    ],
)
def test_promise_made_in_words_is_refused_at_its_field(case, given, field):
    known = {"kind": EntryKind.CALL, "text": "Spoke", "promise": "A visit", "promise_due_at": NOON + DAY}
    told = {"case": case, "actor": case.owner, "contact": case.reporter, "now": NOON + HOUR}
    with pytest.raises(Refused) as refused:
        entries.add_entry(**told, **{**known, **given})
    assert refused.value.field == field
