"""The customer's pages in a real browser, on a phone: light and dark, with scripts and without."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts import passes
from cases.enums import CaseState
from cases.models import Case, CaseFile, Confirmation, Words
from cases.steps import resolve
from mail import delivery
from mail.models import Inbound
from surveys import inviting
from surveys.models import Answer, AnswerTag, Invitation, Submission
from tests import builders
from tests.surveys import making

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)
PHONE = 390


@pytest.fixture(autouse=True)
def fresh_counts():
    cache.clear()


@pytest.fixture
def question() -> Confirmation:
    now = timezone.now()
    return making.asked(opened=now - 2 * DAY, now=now - DAY)


@pytest.fixture
def invitation() -> Invitation:
    now = timezone.now()
    asked = making.asked(opened=now - 7 * DAY, now=now - 6 * DAY)
    resolve.confirm(confirmation=asked, yes=True, text="", now=now - 5 * DAY)
    inviting.invite_due(now - DAY)
    delivery.deliver_due(now - DAY)
    return Invitation.objects.select_related("link").get()


def path(name: str, row) -> str:
    return reverse(f"surveys:{name}", args=[passes.token_of(row.link)])


def faults_of(page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in ("serious", "critical")]


def sideways(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def test_customer_refuses_with_words_and_a_file_and_then_confirms(open_browser, question, tmp_path):
    one = open_browser(width=PHONE)
    page = one.page
    page.goto(path("confirm", question))
    page.get_by_text("Not yet, because…").click()
    slip = tmp_path / "slip.txt"
    slip.write_text("thirty pieces")
    page.get_by_label("What is still missing?").fill("Only thirty came")
    page.get_by_label("A picture or a paper").set_input_files(slip)
    page.get_by_role("button", name="Send it to Marta").click()
    assert page.get_by_role("heading", level=1).inner_text() == "We hear you, Ruth."
    assert CaseFile.objects.get().name == "slip.txt"
    page.get_by_role("button", name="It is put right now").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Thank you, Ruth."
    assert Case.objects.get().state == CaseState.RESOLVED
    assert one.complaints == []


def test_each_part_of_the_survey_is_kept_as_it_is_given(open_browser, invitation):
    one = open_browser(width=PHONE)
    page = one.page
    page.goto(path("survey", invitation) + "?satisfied=4")
    assert Answer.objects.count() == 0
    with page.expect_response(lambda answer: "/keep/" in answer.url):
        page.get_by_role("group", name="How easy did we make it for you?").get_by_label("3").check(force=True)
    page.get_by_text("Kept.").wait_for()
    assert Answer.objects.get().marks == {"satisfied": 4, "easy": 3}
    with page.expect_response(lambda answer: "/keep/" in answer.url):
        page.get_by_label("What should we still do?").press_sequentially("Show me what changes")
    page.get_by_text("Kept.").wait_for()
    assert Words.objects.filter(text="Show me what changes").count() == 1
    page.get_by_role("button", name="Send my answer").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Thank you, Ruth."
    assert Answer.objects.get().sent_at is not None
    assert one.complaints == []


def test_survey_works_without_scripts(open_browser, invitation):
    page = open_browser(width=PHONE, java_script_enabled=False).page
    page.goto(path("survey", invitation) + "?satisfied=2")
    page.get_by_label("What should we still do?").fill("It came back")
    page.get_by_role("button", name="Send my answer").click()
    assert "We opened RC-" in page.inner_text("main")
    assert (Case.objects.get().state, Answer.objects.get().satisfied) == (CaseState.OPEN, 2)


def test_call_me_works_without_scripts(open_browser, question):
    page = open_browser(width=PHONE, java_script_enabled=False).page
    page.goto(path("confirm", question))
    page.locator("summary", has_text="Call me").click()
    page.get_by_role("button", name="Please call me").click()
    assert "Marta Keller calls you or writes to you by" in page.inner_text("body")


def test_scanner_that_runs_scripts_and_waits_keeps_nothing(open_browser, invitation):
    """Some mail scanners open a link in a whole browser and look around for a while."""
    page = open_browser().page
    page.goto(path("survey", invitation) + "?satisfied=1")
    page.mouse.wheel(0, 2000)
    page.wait_for_timeout(2000)
    assert (Answer.objects.count(), Submission.objects.count()) == (0, 0)


@pytest.mark.parametrize("dark", [False, True])
def test_pages_are_open_to_everybody_and_fit_a_phone(open_browser, invitation, dark):
    one = open_browser(width=PHONE, dark=dark)
    asked = Confirmation.objects.select_related("link").get()
    for address in (path("survey", invitation), path("stop", invitation), path("confirm", asked)):
        one.page.goto(address)
        for summary in one.page.locator("summary").all():
            summary.click()
        assert (address[:9], faults_of(one.page), sideways(one.page)) == (address[:9], [], False)
    assert one.complaints == []


def test_link_that_opens_nothing_is_readable_too(open_browser):
    page = open_browser(width=PHONE).page
    page.goto(reverse("surveys:survey", args=["nothing"]))
    assert (faults_of(page), sideways(page)) == ([], False)
    page.get_by_role("button", name="Send a fresh one").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Look into your mailbox."


STAFF_PAGES = {
    "/surveys/": "Surveys",
    "/surveys/results/?by=owner": "Survey results",
    "/surveys/results/trust/": "Marks of trust",
    "/surveys/questions/": "Questions of the survey",
    "/surveys/questions/preview/de/": "Ruth Aebi, haben wir es in Ordnung gebracht?",
}


def test_pages_of_ours_are_open_to_everybody_and_fit_a_phone(open_browser, invitation, client, live_server):
    now = timezone.now()
    answer = Answer.objects.create(
        invitation=invitation, satisfied=3, kept_at=now, sent_at=now, verdict="look", judged_at=now
    )
    reader = builders.user("admin", "lead", name="Ada Admin")
    AnswerTag.objects.create(answer=answer, name="carrier", by=reader, at=now)
    client.force_login(reader)
    session = client.cookies["goldseam"].value
    for width in (PHONE, 1440):
        one = open_browser(width=width, dark=width == PHONE)
        one.context.add_cookies([{"name": "goldseam", "value": session, "url": live_server.url}])
        for url, heading in STAFF_PAGES.items():
            one.page.goto(url)
            assert one.page.get_by_role("heading", level=1).inner_text() == heading
            assert (url, faults_of(one.page), sideways(one.page)) == (url, [], False)
        assert one.complaints == []


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_report_page_is_open_to_everybody_and_takes_a_report(open_browser, settings, db, language):
    settings.REPORT_PAGE = True
    one = open_browser(width=PHONE, locale=language)
    one.page.goto("/report/")
    assert (faults_of(one.page), sideways(one.page)) == ([], False)
    for field, given in (("name", "Ruth"), ("company", "Halden"), ("email", "ruth@halden.example"), ("text", "Late")):
        one.page.locator(f"[name={field}]").fill(given)
    one.page.locator("main button[type=submit]").click()
    one.page.wait_for_url("**/report/thanks/")
    assert (faults_of(one.page), Inbound.objects.get().source) == ([], "form")
    assert one.complaints == []
