"""Every page of a customer on a phone, in each language: open to everybody, whole by keyboard, and it does its work."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.utils import timezone

from accounts import passes
from cases import letters
from cases.enums import CaseState
from cases.models import Case, Confirmation, Contact, Due
from cases.steps import resolve
from mail import delivery
from surveys import inviting
from surveys.models import Answer, Invitation
from tests.surveys import making

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)
PHONE = 390
SAYS = {
    "en": {
        "yes": "Yes, it is put right",
        "thanks": "Thank you, Ruth.",
        "send": "Send my answer",
        "call": "Call me",
        "please": "Please call me",
        "back": "It came back",
        "again": "It came back: open it again",
        "what": "What came back, and when?",
        "open": "It is open again",
        "gone": "This link opens nothing any more.",
    },
    "de": {
        "yes": "Ja, es ist in Ordnung gebracht",
        "thanks": "Danke, Ruth Aebi.",
        "send": "Meine Antwort senden",
        "call": "Rufen Sie mich an",
        "please": "Bitte rufen Sie mich an",
        "back": "Es ist wieder aufgetreten",
        "again": "Wieder aufgetreten: Fall wieder öffnen",
        "what": "Was ist wieder aufgetreten, und wann?",
        "open": "Ihr Fall ist wieder offen",
        "gone": "Dieser Link ist nicht mehr gültig.",
    },
    "fr": {
        "yes": "Oui, c’est réglé",
        "thanks": "Merci, Ruth Aebi.",
        "send": "Envoyer ma réponse",
        "call": "Appelez-moi",
        "please": "Appelez-moi, s’il vous plaît",
        "back": "Le problème est revenu",
        "again": "Le problème est revenu\u202f: rouvrir le dossier",
        "what": "Qu’est-ce qui est revenu, et quand\u202f?",
        "open": "Votre dossier est rouvert",
        "gone": "Ce lien n’est plus valable.",
    },
}


@pytest.fixture(autouse=True)
def fresh_counts():
    cache.clear()


def question_in(language: str) -> Confirmation:
    now = timezone.now()
    question = making.asked(opened=now - 7 * DAY, now=now - 6 * DAY)
    Contact.objects.filter(pk=question.contact_id).update(language=language)
    return question


def invitation_of(question: Confirmation) -> Invitation:
    now = timezone.now()
    Case.objects.filter(pk=question.case_id).update(resolved_at=now - 5 * DAY)
    inviting.invite_due(now - DAY)
    delivery.deliver_due(now - DAY)
    return Invitation.objects.select_related("link").get(case=question.case_id)


def status_of(question: Confirmation) -> str:
    case = Case.objects.get(pk=question.case_id)
    contact = Contact.objects.get(pk=question.contact_id)
    return f"/status/{passes.token_of(letters.status_pass(case=case, contact=contact, now=timezone.now()))}/"


def looked_at(page, language: str) -> None:
    """Unfold everything on the page; expect nothing serious, nothing sideways, and the language named."""
    for summary in page.locator("summary").all():
        summary.click()
    found = Axe().run(page).response["violations"]
    serious = [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in ("serious", "critical")]
    sideways = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert (serious, sideways, page.get_attribute("html", "lang")) == ([], False, language)


@pytest.mark.parametrize("language", list(SAYS))
def test_one_complaint_is_confirmed_answered_and_comes_back_in_their_language(open_browser, language):
    says, question = SAYS[language], question_in(language)
    one = open_browser(width=PHONE, dark=language == "de", locale=language)
    page = one.page
    page.goto(f"/confirm/{passes.token_of(question.link)}/")
    looked_at(page, language)
    page.get_by_role("button", name=says["yes"], exact=True).click()
    assert page.get_by_role("heading", level=1).inner_text() == says["thanks"]
    looked_at(page, language)

    invitation = invitation_of(question)
    page.goto(f"/survey/{passes.token_of(invitation.link)}/?satisfied=4")
    looked_at(page, language)
    page.get_by_role("button", name=says["send"], exact=True).click()
    assert page.get_by_role("heading", level=1).inner_text() == says["thanks"]
    assert Answer.objects.get().satisfied == 4
    page.goto(f"/survey/{passes.token_of(invitation.link)}/stop/")
    looked_at(page, language)

    page.goto(status_of(question))
    looked_at(page, language)
    page.get_by_label(says["what"]).fill("Late again")
    page.get_by_role("button", name=says["again"], exact=True).click()
    assert says["open"] in page.inner_text("main")
    assert Case.objects.get().state == CaseState.OPEN
    page.goto("/survey/nothing/")
    assert page.get_by_role("heading", level=1).inner_text() == says["gone"]
    looked_at(page, language)
    assert [text for text in one.complaints if "status of 404" not in text] == []


@pytest.mark.parametrize("language", ["de", "fr"])
def test_person_is_asked_for_by_keyboard_alone_and_without_scripts(open_browser, language):
    says, question = SAYS[language], question_in(language)
    page = open_browser(width=PHONE, java_script_enabled=False).page
    page.goto(f"/confirm/{passes.token_of(question.link)}/")
    page.locator("summary", has_text=says["call"]).focus()
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert "Marta Keller" in page.locator("[role=status]").inner_text()
    assert Due.objects.filter(kind="wish", closed_at=None).count() == 1


def test_language_is_switched_on_the_page_and_stays(open_browser):
    question = question_in("en")
    page = open_browser(width=PHONE).page
    page.goto(f"/confirm/{passes.token_of(question.link)}/")
    page.get_by_role("button", name="Français").click()
    assert page.get_by_role("button", name=SAYS["fr"]["yes"]).is_visible()
    page.get_by_role("button", name=SAYS["fr"]["yes"]).click()
    assert page.get_by_role("heading", level=1).inner_text() == SAYS["fr"]["thanks"]
    assert resolve.waiting_confirmation(Case.objects.get()) is None


@pytest.mark.parametrize("scripts", [True, False])
def test_half_written_words_survive_another_language_and_the_enter_key(open_browser, scripts):
    question = question_in("en")
    page = open_browser(width=320, java_script_enabled=scripts).page
    page.goto(f"/confirm/{passes.token_of(question.link)}/")
    for summary in ("Not yet, because…", SAYS["en"]["call"]):
        page.locator("summary", has_text=summary).click()
    page.get_by_label("What is still missing?").fill("Only thirty came")
    page.get_by_label("Telephone, if not the one we have").fill("+41 79 000")
    page.keyboard.press("Enter")
    assert Confirmation.objects.get().verdict == "pending"
    page.get_by_role("button", name="Deutsch").click()
    assert page.get_by_label("Was fehlt noch?").input_value() == "Only thirty came"
    assert page.get_by_label("Telefonnummer, falls nicht die uns bekannte").input_value() == "+41 79 000"
    assert Confirmation.objects.get().verdict == "pending"
    page.get_by_role("button", name="An Marta senden").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Wir haben verstanden, Ruth Aebi."
    assert Confirmation.objects.order_by("id")[0].words.text == "Only thirty came"
