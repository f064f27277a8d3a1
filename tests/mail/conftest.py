"""A mail server on loopback that does as it is told, and letters to send through it."""

import email
import socket
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction

from mail import outbox

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


@dataclass
class Server:
    """What arrived, and what to answer: by address at RCPT, or for the next letters at DATA."""

    received: list = field(default_factory=list)
    by_address: dict = field(default_factory=dict)
    at_data: list = field(default_factory=list)
    on_data: object = None

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address in self.by_address:
            return self.by_address[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.at_data:
            return self.at_data.pop(0)
        if self.on_data:
            self.on_data()
        mail = email.message_from_bytes(envelope.content, policy=policy.default)
        self.received.append((tuple(envelope.rcpt_tos), mail))
        return "250 OK"

    @property
    def mails(self) -> list:
        return [mail for _, mail in self.received]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def smtp(settings):
    """Deliver to a loopback server for this test."""
    server = Server()
    controller = Controller(server, hostname="127.0.0.1", port=_free_port())
    controller.start()
    settings.EMAIL_BACKEND_KIND = "smtp"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.EMAIL_TIMEOUT = 5
    yield server
    controller.stop()


@pytest.fixture
def letters(settings, tmp_path):
    """Make letter templates of one's own: letters("name", "Subject: …")."""
    folder = tmp_path / "templates"
    (folder / "letters").mkdir(parents=True)
    engine = dict(settings.TEMPLATES[0])
    settings.TEMPLATES = [{**engine, "DIRS": [folder, *engine["DIRS"]]}]

    def write(name: str, source: str) -> None:
        (folder / "letters" / f"{name}.txt").write_text(source, encoding="utf-8")

    return write


@pytest.fixture
def outgoing(settings, tmp_path):
    """Let letters be written as files in a folder of this test."""
    settings.EMAIL_BACKEND_KIND = "files"
    settings.DATA_DIR = tmp_path
    return tmp_path / "outgoing"


def queue(key="k1", *, to=(("Anna Roth", "anna@halden.example"),), facts=None, now=NOW, **kwargs):
    """Queue the test letter, in a transaction of its own."""
    kwargs.setdefault("template", "test")
    with transaction.atomic():
        return outbox.queue(key=key, to=list(to), facts=facts or {}, now=now, **kwargs)


def body_of(mail, kind="plain") -> str:
    """Return one part of a received letter."""
    return mail.get_body((kind,)).get_content()
