"""Promise S1: every address is listed with who may use it, and answers accordingly."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts import tokens
from accounts.models import Role, User
from cases import defaults
from tests.architecture.audiences import ANYONE, AUDIENCES, LINK, STAFF, TOKEN

# Something for each kind of part an address may have.
_SAMPLES = {"IntConverter": 999999, "SlugConverter": "acknowledge", "StringConverter": "x" * 43}


def patterns(resolver: URLResolver, space: str = "", parts: dict | None = None) -> Iterator[tuple]:
    """Yield every address: its full name, its pattern, and the converters of all its parts."""
    for pattern in resolver.url_patterns:
        here = (parts or {}) | getattr(pattern.pattern, "converters", {})
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, space + (f"{pattern.namespace}:" if pattern.namespace else ""), here)
        else:
            yield f"{space}{pattern.name}", pattern, here


ALL: dict[str, URLPattern] = {name: pattern for name, pattern, _ in patterns(get_resolver())}
PARTS: dict[str, dict] = {name: parts for name, _, parts in patterns(get_resolver())}


def address(name: str) -> str:
    """Return a plausible address for `name`, of rows that do not exist."""
    if name == "account_reset_password_from_key":
        return reverse(name, kwargs={"uidb36": "1", "key": "a-b"})
    return reverse(name, kwargs={part: _SAMPLES[type(kind).__name__] for part, kind in PARTS[name].items()})


def with_audience(*wanted: str) -> list[str]:
    """Return the listed addresses of these audiences that exist."""
    return [name for name, audience in AUDIENCES.items() if audience in wanted and name in ALL]


def needing_sign_in() -> list[str]:
    """Return the listed addresses behind a sign-in."""
    return [name for name, audience in AUDIENCES.items() if audience not in (ANYONE, LINK, TOKEN) and name in ALL]


def test_every_address_is_listed():
    assert sorted(set(ALL) - set(AUDIENCES)) == []


def test_no_address_is_listed_that_does_not_exist():
    assert sorted(set(AUDIENCES) - set(ALL)) == []


def test_only_the_listed_addresses_are_open_without_a_sign_in():
    open_ones = {name for name, pattern in ALL.items() if not getattr(pattern.callback, "login_required", True)}
    assert sorted(open_ones) == sorted(with_audience(ANYONE, LINK, TOKEN))


@pytest.mark.parametrize("name", needing_sign_in())
def test_address_asks_a_stranger_to_sign_in(client, db, name):
    answer = client.get(address(name))
    assert (answer.status_code, answer["location"].split("?")[0]) == (302, "/account/login/")


@pytest.mark.parametrize("name", with_audience(LINK))
def test_customer_address_with_an_unknown_link_opens_nothing(client, db, name):
    shown, pressed = client.get(address(name)), client.post(address(name))
    assert (shown.status_code in (404, 405, 410), pressed.status_code < 500) == (True, True)
    assert [answer.headers.get("Location") for answer in (shown, pressed)] == [None, None]


@pytest.mark.parametrize("name", with_audience(TOKEN))
def test_address_of_the_api_opens_by_a_token_and_by_nothing_else(client, db, name):
    client.force_login(User.objects.create_user("any@demo.example", name="Any", roles=[role.value for role in Role]))
    for method in (client.get, client.post, client.patch):
        answer = method(address(name), headers={"Authorization": "Bearer goldseam_nothing"})
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="Goldseam"')
        assert method(address(name)).status_code == 401


@pytest.mark.parametrize("name", with_audience(TOKEN))
def test_address_of_the_api_never_breaks_for_a_token(client, db, name):
    defaults.install()
    person = User.objects.create_user("any@demo.example", name="Any", roles=[role.value for role in Role])
    about = {"name": "A", "reads_only": False, "expires_on": None, "by_company": False, "now": timezone.now()}
    _, token = tokens.make(user=person, **about)
    for method in (client.get, client.post, client.patch):
        answer = method(address(name), headers={"Authorization": f"Bearer {token}"}, content_type="application/json")
        assert (answer.status_code < 500, answer["Content-Type"]) == (True, "application/json")


@pytest.mark.parametrize("name", [name for name in needing_sign_in() if AUDIENCES[name] != STAFF])
def test_address_for_some_roles_refuses_the_others(client, db, name):
    others = [role.value for role in Role if role not in AUDIENCES[name]]
    client.force_login(User.objects.create_user("other@demo.example", name="Other", roles=others))
    answers = {client.get(address(name)).status_code, client.post(address(name)).status_code}
    assert answers <= {403, 404, 405}


@pytest.mark.parametrize("name", needing_sign_in())
def test_address_never_breaks_for_a_signed_in_person(client, db, name):
    defaults.install()
    client.force_login(User.objects.create_user("any@demo.example", name="Any", roles=[role.value for role in Role]))
    assert client.get(address(name)).status_code < 500


@pytest.mark.parametrize("name", ["account_login", "accounts:settings", "healthz", "cases:today"])
def test_every_answer_carries_the_security_headers(client, db, name):
    client.force_login(User.objects.create_user("any@demo.example", name="Any", roles=["manager"]))
    headers = client.get(address(name)).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
    }
    assert [headers[name] for name in ("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy")] == [
        "nosniff",
        "DENY",
        "same-origin",
    ]
    assert headers["Permissions-Policy"].startswith("camera=(), ")
