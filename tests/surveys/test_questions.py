"""The questions of the survey: wording by language, optional ones, versions that stay with their invitation."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from time_machine import travel

from accounts import passes
from accounts.models import AdminEvent
from cases.enums import CaseState
from cases.models import Case, Contact
from cases.refusals import Refused
from mail.models import Message
from surveys import answering, questions
from surveys.models import Answer, ExtraAnswer, FormVersion, Invitation, Submission
from tests import builders
from tests.surveys import making
from tests.surveys.making import DAY, LEAVES

pytestmark = pytest.mark.django_db
AT = LEAVES + timedelta(hours=1)
PARTS = {"kind": "marks", "wording": {"en": "Did the parts fit?", "de": "Passten die Teile?"}}
WHERE = {"kind": "words", "wording": {"en": "Where should we look first?"}}


@pytest.fixture(autouse=True)
def an_hour_later():
    cache.clear()
    with travel(AT, tick=False) as clock:
        yield clock


@pytest.fixture
def admin():
    return builders.user("admin", name="Ada Admin")


def adopt(admin, *asked, **wordings) -> FormVersion:
    return questions.adopt(wordings=wordings, asked=list(asked), actor=admin, now=LEAVES)


def url_of(invitation: Invitation, page: str = "survey") -> str:
    return reverse(f"surveys:{page}", args=[passes.token_of(invitation.link)])


def words_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_wording_counts_in_its_language_and_ours_in_the_others(client, admin):
    adopt(admin, heard={"de": "Haben wir Ihnen gut zugehört?"})
    invitation = making.invited()
    assert "Did you feel heard and taken seriously?" in words_of(client.get(url_of(invitation)))
    Contact.objects.update(language="de")
    assert "Haben wir Ihnen gut zugehört?" in words_of(client.get(url_of(invitation)))


def test_optional_questions_are_asked_before_the_last_one(client, admin):
    adopt(admin, PARTS, WHERE)
    shown = words_of(client.get(url_of(making.invited())))
    places = [
        shown.index(text) for text in ("Did the parts fit?", "Where should we look first?", "What should we still")
    ]
    assert places == sorted(places)
    assert "One minute, 7 questions." in shown


def test_invitation_keeps_the_questions_it_left_with(client, admin):
    adopt(admin, PARTS)
    invitation = making.invited()
    adopt(admin, WHERE)
    shown = words_of(client.get(url_of(invitation)))
    assert ("Did the parts fit?" in shown, "Where should we look first?" in shown) == (True, False)


def test_optional_parts_are_kept_one_by_one_and_changed_until_the_end(client, admin):
    version = adopt(admin, PARTS, WHERE)
    first, second = [one["key"] for one in version.facts["extra"]]
    invitation = making.invited()
    client.post(url_of(invitation, "keep"), {f"extra_{first}": "4"})
    client.post(url_of(invitation, "keep"), {f"extra_{first}": "2", f"extra_{second}": "At the press"})
    kept = {row.key: row.words.text if row.words else row.mark for row in ExtraAnswer.objects.all()}
    assert kept == {first: 2, second: "At the press"}
    assert [one.marks for one in Submission.objects.all()] == [{f"extra_{first}": 4}, {f"extra_{first}": 2}]
    client.post(url_of(invitation), {"satisfied": "5", f"extra_{first}": "2", f"extra_{second}": ""})
    kept = {row.key: row.words.text if row.words else row.mark for row in ExtraAnswer.objects.all()}
    assert (kept, Answer.objects.get().sent_at) == ({first: 2, second: None}, AT)


def test_low_mark_of_an_optional_question_sends_nothing_back(admin):
    version = adopt(admin, PARTS)
    invitation = making.invited()
    key = version.facts["extra"][0]["key"]
    answering.send(invitation=invitation, marks={"satisfied": 5}, text="", more={key: 1}, now=AT)
    assert (Answer.objects.get().verdict, Case.objects.get().state) == ("fine", CaseState.RESOLVED)


def test_answer_to_a_question_that_was_not_asked_is_left_out(admin):
    invitation = making.invited()
    answering.send(invitation=invitation, marks={"satisfied": 5}, text="", more={"9_9": 1}, now=AT)
    assert ExtraAnswer.objects.count() == 0


def test_optional_question_keeps_its_key_while_it_stays_what_it_is(admin):
    first = adopt(admin, PARTS)
    second = adopt(admin, {**PARTS, "wording": {**PARTS["wording"], "fr": "Les pièces étaient-elles bonnes ?"}}, WHERE)
    assert second.facts["extra"][0]["key"] == first.facts["extra"][0]["key"]
    assert second.facts["extra"][1]["key"] == "2_2"


@pytest.mark.parametrize(
    ("asked", "field"), [([{"kind": "marks", "wording": {"de": "Nur deutsch"}}], "extra1_en"), ([], "")]
)
def test_version_is_refused_without_english_and_without_news(admin, asked, field):
    with pytest.raises(Refused) as refused:
        adopt(admin, *asked)
    assert refused.value.field == field


def test_administrator_changes_the_questions_and_sees_them(client, admin):
    client.force_login(admin)
    answer = client.post("/surveys/questions/", {"heard_fr": "On vous a écouté ?", "extra1_kind": "marks"})
    assert (answer.status_code, "Write the question in English" in words_of(answer)) == (422, True)
    assert 'value="On vous a écouté ?"' in words_of(answer)
    given = {"heard_fr": "On vous a écouté ?", "extra1_kind": "marks", "extra1_en": "Did the parts fit?"}
    assert "Version 1 is asked from now on." in words_of(client.post("/surveys/questions/", given, follow=True))
    shown = words_of(client.get("/surveys/questions/preview/fr/"))
    assert ("On vous a écouté ?" in shown, "Did the parts fit?" in shown) == (True, True)
    assert AdminEvent.objects.get(kind="questions_changed").facts == {"version": 1}


def test_test_letter_goes_to_whoever_asks_and_leads_to_the_preview(client, admin):
    client.force_login(admin)
    client.post("/surveys/questions/test/", {"language": "de"})
    letter = Message.objects.get(template="survey")
    assert (letter.recipients.get().address, letter.language, letter.to_staff) == (admin.email, "de", True)
    assert letter.facts["survey_url"].endswith("/surveys/questions/preview/de/")
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize(("role", "reads"), [("auditor", 200), ("manager", 403), ("lead", 403)])
def test_others_change_nothing(client, role, reads):
    client.force_login(builders.user(role))
    assert client.get("/surveys/questions/").status_code == reads
    assert client.get("/surveys/questions/preview/en/").status_code == reads
    assert client.post("/surveys/questions/", {"heard_en": "So?"}).status_code == 403
    assert client.post("/surveys/questions/test/", {"language": "en"}).status_code == 403
    assert (FormVersion.objects.count(), Message.objects.count()) == (0, 0)


def test_closed_survey_takes_no_optional_part_either(client, admin, an_hour_later):
    version = adopt(admin, PARTS)
    invitation = making.invited()
    an_hour_later.move_to(LEAVES + 20 * DAY)
    answer = client.post(url_of(invitation, "keep"), {f"extra_{version.facts['extra'][0]['key']}": "4"})
    assert (answer.status_code, ExtraAnswer.objects.count()) == (422, 0)
