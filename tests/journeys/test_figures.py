"""A number on the page of figures is opened, and the cases behind it are counted; files, paper and phone follow."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from council.figures import upkeep
from tests import builders
from tests.journeys import crew as people
from tests.journeys.hands import goes_sideways, press, sees, sign_in

pytestmark = pytest.mark.browser
HOUR = timedelta(hours=1)


def complaints(crew) -> None:
    """Let three complaints come in: one answered in time, one too late, one still waiting past its time."""
    now = timezone.now()
    halden, brunner = people.customers(crew)
    for of, waited in ((halden, 1), (brunner, 9)):
        case = builders.case(owner=crew.marta, of=of, now=now - 12 * HOUR)
        builders.acknowledged(case, now=now - (12 - waited) * HOUR)
    builders.case(owner=crew.marta, of=halden, now=now - 48 * HOUR, severity="low")
    upkeep.keep_up(timezone.now())


def test_a_figure_opens_the_cases_it_counts(house, open_browser):
    complaints(house)
    page = open_browser().page
    sign_in(page, house.jonas)
    page.goto("/council/")
    page.get_by_role("link", name="Figures", exact=True).click()
    sees(page, "How long it takes", "What customers say", "In and out, by")
    row = page.get_by_role("row", name="Acknowledged in time")
    met, of = (int(word) for word in row.get_by_text(" of ").inner_text().split(" of "))
    row.get_by_role("link").nth(1).click()
    sees(page, "How it is counted", "met ÷ (met + missed)")
    assert page.locator("tbody tr[data-row]").count() == met
    page.get_by_role("navigation", name="Which of them").get_by_role("link", name="too late").click()
    page.wait_for_url("**part=missed")
    assert page.locator("tbody tr[data-row]").count() == of - met
    page.locator("tbody tr[data-row] a.title").first.click()
    page.wait_for_url("**/cases/RC-*/")


def test_a_choice_narrows_every_figure_and_files_follow_it(house, open_browser):
    complaints(house)
    page = open_browser().page
    sign_in(page, house.ines)
    page.goto("/council/figures/?period=quarter")
    page.get_by_label("severity").select_option("low")
    page.wait_for_url("**severity=low**")
    expect(page.get_by_role("row", name="Received").get_by_role("link").nth(1)).to_have_text("1")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="XLSX").click()
    assert fetched.value.suggested_filename.startswith("figures-")
    page.get_by_role("link", name="Printed report").click()
    sees(page, "Customer recovery at", "How it is counted")
    assert not goes_sideways(page)


def test_the_pages_of_figures_fit_a_phone(house, open_browser):
    complaints(house)
    page = open_browser(width=390, height=844).page
    sign_in(page, house.noor)
    for address in ("", "side-by-side/?by=owner", "value/", "causes/", "do-the-repaired-hold/", "right-time/cases/"):
        page.goto(f"/council/figures/{address}")
        assert not goes_sideways(page), address


def test_a_mark_on_the_customers_page_is_known_to_the_figures(house, open_browser):
    halden, _ = people.customers(house)
    page = open_browser().page
    sign_in(page, house.marta)
    page.goto(f"/customers/{halden.pk}/")
    page.get_by_label("What", exact=True).first.select_option("renewed")
    press(page, "Note it")
    sees(page, "renewed")
    page.goto("/council/figures/do-the-repaired-hold/")
    row = page.get_by_role("row", name="Without a case")
    sees(row, "100.0 %", "of 1")
