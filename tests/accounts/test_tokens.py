"""Pages of tokens: made by somebody who has just shown that it is them, shown once, ended by owner or administrator."""

import re

import pytest

from accounts.models import AdminEvent, ApiToken, User
from tests import builders
from tests.api.asking import token_of

PASSWORD = builders.PASSWORD
pytestmark = pytest.mark.django_db
TYPED = {"name": "Nightly report", "may": "reads", "expires_on": ""}


def entered(client, *roles: str) -> User:
    """Return somebody who has signed in and confirmed that it is them."""
    person = builders.user(*roles)
    client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    client.post("/account/confirm/", {"password": PASSWORD})
    return person


def test_token_is_shown_once_and_works(client):
    person = entered(client, "manager")
    made = client.post("/account/tokens/new/", TYPED)
    token = re.search(r"goldseam_[\w-]{43}", made.text)[0]
    assert client.get("/api/v1/me/", headers={"Authorization": f"Bearer {token}"}).json()["id"] == person.pk
    assert made["Cache-Control"] == "no-store, private"
    assert token not in client.get("/account/tokens/").text
    assert "Nightly report" in client.get("/account/tokens/").text
    event = AdminEvent.objects.get(kind="token_made")
    assert (event.actor, event.facts["name"], token in repr(event.facts)) == (person, "Nightly report", False)


def test_token_is_made_by_somebody_who_has_just_shown_that_it_is_them(client):
    client.force_login(builders.user("manager"))
    for answer in (client.get("/account/tokens/new/"), client.post("/account/tokens/new/", TYPED)):
        assert (answer.status_code, answer["location"].split("?")[0]) == (302, "/account/confirm/")
    assert not ApiToken.objects.exists()


def test_s4_role_without_its_second_factor_makes_no_token(client, settings):
    settings.SECOND_FACTOR_ROLES = ["lead"]
    entered(client, "lead")
    answer = client.post("/account/tokens/new/", TYPED)
    assert (answer.status_code, answer["location"], ApiToken.objects.count()) == (302, "/account/2fa/", 0)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": " "}, "Name what will use it, so that you know later which one to revoke."),
        ({"name": "x" * 81}, "Ensure this value has at most 80 characters"),
        ({"may": "everything"}, "Select a valid choice."),
        ({"expires_on": "2020-01-01"}, "This day is over. Choose a later one, or leave it empty."),
        ({"expires_on": "soon"}, "This is not a day. Write it like 2027-03-31."),
    ],
)
def test_token_is_refused_at_its_field(client, changed, message):
    entered(client, "manager")
    answer = client.post("/account/tokens/new/", {**TYPED, **changed})
    assert (answer.status_code, message in answer.text, ApiToken.objects.count()) == (422, True, 0)


def test_auditor_gets_a_token_that_only_reads(client):
    entered(client, "auditor")
    assert client.post("/account/tokens/new/", {**TYPED, "may": "writes"}).status_code == 422
    client.post("/account/tokens/new/", TYPED)
    assert ApiToken.objects.get().reads_only is True


def test_twenty_tokens_are_enough(client):
    person = entered(client, "manager")
    for _ in range(20):
        token_of(person)
    answer = client.post("/account/tokens/new/", TYPED)
    assert (answer.status_code, "You have 20 tokens that work." in answer.text) == (422, True)


def test_owner_revokes_a_token(client):
    person = entered(client, "manager")
    token_of(person)
    client.post(f"/account/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert ApiToken.objects.get().revoked_at is not None
    assert [event.kind for event in AdminEvent.objects.order_by("id")] == ["token_made", "token_revoked"]
    assert "“A program” is revoked." in client.get("/account/tokens/").text
    assert "A program" not in client.get("/account/tokens/").text


def test_nobody_but_an_administrator_revokes_the_token_of_another(client):
    token_of(builders.user("manager"))
    path = f"/account/tokens/{ApiToken.objects.get().pk}/revoke/"
    for role in ("manager", "lead", "auditor"):
        client.force_login(builders.user(role))
        assert client.post(path).status_code == 404
    assert ApiToken.objects.get().revoked_at is None
    client.force_login(builders.user("admin"))
    assert client.post(path)["location"] == "/account/tokens/everybody/"
    assert ApiToken.objects.get().revoked_at is not None


def test_administrators_and_auditors_see_all_tokens(client):
    token_of(builders.user("manager", name="Marta Keller"))
    for role, revokes in (("admin", True), ("auditor", False)):
        client.force_login(builders.user(role))
        page = client.get("/account/tokens/everybody/").text
        assert ("Marta Keller" in page, "revoke/" in page) == (True, revokes)


def test_what_was_done_with_tokens_reads_well_in_the_log(client):
    marta = builders.user("manager", name="Marta Keller")
    token_of(marta)
    client.force_login(builders.user("admin", name="Noor Haddad"))
    client.post(f"/account/tokens/{ApiToken.objects.get().pk}/revoke/")
    page = " ".join(client.get("/manage/log/").text.split())
    assert "made the token <b>A program</b>" in page
    assert "revoked the token <b>A program</b> of <a" in page
