"""Promise S4: a passkey is added and then signs somebody in without a password."""

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from tests.journeys.hands import sign_in

pytestmark = pytest.mark.browser


def give_a_key(page: Page) -> None:
    """Put a key into the browser that confirms whatever it is asked."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": key})


def test_s4_passkey_is_added_and_signs_in(house, open_browser):
    one = open_browser()
    page = one.page
    give_a_key(page)
    sign_in(page, house.marta)
    page.goto("/account/2fa/")
    page.get_by_role("link", name="Add a key").click()
    if page.url.split("?")[0].endswith("/account/confirm/"):
        page.get_by_label("Password").fill("golden-seam-2041")
        page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("Laptop")
    page.get_by_label("Passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/account/2fa/**codes/**")
    kinds = set(Authenticator.objects.values_list("user__name", "type"))
    assert kinds == {(house.marta.name, "webauthn"), (house.marta.name, "recovery_codes")}
    page.goto("/account/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "/account/" not in url)
    expect(page.get_by_role("heading", level=1)).to_contain_text(house.marta.first_name)
    assert one.complaints == []
