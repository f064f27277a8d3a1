"""Without a mouse: a complaint of a customer nobody knew is logged, and Today is walked through."""

import pytest
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from cases.models import Case, Customer
from tests import builders
from tests.journeys.hands import CASE_PAGE, sign_in

pytestmark = pytest.mark.browser


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until the focus is there."""
    for _ in range(most):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {selector}")


def test_complaint_is_logged_by_keyboard_alone(house, open_browser):
    one = open_browser()
    page = one.page
    sign_in(page, house.marta)
    page.keyboard.press("c")
    page.wait_for_url("**/cases/new/")
    tab_to(page, "#id_customer_name")
    page.keyboard.type("Ober Turbinen AG")
    expect(page.get_by_role("option", name="New customer")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    tab_to(page, "#id_contact_name")
    page.keyboard.type("Ilse Ober")
    expect(page.get_by_role("option", name="New contact")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    tab_to(page, "#id_contact_email")
    page.keyboard.type("ilse@ober.example")
    tab_to(page, "#id_text")
    page.keyboard.type("The blades came without papers.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(CASE_PAGE)
    case = Case.objects.select_related("customer", "reporter").get()
    assert (case.customer, case.reporter.email) == (Customer.objects.get(name="Ober Turbinen AG"), "ilse@ober.example")
    assert one.complaints == []


def test_walking_down_today_and_enter_opens_the_case(house, open_browser):
    case = builders.case(owner=house.marta, now=now())
    one = open_browser()
    sign_in(one.page, house.marta)
    one.page.keyboard.press("j")
    one.page.keyboard.press("Enter")
    one.page.wait_for_url(f"**{case.get_absolute_url()}*")
    assert one.complaints == []
