"""Step 3, the other roads of the customer's yes: in writing, with "not so" one click away; spoken, passed on."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.enums import CaseState, Verdict
from cases.models import Confirmation, Entry, Event, Offer
from cases.steps import resolve
from mail import rendering
from mail.models import Message
from tests import builders
from tests.builders import NOON
from tests.cases.stepping import HOUR, THEN, done, left, page_of, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("an_hour_later")]
SAID = "All forty are in, the line runs. Thank you."


@pytest.fixture
def case(owner):
    """A case whose result is carried out; nobody has been asked."""
    held = builders.ready_to_offer(builders.case(owner=owner), now=NOON)
    resolve.offer(case=held, actor=owner, text="Forty housings", now=NOON)
    resolve.carry_out(case=held, actor=owner, text="Forty arrived", by="Sven", at=NOON, now=NOON)
    return held


def proof() -> SimpleUploadedFile:
    return SimpleUploadedFile("their-mail.txt", SAID.encode(), "text/plain")


def test_written_yes_resolves_the_case_and_tells_them_with_not_so(owner, case):
    assert done(send(owner, case, "resolve", "written", text=SAID, files=proof()), case, 3)
    assert (Confirmation.objects.count(), left()) == (0, 1)
    kept = Confirmation.objects.get(case=case)
    case.refresh_from_db()
    assert (kept.verdict, kept.how, kept.file.name, kept.words.text) == ("yes", "written", "their-mail.txt", SAID)
    assert case.state == CaseState.RESOLVED
    letter = rendering.letter_of(Message.objects.get(template="noted"))
    assert "We noted that you confirmed" in letter.subject and SAID in letter.text and "Not so" in letter.text
    told = Event.objects.filter(case=case, kind__in=["written_yes", "confirmed"]).order_by("seq")
    assert list(told.values_list("kind", flat=True)) == ["written_yes", "confirmed"]
    assert "in writing, attached to the case" in page_of(owner, case, 3)


def test_not_so_after_a_written_yes_opens_the_case_again(owner, case):
    send(owner, case, "resolve", "written", text=SAID, files=proof())
    left()
    resolve.confirm(
        confirmation=Confirmation.objects.get(), yes=False, text="That was about another order", now=THEN + HOUR
    )
    case.refresh_from_db()
    assert (case.state, case.round) == (CaseState.OPEN, 2)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": ""}, "Copy the sentence in which they say"),
        ({"text": SAID, "files": ""}, "Attach the one file in which they say so."),
    ],
)
def test_written_yes_without_proof_or_sentence_is_refused(owner, case, typed, said):
    answer = send(owner, case, "resolve", "written", **{"files": proof(), **typed})
    assert answer.status_code == 422 and said in answer.content.decode()
    assert Confirmation.objects.count() == 0


def test_written_yes_before_the_deed_is_refused(owner, case):
    Offer.objects.update(carried_out_at=None)
    answer = send(owner, case, "resolve", "written", text=SAID, files=proof())
    assert answer.status_code == 422 and "First say what was carried out." in answer.content.decode()


def test_written_yes_where_nobody_could_say_not_so_is_refused(owner, case):
    case.confirmer.email = ""
    case.confirmer.save()
    answer = send(owner, case, "resolve", "written", text=SAID, files=proof())
    assert answer.status_code == 422 and "could not tell us" in answer.content.decode()


def test_spoken_yes_sends_the_question_with_their_words_and_confirms_nothing(owner, case):
    assert done(send(owner, case, "resolve", "spoken", how="call", text="It is fine now"), case, 3)
    left()
    kept, letter = Confirmation.objects.get(case=case), rendering.letter_of(Message.objects.get(template="confirm"))
    case.refresh_from_db()
    assert (kept.verdict, kept.spoken.text, case.state) == (Verdict.PENDING, "It is fine now", CaseState.OPEN)
    assert "When we spoke you told us:" in letter.text and "It is fine now" in letter.text
    assert Entry.objects.get(case=case).side == "theirs"


def test_spoken_yes_after_asking_sends_the_question_once_more(owner, case):
    send(owner, case, "resolve", "ask")
    left()
    assert done(send(owner, case, "resolve", "spoken", how="meeting", text="It is fine"), case, 3)
    left()
    assert (Confirmation.objects.count(), Message.objects.filter(template="confirm").count()) == (1, 2)
    assert "the letter quotes it" in page_of(owner, case, 3)


def test_spoken_yes_without_their_words_is_refused(owner, case):
    answer = send(owner, case, "resolve", "spoken", how="call", text=" ")
    assert answer.status_code == 422 and "Write what they said, in their words." in answer.content.decode()
