"""Speaking IMAP: one connection, one folder, opened for reading only, so that nothing there is ever lost.

Messages are known by UIDVALIDITY and UID; which ones are new follows from the highest UID read before.
"""

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from mail.inbound.secrets import shown
from mail.models import Mailbox

SECONDS = 15
_UIDS = re.compile(rb"\d+")
imaplib._MAXLINE = max(imaplib._MAXLINE, 10_000_000)  # a search over a large folder answers in one line


class Unreachable(RuntimeError):
    """A mailbox cannot be read; the words say why and what to look at."""


@dataclass
class Folder:
    """An open folder: how its UIDs count, the next one it gives, and how many messages lie there."""

    box: imaplib.IMAP4
    uidvalidity: int
    uidnext: int
    count: int

    def after(self, uid: int) -> list[int]:
        """Return the UIDs above `uid`, rising."""
        answer, found = self.box.uid("SEARCH", f"UID {uid + 1}:*")
        if answer != "OK":
            raise Unreachable("The mail server refuses to list what is new.")
        # The star also names the last message there is, however low its number.
        return sorted(number for part in found if part for number in map(int, _UIDS.findall(part)) if number > uid)

    def fetch(self, uid: int) -> bytes | None:
        """Return one message as it lies there, without marking it; None where somebody took it away meanwhile."""
        answer, found = self.box.uid("FETCH", str(uid), "(BODY.PEEK[])")
        if answer != "OK":
            raise Unreachable(f"The mail server refuses to hand over message {uid}.")
        return next((part[1] for part in found if isinstance(part, tuple)), None)


@contextmanager
def opened(mailbox: Mailbox) -> Iterator[Folder]:
    """Open the folder of a mailbox. Raise `Unreachable` in words for whoever set it up."""
    box = None
    try:
        box = _connected(mailbox)
        _sign_in(box, mailbox)
        yield _selected(box, mailbox)
    except (OSError, EOFError, imaplib.IMAP4.error) as error:
        raise Unreachable(_words(error, mailbox)) from error
    finally:
        if box is not None:
            _leave(box)


def _connected(mailbox: Mailbox) -> imaplib.IMAP4:
    if mailbox.safety == Mailbox.Safety.TLS:
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=SECONDS)
    box = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=SECONDS)
    if mailbox.safety == Mailbox.Safety.STARTTLS:
        box.starttls(ssl.create_default_context())
    return box


def _sign_in(box: imaplib.IMAP4, mailbox: Mailbox) -> None:
    try:
        box.login(mailbox.username, shown(mailbox.secret))
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise Unreachable(
            "The mail server does not accept this user name and password. Some services want a password made for "
            "this purpose."
        ) from error


def _selected(box: imaplib.IMAP4, mailbox: Mailbox) -> Folder:
    quoted = mailbox.folder.replace("\\", "\\\\").replace('"', '\\"')
    answer, found = box.select(f'"{quoted}"', readonly=True)
    if answer != "OK":
        raise Unreachable(f"There is no folder “{mailbox.folder}” in this mailbox.")
    validity, following = _number(box, "UIDVALIDITY"), _number(box, "UIDNEXT")
    return Folder(box, validity, following, int(found[0] or 0))


def _number(box: imaplib.IMAP4, name: str) -> int:
    _, found = box.response(name)
    return int(found[0]) if found and found[0] else 0


def _leave(box: imaplib.IMAP4) -> None:
    # What was read is stored; a farewell that fails changes nothing.
    with suppress(OSError, EOFError, imaplib.IMAP4.error):
        box.logout()


def _words(error: Exception, mailbox: Mailbox) -> str:
    if isinstance(error, socket.gaierror):
        return f"There is no server named {mailbox.host}. Look at the spelling."
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The certificate of {mailbox.host} cannot be trusted: {error.verify_message}."
    if isinstance(error, ssl.SSLError):
        return f"{mailbox.host} does not speak TLS on port {mailbox.port}. Try another kind of connection."
    if isinstance(error, ConnectionRefusedError):
        return f"Nobody answers at {mailbox.host}, port {mailbox.port}. Look at the port."
    if isinstance(error, TimeoutError):
        return f"{mailbox.host} did not answer within {SECONDS} seconds."
    return f"The connection to {mailbox.host} failed: {error}"[:300]
