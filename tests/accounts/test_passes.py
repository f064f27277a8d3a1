"""Customer links: random, for one purpose, expiring, revocable, never stored (promise S3)."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from accounts import passes
from accounts.models import Pass

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
LIFETIME = timedelta(days=30)

pytestmark = pytest.mark.django_db


def _issue(**given) -> Pass:
    return passes.issue(**{"purpose": "confirm", "target": "c-1", "now": NOW, "lifetime": LIFETIME, **given})


def _find(token: str, **given) -> Pass | None:
    return passes.find(**{"token": token, "purpose": "confirm", "now": NOW, **given})


def test_a_pass_is_found_by_its_token():
    pass_ = _issue()
    assert _find(passes.token_of(pass_)) == pass_


def test_a_token_is_256_bits_and_stays_the_same():
    pass_ = _issue()
    token = passes.token_of(pass_)
    assert (len(token), len(bytes(pass_.nonce))) == (43, 32)
    assert passes.token_of(Pass.objects.get(pk=pass_.pk)) == token
    assert passes.token_of(_issue()) != token


def test_the_row_holds_a_hash_and_no_token():
    pass_ = _issue()
    token = passes.token_of(pass_)
    stored = Pass.objects.filter(pk=pass_.pk).values().get()
    assert stored["token_hash"] == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(stored)


@pytest.mark.parametrize("token", ["", "x", "x" * 100_000, "ä\ud800\x00", "../../etc/passwd"])
def test_an_unknown_token_finds_nothing(token):
    _issue()
    assert _find(token) is None


def test_a_pass_opens_nothing_else():
    token = passes.token_of(_issue())
    assert _find(token, purpose="survey") is None


def test_a_pass_ends_at_its_moment():
    token = passes.token_of(_issue())
    assert _find(token, now=NOW + LIFETIME - timedelta(seconds=1)) is not None
    assert _find(token, now=NOW + LIFETIME) is None


def test_a_revoked_pass_finds_nothing_and_others_stay():
    mine, other = _issue(), _issue(target="c-2")
    assert passes.revoke(purpose="confirm", target="c-1", now=NOW) == 1
    assert passes.revoke(purpose="confirm", target="c-1", now=NOW) == 0
    assert _find(passes.token_of(mine)) is None
    assert _find(passes.token_of(other)) == other


def test_looking_costs_the_same_whatever_is_wrong(django_assert_num_queries):
    good, revoked = passes.token_of(_issue()), passes.token_of(_issue(target="c-2"))
    passes.revoke(purpose="confirm", target="c-2", now=NOW)
    for token, later in ((good, NOW), (revoked, NOW), ("unknown", NOW), (good, NOW + LIFETIME)):
        with django_assert_num_queries(1):
            _find(token, now=later)


def test_find_expired_knows_the_old_but_not_the_revoked():
    old, revoked = _issue(), _issue(target="c-2")
    passes.revoke(purpose="confirm", target="c-2", now=NOW)
    later = NOW + LIFETIME

    def found(pass_, now):
        return passes.find_expired(token=passes.token_of(pass_), purpose="confirm", now=now)

    assert [found(old, later), found(old, NOW), found(revoked, later)] == [old, None, None]


def test_another_pass_key_makes_no_wrong_links(settings):
    pass_ = _issue()
    token = passes.token_of(pass_)
    settings.PASS_KEY = b"another key"
    with pytest.raises(passes.PassKeyChanged, match="Issue a new one"):
        passes.token_of(pass_)
    assert _find(token) == pass_
