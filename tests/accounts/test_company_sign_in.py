"""Promise S4: OpenID Connect by configuration opens for people an administrator has entered, and for nobody else."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured

from accounts.models import User
from recovery import env
from tests.accounts.company import Company

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(settings):
    with Company() as service:
        settings.SOCIALACCOUNT_PROVIDERS = service.providers()
        yield service


@pytest.fixture
def marta() -> User:
    return User.objects.create_user("marta@demo.example", "a-seam-of-gold-7", name="Marta Keller", roles=["manager"])


def come_by_company(client, company: Company, **claims) -> str:
    """Go through the service, which says `claims`, and return the page that came of it."""
    company.claims = {"sub": "4711", **claims}
    there = client.post("/account/company/company/login/")["location"]
    state = parse_qs(urlsplit(there).query)["state"][0]
    return client.get("/account/company/company/login/callback/", {"code": "once", "state": state}, follow=True).text


def signed_in(client) -> str | None:
    return client.session.get("_auth_user_id")


def test_s4_person_comes_in_by_the_verified_address(client, company, marta):
    come_by_company(client, company, email="Marta@Demo.example", email_verified=True)
    assert signed_in(client) == str(marta.pk)


def test_s4_password_still_works_after_coming_in_by_company(client, company, marta):
    come_by_company(client, company, email="marta@demo.example", email_verified=True)
    marta.refresh_from_db()
    assert marta.check_password("a-seam-of-gold-7")


def test_s4_second_visit_goes_by_who_it_was_and_not_by_the_address(client, company, marta):
    come_by_company(client, company, email="marta@demo.example", email_verified=True)
    client.logout()
    come_by_company(client, company, email="new-name@demo.example", email_verified=True)
    assert signed_in(client) == str(marta.pk)


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "marta@demo.example", "email_verified": False},
        {"email": "marta@demo.example"},
        {"email": "stranger@demo.example", "email_verified": True},
    ],
)
def test_s4_nobody_comes_in_without_an_account_and_a_verified_address(client, company, marta, claims):
    page = come_by_company(client, company, **claims)
    assert (signed_in(client), User.objects.count()) == (None, 1)
    assert "Accounts are made by an administrator" in page


def test_s4_who_has_left_does_not_come_in_by_company(client, company, marta):
    come_by_company(client, company, email="marta@demo.example", email_verified=True)
    client.logout()
    User.objects.update(is_active=False)
    come_by_company(client, company, email="marta@demo.example", email_verified=True)
    assert signed_in(client) is None


def test_sign_in_page_offers_the_company_only_where_it_is_configured(client, settings):
    with Company() as service:
        settings.SOCIALACCOUNT_PROVIDERS = service.providers()
        offered = client.get("/account/login/?next=/cases/").text
    settings.SOCIALACCOUNT_PROVIDERS = {}
    plain = client.get("/account/login/").text
    assert 'action="/account/company/company/login/?next=%2Fcases%2F"' in offered
    assert ("Sign in with Alder ID" in offered, "/account/company/" in plain) == (True, False)


def test_company_pages_are_not_there_where_nothing_is_configured(client, settings):
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert client.post("/account/company/company/login/").status_code == 404


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/account/company/cancelled/", "You are not signed in"),
        ("/account/company/error/", "did not confirm who you are"),
    ],
)
def test_company_pages_say_what_happened(client, path, said):
    assert said in client.get(path).text


def test_company_sign_in_needs_its_id_and_secret(monkeypatch):
    monkeypatch.setenv("OIDC_URL", "https://id.example.com")
    monkeypatch.delenv("OIDC_CLIENT_ID", raising=False)
    with pytest.raises(ImproperlyConfigured, match="OIDC_CLIENT_ID and OIDC_CLIENT_SECRET must be set"):
        env.company_sign_in()


def test_form_may_lead_to_the_company_and_nowhere_else(monkeypatch):
    monkeypatch.setenv("OIDC_URL", "https://id.example.com/realms/alder")
    assert env.company_sign_in_origin() == ["https://id.example.com"]
