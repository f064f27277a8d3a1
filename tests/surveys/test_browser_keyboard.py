"""The pages a customer meets seldom, by keyboard alone, on a phone, in their language; large type; and on paper."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts import passes
from accounts.models import Pass
from cases import check_ins
from cases.enums import CheckInState
from cases.models import Case, CheckIn, Confirmation, Contact, Due
from cases.steps import resolve
from mail.models import Inbound, Message
from tests.surveys import making
from tests.surveys.test_browser_languages import SAYS, invitation_of, looked_at, question_in, status_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)
PHONE, NARROW = 390, 320
HERE = "(document.activeElement.innerText || document.activeElement.name || '').trim()"
WORDS = {
    "en": {"else": "I would rather speak", "else_send": "Someone else, please", "stop": "No more surveys, please"},
    "de": {"else": "Ich möchte lieber", "else_send": "Jemand anderes, bitte", "stop": "Bitte keine Umfragen mehr"},
    "fr": {"else": "Je préfère parler", "else_send": "Quelqu’un d’autre", "stop": "Je ne souhaite plus"},
}
MORE = {
    "en": {
        "fresh": "Send a fresh one",
        "mailbox": "Look into your mailbox.",
        "report": "Send it",
        "done": "Done, Ruth.",
    },
    "de": {
        "fresh": "Neuen Link",
        "mailbox": "Bitte sehen Sie in Ihr Postfach.",
        "report": "Senden",
        "done": "Erledigt, Ruth Aebi.",
    },
    "fr": {
        "fresh": "Envoyer un nouveau lien",
        "mailbox": "Consultez votre boîte de réception.",
        "report": "Envoyer",
        "done": "C’est fait, Ruth Aebi.",
    },
}


@pytest.fixture(autouse=True)
def fresh_counts():
    cache.clear()


def tab_to(page, words: str) -> None:
    """Go on by the tabulator until what has the focus begins with `words`, or bears that name."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(HERE).startswith(words):
            return
    raise AssertionError(f"No road by keyboard to {words}")


def heading(page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def checked_in(language: str) -> Case:
    """A case put right a month ago, whose customer was asked by letter whether it still holds."""
    now = timezone.now()
    question = making.asked(opened=now - 40 * DAY, now=now - 36 * DAY)
    Contact.objects.filter(pk=question.contact_id).update(language=language)
    resolve.confirm(confirmation=question, yes=True, text="", now=now - 35 * DAY)
    case = Case.objects.get(pk=question.case_id)
    check = CheckIn.objects.get(case=case, day=30)
    check_ins.ask(check=check, actor=case.owner, contact=case.confirmer, now=now)
    return case


@pytest.mark.parametrize("language", list(SAYS))
def test_check_in_is_answered_by_keyboard(open_browser, language):
    case = checked_in(language)
    one = open_browser(width=PHONE, dark=language == "fr", locale=language)
    page = one.page
    page.goto(status_of(Confirmation.objects.get(case=case)))
    looked_at(page, language)
    page.reload()
    tab_to(page, "holds-holds")
    page.keyboard.press("Space")
    tab_to(page, "holds-trust")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    tab_to(page, "holds-text")
    page.keyboard.type("All came")
    tab_to(page, SAYS[language]["send"])
    page.keyboard.press("Enter")
    page.locator(".flash").wait_for()
    check = CheckIn.objects.get(case=case, day=30)
    assert (check.state, check.trust, check.words.text) == (CheckInState.GOOD, 2, "All came")
    assert one.complaints == []


@pytest.mark.parametrize("language", list(SAYS))
def test_someone_else_is_asked_for_by_keyboard(open_browser, language):
    question, says, scripts = question_in(language), WORDS[language], language != "de"
    page = open_browser(width=PHONE, java_script_enabled=scripts).page
    page.goto(f"/confirm/{passes.token_of(question.link)}/")
    tab_to(page, says["else"])
    page.keyboard.press("Enter")
    tab_to(page, "other")
    page.keyboard.type("Not by phone")
    tab_to(page, says["else_send"])
    page.keyboard.press("Enter")
    page.locator("[role=status]").wait_for()
    assert "Lena Lead" in page.locator("[role=status]").inner_text()
    assert Due.objects.filter(kind="wish", closed_at=None).count() == 1
    if scripts:  # without them the check for accessibility would wait for ever
        looked_at(page, language)


@pytest.mark.parametrize("language", list(SAYS))
def test_surveys_are_stopped_and_a_fresh_link_is_sent_by_keyboard(open_browser, language):
    invitation, says = invitation_of(confirmed(language)), MORE[language]
    page = open_browser(width=PHONE, dark=language == "en", locale=language).page
    page.goto(f"/survey/{passes.token_of(invitation.link)}/stop/")
    tab_to(page, WORDS[language]["stop"])
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=says["done"]).wait_for()
    looked_at(page, language)
    Pass.objects.filter(pk=invitation.link_id).update(expires_at=timezone.now() - DAY)
    page.goto(f"/survey/{passes.token_of(invitation.link)}/")
    assert heading(page) == SAYS[language]["gone"]
    tab_to(page, says["fresh"])
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=says["mailbox"]).wait_for()
    looked_at(page, language)
    assert Message.objects.filter(template="fresh_link", language=language).count() == 1


def confirmed(language: str) -> Confirmation:
    question = question_in(language)
    resolve.confirm(confirmation=question, yes=True, text="", now=timezone.now() - 5 * DAY)
    return question


@pytest.mark.parametrize("language", list(SAYS))
def test_problem_is_reported_by_keyboard_and_the_enter_key_sends_nothing_half_done(open_browser, settings, language):
    settings.REPORT_PAGE = True
    page = open_browser(width=PHONE, dark=language == "de", locale=language).page
    page.goto("/report/")
    looked_at(page, language)
    for name, words in (
        ("text", "It broke"),
        ("name", "Ruth"),
        ("company", "Halden"),
        ("email", "ruth@halden.example"),
    ):
        tab_to(page, name)
        page.keyboard.type(words)
        if name != "text":
            page.keyboard.press("Enter")
    assert Inbound.objects.count() == 0
    tab_to(page, MORE[language]["report"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/report/thanks/")
    looked_at(page, language)
    assert Inbound.objects.get().source == "form"


def every_page(language: str) -> list[str]:
    question = confirmed(language)
    invitation = invitation_of(question)
    survey = f"/survey/{passes.token_of(invitation.link)}/"
    asked = making.asked(opened=timezone.now() - 7 * DAY, now=timezone.now() - 6 * DAY)
    confirm = [f"/confirm/{passes.token_of(row.link)}/" for row in (question, asked)]
    return [*confirm, survey, f"{survey}stop/", status_of(question), "/survey/nothing/", "/report/"]


@pytest.mark.parametrize("language", ["de", "fr"])
def test_large_type_on_a_small_phone_scrolls_down_only(open_browser, settings, language):
    settings.REPORT_PAGE = True
    page = open_browser(width=NARROW, locale=language).page
    for address in every_page(language):
        page.goto(address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        for summary in page.locator("summary").all():
            summary.click()
        width = page.evaluate("document.documentElement.scrollWidth")
        assert (address.split("/")[1], width) == (address.split("/")[1], NARROW)


def test_page_on_paper_shows_what_was_said_and_nothing_to_press(open_browser):
    question = confirmed("de")
    page = open_browser(width=PHONE, locale="de").page
    page.goto(f"/confirm/{passes.token_of(question.link)}/")
    page.emulate_media(media="print")
    assert page.get_by_text("Forty housings arrived 09:30.").is_visible()
    assert [one.is_visible() for one in page.locator("button, summary, textarea").all()].count(True) == 0
