"""An SMTP server on loopback that keeps what it is given, and refuses when told to."""

import email
import email.policy
import re
import socket
from dataclasses import dataclass
from email.message import EmailMessage

from aiosmtpd.controller import Controller

_LINK = re.compile(r"https?://[^\s\"'<>]+")


@dataclass(frozen=True)
class Received:
    """One letter as it came over the wire."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """The letter, parsed."""
        return email.message_from_bytes(self.raw, policy=email.policy.default)

    @property
    def text(self) -> str:
        """The plain words of the letter."""
        return self.message.get_body(("plain",)).get_content()

    @property
    def links(self) -> list[str]:
        """Every address in the plain words, in order."""
        return _LINK.findall(self.text)


class Postbox:
    """A running server; `letters` holds what arrived, `refuse` makes it answer with an error."""

    def __init__(self) -> None:
        self.letters: list[Received] = []
        self.answers: list[str] = []
        self.host = "127.0.0.1"
        self.port = _free_port(self.host)
        self._controller = Controller(self, hostname=self.host, port=self.port)

    @property
    def url(self) -> str:
        """The EMAIL_URL for it."""
        return f"smtp://{self.host}:{self.port}"

    def refuse(self, answer: str = "451 Try later", *, times: int = 1) -> None:
        """Answer the next `times` letters with `answer`."""
        self.answers += [answer] * times

    def to(self, address: str) -> list[Received]:
        """Return the letters that went to `address`."""
        return [letter for letter in self.letters if address in letter.recipients]

    async def handle_DATA(self, server, session, envelope) -> str:
        """Take or refuse one letter."""
        if self.answers:
            return self.answers.pop(0)
        self.letters.append(Received(envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content))
        return "250 OK"

    def __enter__(self) -> "Postbox":
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]
