"""Promise S4: a role that must use a second factor sets one up before it sees anything else."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from accounts.models import User
from recovery import env

PASSWORD = "a-seam-of-gold-7"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def leads_must(settings):
    settings.SECOND_FACTOR_ROLES = ["lead"]


def entered(client, *roles: str) -> User:
    """Return somebody with `roles` who has just signed in by password."""
    person = User.objects.create_user("lena@demo.example", PASSWORD, name="Lena Brandt", roles=roles)
    client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    return person


@pytest.mark.parametrize("path", ["/", "/cases/", "/account/"])
def test_s4_role_without_a_second_factor_is_led_to_setting_one_up(client, path):
    entered(client, "manager", "lead")
    answer = client.get(path, follow=True)
    assert answer.redirect_chain == [("/account/2fa/", 302)]
    assert "Your role needs a second factor" in answer.text


def test_s4_nothing_is_written_without_the_second_factor(client):
    person = entered(client, "lead")
    client.post("/account/", {"name": "Somebody else"})
    person.refresh_from_db()
    assert person.name == "Lena Brandt"


def test_s4_role_goes_on_once_it_is_set_up(client):
    TOTP.activate(entered(client, "lead"), "JBSWY3DPEHPK3PXP")
    assert client.get("/").status_code == 200


def test_s4_a_session_by_password_alone_ends_when_its_owner_sets_the_factor_up(
    client, django_capture_on_commit_callbacks
):
    person = entered(client, "lead")
    stranger = Client()
    stranger.post("/account/login/", {"login": person.email, "password": PASSWORD})
    client.post("/account/confirm/", {"password": PASSWORD})
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/2fa/totp/activate/", {"code": code_of(secret)})

    assert Authenticator.objects.filter(user=person, type="totp").exists()
    assert (client.get("/").status_code, stranger.get("/").status_code) == (200, 302)
    assert "_auth_user_id" not in stranger.session


def code_of(secret: str) -> str:
    """Return what an app shows now for a secret."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_s4_other_roles_are_not_asked(client):
    entered(client, "manager")
    assert client.get("/").status_code == 200


def test_s4_signing_out_stays_possible(client):
    entered(client, "lead")
    client.post("/account/logout/")
    assert "_auth_user_id" not in client.session


def test_administrators_must_in_production_unless_said_otherwise(monkeypatch):
    monkeypatch.delenv("GOLDSEAM_SECOND_FACTOR", raising=False)
    assert (env.second_factor_roles(production=True), env.second_factor_roles(production=False)) == (["admin"], [])


def test_role_that_does_not_exist_is_refused(monkeypatch):
    monkeypatch.setenv("GOLDSEAM_SECOND_FACTOR", "admin, boss")
    with pytest.raises(ImproperlyConfigured, match="names boss"):
        env.second_factor_roles(production=True)
