"""Who comes in by a token, and who does not any more."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from accounts import people, tokens
from accounts.api import asking
from accounts.models import ApiToken, User
from tests import builders
from tests.api.asking import Program, token_of
from tests.builders import NOON

LATER = NOON + timedelta(hours=1)


def test_token_tells_whom_it_stands_for(program, alice):
    said = program.get("me/").json()
    assert (said["id"], said["name"], said["roles"], said["team"]["name"]) == (
        alice.pk,
        "Alice Amsler",
        ["manager"],
        "North",
    )
    assert (said["token"], said["reads_only"], said["expires_at"]) == ("A program", False, None)


def test_answers_are_kept_by_nobody(program):
    assert program.get("me/")["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer x", "Basic YTpi", "Bearer goldseam_\u00e9", "Token x"])
def test_without_a_known_token_nothing_opens(given):
    answer = Client().get("/api/v1/me/", headers={"Authorization": given} if given else {})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="Goldseam"')
    assert list(answer.json()) == ["message"]


def test_being_signed_in_opens_nothing_here(client, alice):
    client.force_login(alice)
    assert client.get("/api/v1/me/").status_code == 401


def test_only_the_hash_is_stored(alice):
    token = token_of(alice)
    row = ApiToken.objects.get()
    assert token not in repr(vars(row)) and len(row.token_hash) == 64 and len(token) > 50


def test_revoked_token_opens_nothing(program, alice):
    tokens.revoke(token=ApiToken.objects.get(), actor=alice, now=LATER)
    assert program.get("me/").status_code == 401


def test_token_ends_with_its_day_where_its_owner_is(alice):
    program = Program(alice, expires_on=date(2026, 11, 17))
    assert (program.get("me/").status_code, program.get("me/").json()["expires_at"]) == (200, "2026-11-17T23:00:00Z")
    ApiToken.objects.update(expires_at=LATER)
    assert program.get("me/").status_code == 401


def test_token_ends_when_its_owner_leaves_and_does_not_come_back_with_them(program, alice):
    admin = builders.user("admin")
    people.leave(actor=admin, person=alice, now=LATER)
    assert program.get("me/").status_code == 401
    people.come_back(actor=admin, person=alice, now=LATER)
    assert program.get("me/").status_code == 401


def test_token_of_somebody_shut_out_opens_nothing(program, alice):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert program.get("me/").status_code == 401


def test_s4_token_of_a_role_that_needs_a_second_factor_waits_for_it(program, settings, monkeypatch):
    settings.SECOND_FACTOR_ROLES = ["manager"]
    refused = program.get("me/")
    assert (refused.status_code, refused.json()["message"]) == (403, tokens.NEEDS_FACTOR)
    monkeypatch.setattr(tokens, "is_mfa_enabled", lambda user: True)
    assert program.get("me/").status_code == 200


def test_s4_second_factor_of_the_company_counts_only_where_it_is_said_to(alice, settings):
    settings.SECOND_FACTOR_ROLES = ["manager"]
    by_company, by_password = Program(alice, by_company=True), Program(alice)
    assert [one.get("me/").status_code for one in (by_company, by_password)] == [403, 403]
    settings.OIDC_SECOND_FACTOR = True
    assert [one.get("me/").status_code for one in (by_company, by_password)] == [200, 403]


def test_token_that_only_reads_writes_nothing(alice, case):
    program = Program(alice, reads_only=True)
    answers = [
        program.post("cases/", {}),
        program.post(f"cases/{case.pk}/entries/", {}),
        program.patch(f"cases/{case.pk}/", {}),
    ]
    assert [(answer.status_code, answer.json()["message"]) for answer in answers] == [(403, asking.READS_ONLY)] * 3


def test_when_it_was_used_last_is_noted_and_not_at_every_request(program):
    program.get("me/")
    noted = ApiToken.objects.get().used_at
    ApiToken.objects.update(used_at=noted - timedelta(minutes=4))
    program.get("me/")
    assert (noted, ApiToken.objects.get().used_at) == (LATER, LATER - timedelta(minutes=4))


@pytest.mark.parametrize(("rate", "ask"), [("asking", "get"), ("writing", "post")])
def test_token_that_asks_too_often_is_told_when_to_go_on(alice, charlie, monkeypatch, rate, ask):
    cache.clear()
    monkeypatch.setattr(asking._Rate, "THROTTLE_RATES", {"asking": "1000/m", "writing": "1000/m", rate: "2/m"})
    program, other = Program(alice), Program(charlie)
    sends = {"get": lambda one: one.get("me/"), "post": lambda one: one.post("cases/", {})}[ask]
    answers = [sends(program) for _ in range(3)]
    assert [answer.status_code == 429 for answer in answers] == [False, False, True]
    assert int(answers[2]["Retry-After"]) == 60
    assert sends(other).status_code != 429
    cache.clear()
