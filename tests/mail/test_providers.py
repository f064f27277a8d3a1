"""Letters through a provider's service: a server on loopback that answers as Postmark does."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.exceptions import ImproperlyConfigured

from mail.delivery import deliver_due
from mail.models import Message, Recipient
from recovery import env
from tests.mail.conftest import NOW, queue

pytestmark = pytest.mark.django_db(transaction=True)


class Service(ThreadingHTTPServer):
    """Keeps what was posted; `answers` are given in turn, then everything is taken. Counts connections."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.posted, self.answers, self.connections = [], [], 0


class Handler(BaseHTTPRequestHandler):
    """Speaks the provider's tongue."""

    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        """Count a connection."""
        self.server.connections += 1
        super().setup()

    def do_POST(self) -> None:
        """Take a letter, or answer as told."""
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.posted.append(given)
        status, said = self.server.answers.pop(0) if self.server.answers else (200, {"ErrorCode": 0, "Message": "OK"})
        answer = json.dumps({"To": given["To"], "MessageID": "1", **said}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def service(settings):
    """Send through the provider for this test."""
    server = Service()
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    settings.EMAIL_BACKEND_KIND, settings.EMAIL_PROVIDER = "provider", "postmark"
    settings.ANYMAIL = {
        "POSTMARK_SERVER_TOKEN": "secret-token",
        "POSTMARK_API_URL": f"http://127.0.0.1:{server.server_port}/",
    }
    yield server
    server.shutdown()
    server.server_close()


def test_letters_leave_through_one_connection_with_all_that_belongs_to_them(service):
    message = queue("k1", copies=[("Urs Boss", "urs@halden.example")])
    queue("k2")
    assert deliver_due(NOW).sent == 2
    own, copy, _ = service.posted
    assert (own["To"], copy["To"]) == ("Anna Roth <anna@halden.example>", "Urs Boss <urs@halden.example>")
    assert "Good day" in own["TextBody"] and "<html" in own["HtmlBody"]
    assert {"Name": "Message-ID", "Value": message.message_id} in own["Headers"]
    assert "secret-token" not in str(service.posted)
    assert service.connections == 1


def test_breakdown_of_the_provider_only_postpones(service):
    message = queue()
    service.answers = [(500, {"ErrorCode": 100, "Message": "Maintenance"})]
    assert deliver_due(NOW).postponed == 1
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("queued", 1)
    assert deliver_due(message.send_at).sent == 1


def test_wrong_key_is_no_fault_of_the_letter(service):
    queue()
    service.answers = [(401, {"ErrorCode": 10, "Message": "Bad token"})]
    assert deliver_due(NOW).postponed == 1


def test_address_the_provider_refuses_kills_the_letter(service):
    message = queue()
    gone = "Found inactive addresses: anna@halden.example. Inactive recipients are ones that bounced."
    service.answers = [(422, {"ErrorCode": 406, "Message": gone})]
    assert deliver_due(NOW).dead == 1
    message.refresh_from_db()
    assert message.error == "550 The provider refuses this address: rejected."
    assert Recipient.objects.get().state == "refused"


def test_provider_nobody_reaches_costs_an_attempt_and_no_letter(service, settings):
    queue()
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "x", "POSTMARK_API_URL": "http://127.0.0.1:9/"}
    assert deliver_due(NOW).postponed == 1
    assert Message.objects.get().state == "queued"


def test_provider_is_named_by_the_environment(monkeypatch):
    monkeypatch.setenv("EMAIL_PROVIDER", "Postmark")
    monkeypatch.setenv("ANYMAIL_POSTMARK_SERVER_TOKEN", "t")
    assert (env.mail_out()["EMAIL_BACKEND_KIND"], env.mail_out()["EMAIL_PROVIDER"]) == ("provider", "postmark")
    assert env.provider_keys()["POSTMARK_SERVER_TOKEN"] == "t"


def test_provider_nobody_knows_stops_the_start(monkeypatch):
    monkeypatch.setenv("EMAIL_PROVIDER", "pigeon")
    with pytest.raises(ImproperlyConfigured, match="names no provider"):
        env.mail_out()
