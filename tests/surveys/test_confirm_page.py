"""The confirm page: only the customer can say that it is put right."""

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from time_machine import travel

from accounts import passes
from cases import entries, workflow
from cases.enums import CaseState, Verdict
from cases.models import Case, CaseFile, Confirmation, Due, Event
from cases.steps import resolve
from mail.models import Message, Notice
from tests.surveys import making
from tests.surveys.making import ASKED, CONFIRMED, DAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_the_answer():
    cache.clear()
    with travel(CONFIRMED, tick=False) as clock:
        yield clock


@pytest.fixture
def question():
    return making.asked()


def url_of(question: Confirmation) -> str:
    return reverse("surveys:confirm", args=[passes.token_of(question.link)])


def words_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_page_says_what_was_asked_and_what_was_done(client, question):
    shown = words_of(client.get(url_of(question)))
    assert "Ruth, is it put right?" in shown
    assert "You asked for this: Forty housings by Friday noon." in shown
    assert "Forty housings arrived 09:30." in shown
    assert "Only you can say so. We keep working until you do." in shown


def test_yes_resolves_the_case_and_rings_the_owners_bell(client, question):
    answer = client.post(url_of(question), {"answer": "yes"})
    assert (answer.status_code, answer.url) == (302, url_of(question))
    assert (Case.objects.get().state, Confirmation.objects.get().verdict) == (CaseState.RESOLVED, Verdict.YES)
    bell = Notice.objects.get(kind="confirmed")
    assert (bell.user.name, bell.facts["who"]) == ("Marta Keller", "Ruth Aebi")


def test_page_after_yes_says_what_happens_next_and_when(client, question):
    shown = words_of(client.post(url_of(question), {"answer": "yes"}, follow=True))
    assert "Thank you, Ruth." in shown
    assert "On Friday 20 November we ask you a few short questions" in shown


def test_second_yes_changes_nothing(client, question):
    client.post(url_of(question), {"answer": "yes"})
    before = Event.objects.count(), Notice.objects.count()
    shown = words_of(client.post(url_of(question), {"answer": "yes"}, follow=True))
    assert (Event.objects.count(), Notice.objects.count()) == before
    assert "Thank you, Ruth." in shown


def test_not_yet_goes_back_with_their_words_and_files(client, question):
    paper = SimpleUploadedFile("slip.txt", b"thirty pieces", "text/plain")
    client.post(url_of(question), {"answer": "not_yet", "text": "Only thirty came", "files": [paper]})
    kept = Confirmation.objects.get()
    assert (kept.verdict, kept.words.text, Case.objects.get().state) == (
        Verdict.NOT_YET,
        "Only thirty came",
        CaseState.OPEN,
    )
    assert CaseFile.objects.values_list("name", "added_by").get() == ("slip.txt", None)
    assert Event.objects.get(kind="file_added").contact.name == "Ruth Aebi"


def test_page_after_not_yet_says_by_when_they_hear(client, question):
    shown = words_of(client.post(url_of(question), {"answer": "not_yet", "text": "Only thirty came"}, follow=True))
    assert "Marta Keller comes back to you by Wednesday 18 November, 17:00" in shown
    assert "Only thirty came" in shown


def test_not_yet_without_words_is_refused_at_its_field(client, question):
    answer = client.post(url_of(question), {"answer": "not_yet", "text": "  "})
    why = "Please tell us what is still missing, so that we can put it right."
    assert (answer.status_code, answer.context["form"].errors) == (422, {"text": [why]})
    assert "<details open>" in words_of(answer)
    assert Confirmation.objects.get().verdict == Verdict.PENDING


def test_refused_file_keeps_the_words(client, question):
    bad = SimpleUploadedFile("setup.exe", b"MZ\x90\x00", "application/octet-stream")
    answer = client.post(url_of(question), {"answer": "not_yet", "text": "Only thirty came", "files": [bad]})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["files"])
    assert ">Only thirty came</textarea>" in words_of(answer)
    assert CaseFile.objects.count() == 0


def test_answer_without_a_choice_is_refused(client, question):
    assert client.post(url_of(question), {"answer": "maybe"}).status_code == 422
    assert client.post(url_of(question), {}).status_code == 422
    assert Confirmation.objects.get().verdict == Verdict.PENDING


def test_not_yet_after_yes_reopens(client, question):
    client.post(url_of(question), {"answer": "yes"})
    client.post(url_of(question), {"answer": "not_yet", "text": "It broke again"})
    assert (Case.objects.get().state, Case.objects.get().round) == (CaseState.OPEN, 2)


def test_yes_after_not_yet_resolves(client, question):
    client.post(url_of(question), {"answer": "not_yet", "text": "Only thirty came"})
    client.post(url_of(question), {"answer": "yes"})
    assert Case.objects.get().state == CaseState.RESOLVED


def test_answer_that_was_overtaken_is_refused_kindly(client, question):
    client.post(url_of(question), {"answer": "not_yet", "text": "Only thirty came"})
    case = Case.objects.get()
    resolve.offer(case=case, actor=case.owner, text="Ten more", now=CONFIRMED)
    answer = client.post(url_of(question), {"answer": "yes"})
    assert answer.status_code == 422
    assert "Things have moved on since this was asked." in words_of(answer)


def test_page_of_a_closed_case_takes_no_answer(client, question):
    workflow.end(case=Case.objects.get(), act=workflow.Outcome.WITHDRAWN, now=CONFIRMED, actor=None)
    shown = words_of(client.get(url_of(question)))
    assert "Ruth, you took this back." in shown
    assert 'value="yes"' not in shown


def test_expired_link_gets_a_fresh_one_at_the_address_we_have(client, question, at_the_answer):
    old = url_of(question)
    at_the_answer.move_to(ASKED + 91 * DAY)
    refused = client.get(old)
    assert (refused.status_code, "Send a fresh one to the address we have" in words_of(refused)) == (404, True)
    client.post(old + "fresh/")
    letter = Message.objects.get(template="fresh_link")
    assert letter.recipients.get().address == question.contact.email
    assert client.get(url_of(Confirmation.objects.select_related("link").get())).status_code == 200


def test_call_me_is_their_word_with_a_clock_of_two_hours(client, question):
    client.post(url_of(question) + "person/", {"wish": "call", "phone": "+41 79 000", "call": "After three"})
    entry = Case.objects.get().entries.first()
    assert (entry.side, entry.words.text) == ("theirs", "Please call me.\n+41 79 000\nAfter three")
    due = Due.objects.get(kind="wish", ref=0)
    assert (due.owner.name, due.allowed) == ("Marta Keller", "2h")
    assert Message.objects.get(template="person_wanted").recipients.get().name == "Marta Keller"
    assert Confirmation.objects.get().next_at is None
    assert "Marta Keller calls you or writes to you by" in words_of(client.get(url_of(question)))


def test_someone_else_is_for_the_lead_to_answer(client, question):
    client.post(url_of(question) + "person/", {"wish": "someone_else"})
    assert Due.objects.get(kind="wish").owner.name == "Lena Lead"
    assert Message.objects.get(template="person_wanted").recipients.get().name == "Lena Lead"


def test_somebody_else_is_not_the_one_they_would_rather_not_speak_to(client, question):
    client.post(url_of(question) + "person/", {"wish": "someone_else"})
    case = Case.objects.get()
    said = {"case": case, "kind": "call", "text": "Called her", "now": CONFIRMED, "contact": case.reporter}
    entries.add_entry(actor=case.owner, **said)
    assert Due.objects.get(kind="wish").closed_at is None
    entries.add_entry(actor=case.team.lead, **said)
    assert Due.objects.get(kind="wish").closed_at == CONFIRMED


def test_call_and_somebody_else_have_a_clock_each(client, question):
    for wish in ("call", "someone_else"):
        client.post(url_of(question) + "person/", {"wish": wish})
    people = Due.objects.filter(kind="wish").order_by("id").values_list("owner__name", flat=True)
    assert list(people) == ["Marta Keller", "Lena Lead"]
    shown = words_of(client.get(url_of(question)))
    assert ("Marta Keller calls you" in shown, "Lena Lead calls you" in shown) == (True, True)


def test_wish_that_is_not_taken_says_so(client, question, at_the_answer):
    url = url_of(question) + "person/"
    too_long = client.post(url, {"wish": "call", "phone": "0" * 41}, follow=True)
    for _ in range(5):
        client.post(url, {"wish": "call"})
    too_many = client.post(url, {"wish": "call", "call": "Once more"}, follow=True)
    assert ("at most 40 characters" in too_long.text, "That was a lot at once" in too_many.text) == (True, True)


def test_line_breaks_count_as_the_browser_counts_them(client, question, at_the_answer):
    client.post(url_of(question) + "person/", {"wish": "call", "call": "\r\n".join(["1234"] * 1_000)})
    assert Due.objects.filter(kind="wish").count() == 1


def test_second_wish_does_not_move_the_clock(client, question, at_the_answer):
    client.post(url_of(question) + "person/", {"wish": "call"})
    before = Due.objects.get(kind="wish", ref=0).due_at
    at_the_answer.shift(600)
    client.post(url_of(question) + "person/", {"wish": "call"})
    assert Due.objects.get(kind="wish", ref=0).due_at == before


def test_call_of_ours_stops_the_clock(client, question):
    client.post(url_of(question) + "person/", {"wish": "call"})
    case = Case.objects.get()
    entries.add_entry(case=case, actor=case.owner, kind="call", text="Called her", now=CONFIRMED, contact=case.reporter)
    assert Due.objects.get(kind="wish", ref=0).closed_at == CONFIRMED


def test_word_and_file_can_be_added_to_the_yes(client, question):
    client.post(url_of(question), {"answer": "yes"})
    assert "Add a word or a file" in words_of(client.get(url_of(question)))
    slip = SimpleUploadedFile("slip.txt", b"all forty", content_type="text/plain")
    typed = {"word-text": "All forty came.", "word-files": [slip]}
    answer = client.post(url_of(question) + "word/", typed, follow=True)
    assert "Thank you. It is with us." in words_of(answer)
    entry = Case.objects.get().entries.latest("id")
    assert (entry.side, entry.words.text, CaseFile.objects.get().name) == ("theirs", "All forty came.", "slip.txt")
    assert Case.objects.get().state == CaseState.RESOLVED


def test_added_word_without_anything_comes_back(client, question):
    client.post(url_of(question), {"answer": "yes"})
    answer = client.post(url_of(question) + "word/", {"word-text": " "})
    assert (answer.status_code, "Write a word, or choose a file." in words_of(answer)) == (422, True)
