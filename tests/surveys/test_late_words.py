"""What a customer says late to a merged case reaches the surviving one; its pages say so kindly."""

from datetime import timedelta
from html import unescape

import pytest

from accounts import passes
from cases import merging
from cases.enums import CaseState, DueKind, Side
from cases.models import Due, Entry
from mail.models import Message
from tests import builders
from tests.builders import NOON
from tests.cases.resolving import asked, confirmed

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_noon(clock):
    clock.move_to(NOON + 4 * HOUR)


@pytest.fixture
def lead():
    return builders.user("lead", of=builders.team())


@pytest.fixture
def survivor(lead):
    return builders.acknowledged(builders.case(owner=builders.user("manager", name="Marta Keller", of=lead.team)))


@pytest.fixture
def question(survivor, lead):
    """A question asked on a case that was merged since."""
    twin = builders.case(owner=survivor.owner, of=survivor.customer, reporter=survivor.reporter)
    waiting = asked(twin, NOON + HOUR)
    merging.merge(case=twin, into=survivor, actor=lead, reason="The same", now=NOON + 2 * HOUR)
    return waiting


@pytest.fixture
def page(question):
    return f"/confirm/{passes.token_of(question.link)}/"


def test_page_of_a_merged_case_says_kindly_where_work_goes_on(client, page, question, survivor):
    shown = unescape(client.get(page).content.decode())
    assert f"we put {question.case.number} together with {survivor.number}" in shown
    assert "Yes, it is put right" not in shown


def test_late_no_lands_on_the_surviving_case(client, page, survivor):
    client.post(page, {"answer": "not_yet", "text": "The gauge is missing"})
    said = Entry.objects.get(side=Side.THEIRS, case=survivor)
    assert (said.words.text, said.contact) == ("The gauge is missing", survivor.reporter)
    assert Message.objects.filter(template="late_word", to_staff=True).count() == 1
    owed = Due.objects.get(case=survivor, kind=DueKind.REPLY, closed_at=None)
    assert owed.owner == survivor.owner
    assert "The gauge is missing" in client.get(page).content.decode()


def test_late_no_opens_the_surviving_case_again(client, page, survivor):
    confirmed(survivor, NOON + 3 * HOUR)
    client.post(page, {"answer": "not_yet", "text": "The gauge is missing"})
    survivor.refresh_from_db()
    assert (survivor.state, survivor.round) == (CaseState.OPEN, 2)


def test_late_no_without_words_is_refused_at_the_field(client, page, survivor):
    answer = client.post(page, {"answer": "not_yet", "text": ""})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["text"])
    assert not Entry.objects.filter(side=Side.THEIRS, case=survivor).exists()


def test_wish_to_be_called_reaches_the_surviving_case(client, page, survivor):
    client.post(f"{page}person/", {"wish": "call", "call": "After three"})
    assert Entry.objects.get(side=Side.THEIRS).case == survivor
