"""Promise S4: people sign in with e-mail, a second factor and recovery codes; nobody signs up."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.core import mail

from accounts.models import User

PASSWORD = "a-seam-of-gold-7"


@pytest.fixture
def marta(db) -> User:
    """Somebody who may sign in."""
    return User.objects.create_user("marta@demo.example", PASSWORD, name="Marta Keller", roles=["manager"])


def sign_in(client, **given):
    return client.post("/account/login/", {"login": "Marta@Demo.example", "password": PASSWORD, **given})


def sign_in_and_confirm(client) -> None:
    """Sign in and show once more who one is, as pages about the account ask."""
    sign_in(client)
    client.post("/account/confirm/", {"password": PASSWORD})


def code_for(secret: str) -> str:
    """Return what the app would show now."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_sign_in_takes_the_address_in_any_case(client, marta):
    answer = sign_in(client)
    assert (answer.status_code, answer["location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(marta.pk)


def test_sign_in_leads_to_the_page_that_was_asked_for(client, marta):
    answer = sign_in(client, next="/account/")
    assert answer["location"] == "/account/"


def test_sign_in_leads_to_no_other_site(client, marta):
    answer = sign_in(client, next="https://evil.example/")
    assert answer["location"] == "/"


def test_sign_in_refuses_a_wrong_password_and_keeps_the_address(client, marta):
    page = sign_in(client, password="wrong").text
    assert "_auth_user_id" not in client.session
    assert 'value="Marta@Demo.example"' in page


def test_sign_in_says_the_same_for_an_unknown_address(client, marta):
    known, unknown = (
        sign_in(client, login=at, password="wrong").context["form"].errors
        for at in ("marta@demo.example", "nobody@demo.example")
    )
    expected = {"__all__": ["The email address and/or password you specified are not correct."]}
    assert (known, unknown) == (expected, expected)


def test_sign_in_is_refused_after_five_wrong_passwords(client, marta, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "5/m/ip,50/10m/key"}
    for _ in range(5):
        sign_in(client, password="wrong")
    page = sign_in(client)
    assert "_auth_user_id" not in client.session
    assert "Too many failed login attempts" in page.text


def test_guessing_from_one_place_locks_nobody_out_elsewhere(client, marta, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "5/m/ip,50/10m/key"}
    for _ in range(7):
        sign_in(client, password="wrong")
    client.post("/account/login/", {"login": marta.email, "password": PASSWORD}, REMOTE_ADDR="192.0.2.7")
    assert client.session["_auth_user_id"] == str(marta.pk)


def test_sign_in_is_closed_to_somebody_who_may_not_sign_in_any_more(client, marta):
    User.objects.update(is_active=False)
    answer = sign_in(client, follow=True)
    assert "_auth_user_id" not in client.session
    assert answer.status_code in (200, 302)


def test_nobody_signs_up(client, db):
    page = client.post("/account/signup/", {"email": "new@demo.example", "password1": PASSWORD})
    assert User.objects.count() == 0
    assert "Accounts are made by an administrator" in page.text


@pytest.mark.parametrize("path", ["/account/", "/account/2fa/", "/account/sessions/", "/account/password/change/"])
def test_own_pages_ask_for_a_sign_in(client, db, path):
    answer = client.get(path)
    assert (answer.status_code, answer["location"]) == (302, f"/account/login/?next={path}")


def test_sign_out_takes_a_press_of_a_button(client, marta):
    client.force_login(marta)
    client.get("/account/logout/")
    assert client.session["_auth_user_id"] == str(marta.pk)
    client.post("/account/logout/")
    assert "_auth_user_id" not in client.session


def test_password_reset_sends_a_link_that_sets_a_new_password(client, marta):
    client.post("/account/password/reset/", {"email": "marta@demo.example"})
    [letter] = mail.outbox
    path = re.search(r"https?://[^/]+(/account/password/reset/key/\S+)", letter.body)[1]
    page = client.get(path, follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": "another-gold-8", "password2": "another-gold-8"})
    marta.refresh_from_db()
    assert (letter.subject, marta.check_password("another-gold-8")) == ("Choose a new password", True)


def test_password_reset_tells_nobody_who_has_an_account(client, db):
    answer = client.post("/account/password/reset/", {"email": "nobody@demo.example"})
    assert (answer["location"], mail.outbox) == ("/account/password/reset/sent/", [])


def test_sessions_list_shows_where_one_is_signed_in(client, marta):
    sign_in(client)
    client.get("/account/sessions/")
    assert [session.user for session in UserSession.objects.all()] == [marta]


def test_totp_secret_rests_encrypted(marta):
    TOTP.activate(marta, "JBSWY3DPEHPK3PXP")
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert "JBSWY3DPEHPK3PXP" not in stored


def test_second_factor_is_asked_for_once_set_up(client, marta):
    TOTP.activate(marta, "JBSWY3DPEHPK3PXP")
    answer = sign_in(client)
    assert (answer["location"], "_auth_user_id" in client.session) == ("/account/2fa/authenticate/", False)
    client.post("/account/2fa/authenticate/", {"code": code_for("JBSWY3DPEHPK3PXP")})
    assert client.session["_auth_user_id"] == str(marta.pk)


def test_second_factor_refuses_a_wrong_code(client, marta):
    TOTP.activate(marta, "JBSWY3DPEHPK3PXP")
    sign_in(client)
    page = client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert ("_auth_user_id" in client.session, page.status_code) == (False, 200)


def test_second_factor_is_set_up_only_after_the_password_once_more(client, marta):
    sign_in(client)
    answer = client.get("/account/2fa/totp/activate/")
    assert answer["location"] == "/account/confirm/?next=%2Faccount%2F2fa%2Ftotp%2Factivate%2F"


def test_app_is_set_up_from_the_page_and_brings_recovery_codes(client, marta):
    sign_in_and_confirm(client)
    page = client.get("/account/2fa/totp/activate/")
    assert "<svg" in page.text
    client.post("/account/2fa/totp/activate/", {"code": code_for(page.context["form"].secret)})
    kinds = set(Authenticator.objects.values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}


@pytest.mark.parametrize(
    "path",
    [
        "/account/2fa/",
        "/account/2fa/totp/activate/",
        "/account/2fa/webauthn/add/",
        "/account/2fa/webauthn/",
        "/account/sessions/",
        "/account/password/change/",
        "/account/logout/",
        "/account/confirm/",
    ],
)
def test_account_pages_carry_the_look_and_no_inline_code(client, marta, path):
    sign_in_and_confirm(client)
    page = client.get(path)
    assert (page.status_code, 'href="/static/css/tokens.css"' in page.text) == (200, True)
    assert re.findall(r"style=|<style|<script(?![^>]*(src=|application/json))", page.text) == []


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/account/login/", "/account/password/reset/"])
def test_address_is_called_e_mail_at_the_door_as_everywhere(client, page):
    shown = client.get(page).content.decode()
    assert re.search(r"<label[^>]*>\s*E-mail\s*<", shown)
    assert "placeholder" not in shown


def test_whoever_comes_to_the_door_may_type_at_once(client, db):
    shown = client.get("/account/login/").content.decode()
    assert re.search(r'<input[^>]*name="login"[^>]*autofocus', shown)
