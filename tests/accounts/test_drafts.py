"""Nothing typed is lost (promise R7), and nobody else's is touched."""

import json
from datetime import UTC, datetime

import pytest
from django.test import Client

from accounts import drafts
from accounts.models import Draft, User

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
URL = "/drafts/case-2041-entry/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def marta() -> User:
    return User.objects.create_user("marta@demo.example", name="Marta Keller")


@pytest.fixture
def browser(client, marta) -> Client:
    client.force_login(marta)
    return client


def test_keep_stores_the_last_words_and_counts_revisions(marta):
    drafts.keep(user=marta, key="log", body={"title": "a"}, now=NOW)
    draft = drafts.keep(user=marta, key="log", body={"title": "ab\x00\ud800"}, now=NOW)
    assert (draft.rev, draft.body, draft.saved_at) == (2, {"title": "ab"}, NOW)
    assert drafts.draft_of(marta, "log") == {"title": "ab"}


def test_draft_of_is_empty_for_another_form_or_person(marta):
    bob = User.objects.create_user("bob@demo.example", name="Bob")
    drafts.keep(user=marta, key="log", body={"title": "a"}, now=NOW)
    assert (drafts.draft_of(marta, "case-1"), drafts.draft_of(bob, "log")) == ({}, {})


def test_drop_forgets_one_draft(marta):
    drafts.keep(user=marta, key="log", body={"title": "a"}, now=NOW)
    drafts.keep(user=marta, key="other", body={"title": "b"}, now=NOW)
    drafts.drop(user=marta, key="log")
    assert list(Draft.objects.values_list("key", flat=True)) == ["other"]


def test_page_keeps_a_form(browser, marta):
    answer = browser.post(URL, {"text": "Half a sent", "to": ["1", "2"], "csrfmiddlewaretoken": "x"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert drafts.draft_of(marta, "case-2041-entry") == {"text": "Half a sent", "to": ["1", "2"]}


def test_page_keeps_json_but_no_password(browser, marta):
    body = json.dumps({"text": "Grüezi", "tags": ["a"], "password1": "secret"})
    assert browser.post(URL, body, content_type="application/json").status_code == 204
    assert drafts.draft_of(marta, "case-2041-entry") == {"text": "Grüezi", "tags": ["a"]}


@pytest.mark.parametrize(
    "body", ["[1]", '{"a": {"b": 1}}', "{", "[" * 100_000, '{"a": [1]}', '{"a": 7}', '{"a": true}']
)
def test_page_refuses_what_is_no_form(browser, body):
    answer = browser.post(URL, body, content_type="application/json")
    assert (answer.status_code, answer.content.decode()) == (400, "This could not be read as a form.")
    assert not Draft.objects.exists()


def test_page_refuses_what_is_too_long_and_keeps_the_last(browser, marta):
    browser.post(URL, {"text": "short"})
    answer = browser.post(URL, {"text": "x" * 200_001})
    assert answer.status_code == 413
    assert "Copy it before you leave" in answer.content.decode()
    assert drafts.draft_of(marta, "case-2041-entry") == {"text": "short"}


def test_page_refuses_a_strange_key(browser):
    assert browser.post("/drafts/Not%20a%20key/", {"text": "x"}).status_code == 400
    assert not Draft.objects.exists()


def test_a_beacon_after_sign_out_changes_nothing(browser, marta):
    browser.post(URL, {"text": "mine"})
    browser.logout()
    answer = browser.post(URL, {"text": "after"})
    assert (answer.status_code, answer.content.decode()) == (403, "Sign in again to keep what you typed.")
    assert drafts.draft_of(marta, "case-2041-entry") == {"text": "mine"}


def test_page_asks_for_the_forms_token_in_header_or_field(marta):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(marta)
    assert browser.post(URL, {"text": "x"}).status_code == 403
    token = "a" * 32
    browser.cookies["csrftoken"] = token
    assert browser.post(URL, {"text": "1"}, headers={"x-csrftoken": token}).status_code == 204
    assert browser.post(URL, {"text": "2", "csrfmiddlewaretoken": token}).status_code == 204


def test_reading_the_address_changes_nothing(browser):
    assert browser.get(URL).status_code == 405
    assert not Draft.objects.exists()
