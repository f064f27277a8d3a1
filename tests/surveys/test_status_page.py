"""The status page: where it stands in plain words, promises and "not so", a word or a file; by GET nothing changes."""

from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import passes
from accounts.models import Pass
from cases import letters, promises
from cases.enums import CaseState, DueKind, PromiseState, Side
from cases.models import Case, CaseFile, Confirmation, Due, Entry, Event, Promise, Step
from cases.steps import resolve
from cases.timeline import Kind
from mail import delivery
from mail.models import Message
from tests import builders
from tests.builders import NOON
from tests.surveys.making import asked, team_of_two

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_work():
    cache.clear()
    with time_machine.travel(NOON + 2 * HOUR, tick=False) as clock:
        yield clock


@pytest.fixture
def case():
    owner, _ = team_of_two()
    builders.user("chair", name="Jonas Frei", title="Managing director")
    return builders.acknowledged(builders.case(owner=owner))


def token_of(case) -> str:
    return passes.token_of(letters.status_pass(case=case, contact=case.reporter, now=NOON))


def url(case, rest="") -> str:
    return f"/status/{token_of(case)}/{rest}"


def seen(client, case) -> str:
    return " ".join(client.get(url(case)).content.decode().split())


def keep(case) -> Promise:
    promise = case.promises.get()
    promises.settle_promise(promise=promise, actor=case.owner, state=PromiseState.KEPT, now=NOON + HOUR)
    return promise


def test_status_says_where_it_stands_what_is_promised_and_who_decides(client, case):
    page = seen(client, case)
    assert "<b>We heard you</b>" in page
    assert "<b>We stop it getting worse</b>" in page
    assert 'A call with the courier&#x27;s tracking number</span> <span class="pill">Wed 18 Nov, 12:38</span>' in page
    assert "Jonas Frei, managing director, decides on anything beyond Marta’s reach." in page


@pytest.mark.parametrize("hidden", ["CHF", "stake", "gesture", "Go beyond", "Learnings", "Council"])
def test_status_says_nothing_of_what_is_ours(client, case, hidden):
    assert hidden not in seen(client, case)


def test_looking_changes_nothing(client, case):
    address = url(case)
    before = (Event.objects.count(), Entry.objects.count(), Pass.objects.count(), Message.objects.count())
    client.get(address)
    client.head(address)
    assert (Event.objects.count(), Entry.objects.count(), Pass.objects.count(), Message.objects.count()) == before


def test_not_so_disputes_a_kept_promise(client, case):
    promise = keep(case)
    answer = client.post(url(case, f"promises/{promise.pk}/"), {f"promise-{promise.pk}-text": "Nobody called."})
    assert (answer.status_code, answer.url) == (302, url(case))
    assert Promise.objects.get(pk=promise.pk).state == PromiseState.DISPUTED
    assert "You wrote: “Nobody called.” The team lead looks into it and tells you." in seen(client, case)


def test_not_so_without_words_comes_back_with_what_is_missing(client, case):
    promise = keep(case)
    answer = client.post(url(case, f"promises/{promise.pk}/"), {f"promise-{promise.pk}-text": " "})
    assert answer.status_code == 422
    assert "Please tell us what was not kept, so that we can look into it." in answer.content.decode()
    assert Promise.objects.get(pk=promise.pk).state == PromiseState.KEPT


def test_not_so_of_another_case_opens_nothing(client, case):
    other = builders.acknowledged(builders.case(owner=case.owner))
    assert client.post(url(case, f"promises/{keep(other).pk}/"), {"text": "No"}).status_code == 404


def test_word_and_file_land_on_the_case_as_theirs(client, case):
    slip = SimpleUploadedFile("slip.txt", b"thirty pieces", content_type="text/plain")
    client.post(url(case, "word/"), {"word-text": "Only thirty came.", "word-files": [slip]})
    entry = Entry.objects.latest("id")
    assert (entry.side, entry.contact, entry.author, entry.words.text) == (
        Side.THEIRS,
        case.reporter,
        None,
        "Only thirty came.",
    )
    assert CaseFile.objects.get().name == "slip.txt"
    assert Due.objects.get(kind=DueKind.REPLY).owner == case.owner


def test_word_stops_reminders_of_the_confirm_letter(client):
    question = asked(now=NOON + HOUR)
    client.post(url(question.case, "word/"), {"word-text": "Looks good, thanks."})
    assert Confirmation.objects.get(pk=question.pk).next_at is None


def test_word_without_anything_comes_back(client, case):
    answer = client.post(url(case, "word/"), {"word-text": ""})
    assert (answer.status_code, "Write a word, or choose a file." in answer.content.decode()) == (422, True)


def test_call_me_starts_a_clock_and_says_by_when(client, case):
    client.post(url(case, "person/"), {"wish": "call"})
    assert "You asked to speak to a person. Marta Keller calls you or writes to you by" in seen(client, case)


def test_colleague_is_refused(client, case):
    client.force_login(case.owner)
    assert client.get(url(case)).status_code == 403


def test_expired_link_offers_a_fresh_one_and_sends_it(client, case, at_work):
    address = url(case)
    at_work.move_to(NOON + 400 * DAY)
    answer = client.get(address)
    assert (answer.status_code, "Send a fresh one to the address we have" in answer.content.decode()) == (404, True)
    client.post(address + "fresh/")
    letter = Message.objects.get(template="fresh_link")
    assert letter.facts["page"] == "status"
    assert Pass.objects.filter(purpose=Pass.Purpose.STATUS).count() == 2


def test_link_for_another_page_opens_nothing(client, case):
    link = passes.issue(purpose=Pass.Purpose.CONFIRM, target=f"status-{case.pk}-1", now=NOON, lifetime=DAY)
    assert client.get(f"/status/{passes.token_of(link)}/").status_code == 404
    assert client.get(f"/status/{signing.dumps('x')}/").status_code == 404


def test_letters_carry_one_link_a_contact(case):
    first = letters.status_pass(case=case, contact=case.reporter, now=NOON)
    question = asked(now=NOON + HOUR, owner=case.owner)
    delivery.deliver_due(NOON + 2 * HOUR)
    letter = Message.objects.get(pk=question.message_id)
    link = Pass.objects.get(purpose=Pass.Purpose.STATUS, target=f"status-{question.case_id}-{question.contact_id}")
    assert f"Where {question.case.number} stands, at any time: " in letter.text
    assert f"/status/{{{{pass:{link.pk}}}}}/" in letter.text and f"/status/{{{{pass:{link.pk}}}}}/" in letter.html
    assert letters.status_pass(case=case, contact=case.reporter, now=NOON + DAY) == first


def test_follower_of_a_merged_case_sees_where_it_went(client, case):
    survivor = builders.case(owner=case.owner, of=case.customer, reporter=case.reporter, title="The same again")
    type(case).objects.filter(pk=case.pk).update(merged_into=survivor)
    assert f"The same again · {survivor.number}" in seen(client, case)


def confirmed() -> Case:
    question = asked(now=NOON + HOUR)
    resolve.confirm(confirmation=question, yes=True, text="", now=NOON + 2 * HOUR)
    return Case.objects.get(pk=question.case_id)


def test_it_came_back_opens_the_case_again_with_all_nine_steps(client, at_work):
    case = confirmed()
    at_work.move_to(NOON + 40 * DAY)
    assert "It came back" in seen(client, case)
    client.post(url(case, "back/"), {"back-text": "The same bearing is late again."})
    case.refresh_from_db()
    steps = Step.objects.filter(case=case, round=2)
    assert (case.state, case.round, steps.count()) == (CaseState.OPEN, 2, 9)
    told = Message.objects.filter(template="came_back").values_list("recipients__name", flat=True)
    assert set(told) == {case.owner.name, case.team.lead.name}
    event = case.events.get(kind=Kind.REOPENED)
    assert (event.facts["why"], event.words.text) == ("came_back", "The same bearing is late again.")
    assert "It came back" not in seen(client, case)


def test_it_came_back_needs_their_words(client, at_work):
    case = confirmed()
    answer = client.post(url(case, "back/"), {"back-text": " "})
    assert (answer.status_code, "Please tell us what came back" in answer.content.decode()) == (422, True)
    assert Case.objects.get(pk=case.pk).state == CaseState.RESOLVED


def test_it_came_back_is_offered_for_ninety_days(client, at_work):
    case = confirmed()
    at_work.move_to(NOON + 2 * HOUR + 90 * DAY)
    assert "It came back" not in seen(client, case)
    refused = client.post(url(case, "back/"), {"back-text": "Again"})
    assert "This can no longer be opened again from here." in refused.content.decode()
    assert Case.objects.get(pk=case.pk).round == 1


def test_word_says_who_answers_and_by_when(client, case):
    client.post(url(case, "word/"), {"word-text": "Only thirty came."})
    shown = seen(client, case)
    assert "Your word is with us. Marta Keller answers you by" in shown
    assert "You asked to speak to a person" not in shown
