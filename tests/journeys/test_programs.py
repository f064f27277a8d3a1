"""A person lets a program in, and an administrator lets another system hear: made, shown once, ended."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from accounts.models import ApiToken
from cases.models import Webhook
from tests import builders
from tests.journeys.hands import goes_sideways, sign_in

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1440, 390])
def test_token_is_made_used_and_revoked(transactional_db, open_browser, width):
    builders.defaults.install()
    marta = builders.user("manager", name="Marta Keller")
    one = open_browser(width=width)
    page = one.page
    sign_in(page, marta)
    page.goto("/account/")
    page.get_by_role("link", name="Your tokens").click()
    page.get_by_role("main").get_by_role("link", name="Make a token").first.click()
    page.get_by_label("Password").fill(builders.PASSWORD)
    page.get_by_role("main").get_by_role("button").first.click()
    page.get_by_label("What will use it").fill("Nightly report")
    page.get_by_role("button", name="Make the token").click()
    token = page.get_by_label("Your token").input_value()
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {token}"}).json()["name"] == "Marta Keller"
    page.get_by_role("link", name="I have kept it").click()
    expect(page.get_by_text("Nightly report")).to_be_visible()
    assert goes_sideways(page) is False
    page.get_by_role("button", name="Revoke Nightly report").click()
    expect(page.get_by_text(re.compile("is revoked"))).to_be_visible()
    assert ApiToken.objects.get().revoked_at is not None
    page.goto("/api/v1/")
    page.locator("#log_complaint > summary").click()
    expect(page.locator("#log_complaint").get_by_text("customer_is_new")).to_be_visible()
    assert goes_sideways(page) is False


def test_another_system_is_let_hear_and_tried(transactional_db, open_browser):
    builders.defaults.install()
    one = open_browser()
    page = one.page
    sign_in(page, builders.user("admin", name="Noor Haddad"))
    page.goto("/manage/")
    page.get_by_role("link", name="Webhooks").click()
    page.get_by_label("What it is", exact=True).fill("Shop")
    page.get_by_label("Address").fill("https://hooks.example.com/goldseam")
    page.get_by_label("A case is opened", exact=True).check()
    page.get_by_role("button", name="Enter the address").click()
    assert page.get_by_label("Its secret").input_value().startswith("whsec_")
    page.get_by_role("link", name="I have kept it").click()
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_text("A test leaves within a minute.")).to_be_visible()
    expect(page.get_by_text("leaves within a minute", exact=True)).to_be_visible()
    assert Webhook.objects.get().kinds == ["case.opened"]
