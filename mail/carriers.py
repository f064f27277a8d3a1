"""Two ways out: a mail server, or files in a folder where no server is set. A third is in `mail.providers`."""

import os
import re
import smtplib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend

from mail.envelope import Envelope

TIMEOUT = 20
_CODE = re.compile(r"^\d{3} ")


class Unreachable(Exception):
    """Nobody answers: no letter is at fault."""


class Deferred(Exception):
    """This letter was not taken now and may be later."""


class Refused(Exception):
    """This letter will never be taken."""


@dataclass(frozen=True)
class Refusal:
    """What the server said about one address."""

    code: int
    words: str

    @property
    def is_final(self) -> bool:
        """Tell whether asking again is pointless (RFC 5321: 5yz)."""
        return self.code >= 500

    @classmethod
    def of(cls, error: "Deferred | Refused") -> "Refusal":
        """Return what was said about a whole letter as a word about one address."""
        return cls(550 if isinstance(error, Refused) else 450, _CODE.sub("", str(error)))


@dataclass
class Smtp:
    """One connection to the mail server, kept for as many letters as it bears."""

    _backend: EmailBackend = field(
        default_factory=lambda: EmailBackend(timeout=settings.EMAIL_TIMEOUT or TIMEOUT, fail_silently=False)
    )

    def open(self) -> None:
        """Connect unless connected. Raises Unreachable."""
        if self._backend.connection is not None and self._backend.connection.sock is None:
            self._backend.connection = None
        try:
            self._backend.open()
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            raise Unreachable(_words(error)) from error

    def send(self, envelope: Envelope) -> dict[str, Refusal]:
        """Hand over; return the addresses refused. Raises Deferred or Refused for the whole letter."""
        try:
            refused = self._backend.connection.sendmail(envelope.sender, envelope.addresses, envelope.content)
        except smtplib.SMTPRecipientsRefused as error:
            refused = error.recipients
        except smtplib.SMTPResponseException as error:
            raise (Refused if error.smtp_code >= 500 else Deferred)(_words(error)) from error
        except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
            raise Refused(_words(error)) from error
        except OSError as error:
            self._hang_up()
            raise Deferred(_words(error)) from error
        return {address: Refusal(code, _decoded(said)) for address, (code, said) in refused.items()}

    def close(self) -> None:
        """Say goodbye if somebody still listens."""
        try:
            self._backend.close()
        except (OSError, smtplib.SMTPException):
            self._backend.connection = None

    def _hang_up(self) -> None:
        # No goodbye: a server that has gone silent would be waited for once more.
        if self._backend.connection is not None:
            self._backend.connection.close()
            self._backend.connection = None


@dataclass
class Files:
    """A folder of .eml files, each named by its letter: written again, it is the same file."""

    folder: Path

    def open(self) -> None:
        """Make the folder. Raises Unreachable."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Unreachable(_words(error)) from error

    def send(self, envelope: Envelope) -> dict[str, Refusal]:
        """Write the letter whole or not at all. Raises Deferred."""
        half = self.folder / f".{envelope.name}.{os.getpid()}.part"
        try:
            half.write_bytes(envelope.content)
            os.replace(half, self.folder / f"{envelope.name}.eml")
        except OSError as error:
            raise Deferred(_words(error)) from error
        return {}

    def close(self) -> None:
        """Nothing is kept open."""


class Carrier(Protocol):
    """What delivery asks of a way out."""

    def open(self) -> None:
        """Connect unless connected. Raises Unreachable."""

    def send(self, envelope: Envelope) -> dict[str, Refusal]:
        """Hand over; return the addresses refused. Raises Deferred or Refused for the whole letter."""

    def close(self) -> None:
        """Hang up."""


def current() -> Carrier:
    """Return the carrier the settings name; it connects when it is opened."""
    if settings.EMAIL_BACKEND_KIND == "provider":
        from mail.providers import Provider  # loads a client for the web: only where one is used

        return Provider()
    if settings.EMAIL_BACKEND_KIND == "smtp":
        return Smtp()
    return Files(settings.DATA_DIR / "outgoing")


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_decoded(error.smtp_error)}"
    return str(error) or type(error).__name__


def _decoded(said) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
