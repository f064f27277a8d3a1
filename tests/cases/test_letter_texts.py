"""Texts to begin a letter with: written, looked at, tried on oneself, changed by two people, retired."""

import pytest
from django.urls import reverse

from cases import defaults, letter_texts
from cases.models import LetterText
from cases.refusals import Refused
from mail import delivery
from mail.models import Message
from tests import builders
from tests.builders import NOON
from tests.cases.page.moments import text_of

pytestmark = pytest.mark.django_db
GIVEN = {"step": 3, "language": "en", "name": "Half way", "subject": "Where we stand", "body": "{first_name}, half."}


@pytest.fixture
def admin(client):
    person = builders.user("admin", name="Ada Lind")
    client.force_login(person)
    return person


def test_new_installation_has_texts_in_three_languages_whose_places_are_known():
    defaults.install()
    assert set(LetterText.objects.values_list("language", flat=True)) == {"en", "de", "fr"}
    known = dict.fromkeys(letter_texts.PLACES, "")
    for text in LetterText.objects.all():
        assert "{" not in letter_texts.filled(text.subject + text.body, known)


def test_text_is_written_and_offered(client, admin):
    answer = client.post(reverse("cases:letter_text_new"), {**GIVEN, "act": "save"})
    text = LetterText.objects.get(name="Half way")
    assert (answer.url, text.step, text.body) == (reverse("cases:letter_texts"), 3, "{first_name}, half.")
    assert "Half way" in text_of(client.get(answer.url))


def test_place_nobody_knows_is_refused_at_its_field(client, admin):
    answer = client.post(reverse("cases:letter_text_new"), {**GIVEN, "body": "Dear {nmae}", "act": "save"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["body"])
    assert "“{nmae}” is nothing we can fill in." in text_of(answer)
    assert LetterText.objects.filter(name="Half way").count() == 0


def test_name_that_is_taken_in_this_language_is_refused():
    LetterText.objects.create(**GIVEN)
    with pytest.raises(Refused) as refused:
        letter_texts.add(actor=builders.user("admin"), now=NOON, **GIVEN)
    assert refused.value.field == "name"
    letter_texts.add(actor=builders.user("admin"), now=NOON, **{**GIVEN, "language": "de"})


def test_text_is_looked_at_with_an_invented_case(client, admin):
    answer = client.post(reverse("cases:letter_text_new"), {**GIVEN, "act": "look"})
    assert answer.context["looked"] is True
    shown = text_of(client.get(reverse("cases:letter_text_preview")))
    assert "Ruth, half." in shown and "Dear Ruth Aebi," in shown and "Ada Lind" in shown
    assert LetterText.objects.filter(name="Half way").count() == 0


def test_text_is_sent_to_oneself_and_arrives_filled_in(client, admin, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    client.post(reverse("cases:letter_text_new"), {**GIVEN, "act": "test"})
    letter = Message.objects.get()
    assert letter.recipients.get().address == admin.email
    delivery.deliver_due(letter.send_at)
    letter.refresh_from_db()
    assert (letter.state, letter.subject) == ("sent", "Where we stand (RC-2041)")
    assert "Ruth, half." in letter.text


def test_second_of_two_people_sees_both_versions_and_loses_no_word(client, admin):
    text = LetterText.objects.create(**GIVEN)
    given = {**GIVEN, "rev": text.rev, "act": "save"}
    client.post(reverse("cases:letter_text", args=[text.pk]), {**given, "body": "First."})
    answer = client.post(reverse("cases:letter_text", args=[text.pk]), {**given, "body": "Second."})
    assert answer.status_code == 422
    assert (answer.context["theirs"].body, answer.context["form"]["body"].value()) == ("First.", "Second.")
    again = {**given, "body": "Second.", "rev": answer.context["form"]["rev"].value()}
    client.post(reverse("cases:letter_text", args=[text.pk]), again)
    text.refresh_from_db()
    assert (text.body, text.rev) == ("Second.", 3)


def test_retired_text_is_offered_no_more_until_it_is_again(client, admin):
    text = LetterText.objects.create(**GIVEN)
    address = reverse("cases:letter_text_retire", args=[text.pk])
    client.post(address, {"act": "retire"})
    assert LetterText.objects.get(pk=text.pk).retired is True
    client.post(address, {"act": "offer"})
    assert LetterText.objects.get(pk=text.pk).retired is False


def test_auditor_reads_and_changes_nothing(client):
    text = LetterText.objects.create(**GIVEN)
    client.force_login(builders.user("auditor"))
    assert "{first_name}, half." in text_of(client.get(reverse("cases:letter_text", args=[text.pk])))
    answer = client.post(reverse("cases:letter_text", args=[text.pk]), {**GIVEN, "body": "x", "act": "save"})
    assert answer.status_code == 403
    assert client.post(reverse("mail:test")).status_code == 403


def test_administrator_gets_a_test_letter_by_the_road_of_every_letter(client, admin):
    answer = client.post(reverse("mail:test"))
    letter = Message.objects.get(template="test")
    assert (answer.url, letter.recipients.get().address) == (reverse("mail:letter", args=[letter.pk]), admin.email)
