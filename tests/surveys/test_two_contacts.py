"""Two people of one customer follow the same case: each is asked, thanked and quoted for what they said themselves."""

import pytest
from django.core.cache import cache
from time_machine import travel

from accounts import passes
from cases import check_ins, letters, watching
from cases.enums import CheckInState, PromiseState
from cases.models import CheckIn, Contact, Entry
from cases.timeline import Kind, record
from surveys import helping
from tests import builders
from tests.surveys import making
from tests.surveys.making import CONFIRMED, DAY, MINUTE

pytestmark = pytest.mark.django_db
MONTH = CONFIRMED + 30 * DAY


@pytest.fixture(autouse=True)
def a_month_later():
    cache.clear()
    with travel(MONTH, tick=False) as clock:
        yield clock


@pytest.fixture
def case():
    return making.resolved()


@pytest.fixture
def urs(case) -> Contact:
    return builders.contact(case.customer, name="Urs Frei", email="urs@halden.example")


@pytest.fixture
def check(case) -> CheckIn:
    """The check-in after a month, asked of the one who confirmed."""
    row = CheckIn.objects.get(case=case, day=30)
    due = case.dues.get(kind="check_in", ref=row.pk)
    check_ins.ask(check=row, actor=case.owner, contact=case.confirmer, now=max(MONTH, watching.opens_at(due)))
    return row


def status_of(case, contact) -> str:
    return f"/status/{passes.token_of(letters.status_pass(case=case, contact=contact, now=MONTH))}/"


def seen(client, case, contact) -> str:
    return " ".join(client.get(status_of(case, contact)).content.decode().split())


def test_check_in_is_asked_on_the_page_of_whom_it_was_asked(client, case, check, urs):
    assert "Ruth, does it still hold?" in seen(client, case, case.confirmer)
    page = seen(client, case, urs)
    assert "does it still hold?" not in page
    assert f"We asked somebody else at {case.customer.name} whether it still holds." in page
    assert "Add a word or a file" in page


def test_check_in_of_somebody_else_cannot_be_answered(client, case, check, urs):
    address = f"{status_of(case, urs)}holds/{check.pk}/"
    answer = client.post(address, {"holds-holds": "no", "holds-trust": "1", "holds-text": "It rattles"})
    assert (answer.status_code, "We asked somebody else at your company this." in answer.content.decode()) == (
        422,
        True,
    )
    check.refresh_from_db()
    assert (check.state, check.trust, case.is_open) == (CheckInState.PENDING, None, False)


def test_whom_it_was_asked_answers_it_and_twice_is_once(client, case, check):
    address = f"{status_of(case, case.confirmer)}holds/{check.pk}/"
    given = {"holds-holds": "yes", "holds-trust": "4", "holds-text": "Every delivery came"}
    assert [client.post(address, given).status_code for _ in range(2)] == [302, 302]
    check.refresh_from_db()
    assert (check.state, check.trust) == (CheckInState.GOOD, 4)
    assert Entry.objects.filter(words__text="Every delivery came").count() == 1
    assert client.post(address, {**given, "holds-trust": "1"}).status_code == 422


def told_of_the_change(case, contact) -> None:
    record(case=case, kind=Kind.CHANGE_TOLD, now=CONFIRMED, contact=contact, facts={})


def test_mark_of_trust_is_asked_of_whoever_was_told_of_the_change(client, case, urs):
    told_of_the_change(case, case.confirmer)
    assert "Ruth, one question" in seen(client, case, case.confirmer)
    assert "one question" not in seen(client, case, urs)
    assert client.post(f"{status_of(case, urs)}trust/", {"trust-trust": "1"}).status_code == 422
    given = {"trust-trust": "5", "trust-text": ""}
    answers = [client.post(f"{status_of(case, case.confirmer)}trust/", given) for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert CheckIn.objects.get(case=case, day=watching.WITH_THE_CHANGE).trust == 5


def test_mark_of_trust_nobody_asked_for_is_refused_and_not_thanked_for(client, case):
    answer = client.post(f"{status_of(case, case.confirmer)}trust/", {"trust-trust": "5"})
    assert (answer.status_code, "We have your answer" in answer.content.decode()) == (422, False)


def test_page_says_who_confirmed(client, case, urs):
    assert "You told us it is put right" in seen(client, case, case.confirmer)
    assert "Somebody at your company told us it is put right" in seen(client, case, urs)


def test_wish_and_word_are_told_back_to_whoever_had_them(client, case, urs):
    with travel(MONTH + MINUTE, tick=False):
        client.post(f"{status_of(case, case.confirmer)}person/", {"wish": "call", "call": "After three"})
        client.post(f"{status_of(case, case.confirmer)}word/", {"word-text": "A word of mine"})
    mine, theirs = seen(client, case, case.confirmer), seen(client, case, urs)
    assert ("You asked to speak to a person." in mine, "Your word is with us." in mine) == (True, True)
    assert ("You asked to speak to a person." in theirs, "Your word is with us." in theirs) == (False, False)
    helping.ask_for_a_person(case=case, contact=urs, wish=helping.Wish.CALL, now=MONTH + 2 * MINUTE)
    assert "You asked to speak to a person." in seen(client, case, urs)


def test_words_of_a_dispute_are_shown_to_whoever_wrote_them(client, case, urs):
    promise = case.promises.filter(kind="recovery").first()
    type(promise).objects.filter(pk=promise.pk).update(state=PromiseState.KEPT)
    said = {f"promise-{promise.pk}-text": "Nobody called"}
    client.post(f"{status_of(case, case.confirmer)}promises/{promise.pk}/", said)
    assert "You wrote: “Nobody called”" in seen(client, case, case.confirmer)
    page = seen(client, case, urs)
    assert ("Nobody called" in page, "Somebody at your company says: not so." in page) == (False, True)
