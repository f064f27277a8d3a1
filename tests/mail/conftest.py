"""A mail server on loopback that does as it is told, and letters to send through it."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from mail import outbox
from tests.postbox import Postbox

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


class Server(Postbox):
    """A postbox that also refuses single addresses: `by_address` says what to answer to whom."""

    def __init__(self) -> None:
        super().__init__()
        self.by_address: dict[str, str] = {}

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options) -> str:
        """Take or refuse one address."""
        if address in self.by_address:
            return self.by_address[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    @property
    def mails(self) -> list:
        """The letters that arrived, parsed."""
        return [one.message for one in self.letters]


@pytest.fixture
def smtp(settings):
    """Deliver to a loopback server for this test."""
    with Server() as server:
        settings.EMAIL_BACKEND_KIND = "smtp"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
        settings.EMAIL_TIMEOUT = 5
        yield server


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
    return mail.get_body((kind,)).get_content().replace("\r\n", "\n")
