"""What a provider hands in by webhook: only its own, only with the secret, stored like any other message."""

import base64
import json

import pytest

from mail.inbound import sorting
from mail.models import Inbound
from tests.mail.conftest import NOW
from tests.mail.inbound.writing import mail

pytestmark = pytest.mark.django_db
KEY = "Basic " + base64.b64encode(b"hook:gold-seam").decode()


@pytest.fixture(autouse=True)
def provider(settings):
    settings.INBOUND_PROVIDER = "postmark"
    settings.ANYMAIL = {"WEBHOOK_SECRET": "hook:gold-seam"}


def post(client, facts: dict, *, path: str = "postmark/inbound", key: str = KEY):
    return client.post(
        f"/hooks/mail/{path}/", json.dumps(facts), content_type="application/json", HTTP_AUTHORIZATION=key
    )


def brought(**given) -> dict:
    """Return a message as Postmark brings it, with its raw bytes."""
    known = {"RawEmail": mail("Two are bent.").decode(), "OriginalRecipient": "care+token@demo.example"}
    return {"FromFull": {"Email": "ruth@halden.example"}, "Headers": [], **known, **given}


def test_a_message_is_stored_with_the_address_it_came_to(client):
    answer = post(client, brought())
    sorting.sort_waiting(NOW)

    inbound = Inbound.objects.get()
    assert (answer.status_code, inbound.source, inbound.text.strip()) == (200, "webhook", "Two are bent.")
    assert "care+token@demo.example" in inbound.receivers


def test_a_letter_that_came_back_is_a_bounce(client):
    bounce = {"RecordType": "Bounce", "Type": "HardBounce", "Email": "ruth@halden.example", "TypeCode": 1, "ID": 1}
    post(client, {**bounce, "Details": "smtp;550 5.1.1 user unknown", "BouncedAt": "2026-11-17T10:00:00Z"},
         path="postmark/tracking")  # fmt: skip
    sorting.sort_waiting(NOW)

    inbound = Inbound.objects.get()
    assert (inbound.kind, inbound.bounce["recipient"], inbound.bounce["hard"]) == (
        "bounce",
        "ruth@halden.example",
        True,
    )


def test_an_opened_letter_is_nobodys_business(client):
    opened = {"RecordType": "Open", "Recipient": "ruth@halden.example", "ReceivedAt": "2026-11-17T10:00:00Z"}

    post(client, opened, path="postmark/tracking")

    assert Inbound.objects.count() == 0


@pytest.mark.parametrize(
    ("path", "key", "code"),
    [
        ("postmark/inbound", "", 400),
        ("postmark/inbound", "Basic " + base64.b64encode(b"hook:wrong").decode(), 400),
        ("mailgun/inbound", KEY, 404),
        ("postmark/anything", KEY, 404),
        ("nobody/inbound", KEY, 404),
    ],
)
def test_nobody_else_gets_in(client, path, key, code):
    answer = post(client, brought(), path=path, key=key)

    assert (answer.status_code, Inbound.objects.count()) == (code, 0)


def test_without_a_secret_the_door_is_shut(client, settings):
    settings.ANYMAIL = {}

    assert (post(client, brought()).status_code, Inbound.objects.count()) == (404, 0)
