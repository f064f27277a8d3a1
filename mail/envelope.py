"""A letter as the mail server gets it: headers, text part, HTML part, real links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache

from django.conf import settings
from django.utils.encoding import punycode
from django.utils.text import slugify

from mail import links, mime, return_paths
from mail.models import Message, Recipient, Thread
from mail.rendering import Letter

_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
REFERENCES = 12


class FileGone(LookupError):
    """A letter shall carry a file whose bytes are no longer there."""


@dataclass(frozen=True)
class Envelope:
    """What a carrier hands over: from whom, to which addresses, the bytes, and a name for a file."""

    sender: str
    addresses: tuple[str, ...]
    content: bytes
    name: str


def seal(
    *,
    message: Message,
    letter: Letter,
    recipients: list[Recipient],
    tokens: dict[int, str],
    earlier: list[str],
    at: datetime,
    for_copies: bool = False,
) -> Envelope:
    """Make the envelope of `message` for the `recipients` still waiting on one side: those written to, or copies.

    Its head names both sides. `earlier` are the Message-IDs of letters before it in its thread, oldest first.
    Raises LinkGone, FileGone, and ValueError for a header that cannot be written.
    """
    text, html = links.put_in(letter.text, tokens), links.put_in(letter.html, tokens)
    mail = mime.body(text=text, html=html, files=_files(message))
    if unsubscribe := message.facts.get("list_unsubscribe_url"):
        # The only header that may carry a customer's link.
        mail["List-Unsubscribe"] = f"<{links.put_in(unsubscribe, tokens)}>"
        if unsubscribe.startswith("https://"):  # RFC 8058 asks for it: a mail program posts there by itself
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    for name, value in _headers(message, letter, recipients, earlier, at):
        mail[name] = _CONTROL.sub(" ", value).strip()
    return Envelope(
        sender=wire_address(return_paths.address_of(message)),
        addresses=tuple(wire_address(one.address) for one in recipients if _waits(one, for_copies)),
        content=mail.as_bytes(),
        name=f"{message.pk:07d}-{slugify(message.template.replace('/', '-')) or 'direct'}{'-copy' * for_copies}",
    )


def _waits(one: Recipient, for_copies: bool) -> bool:
    return one.state == Recipient.State.PENDING and one.is_copy == for_copies


@lru_cache(maxsize=64)
def _parts(address: str) -> tuple[str, str]:
    """Return name and address; kept, because our own is asked for in every letter and reading it is slow."""
    return parseaddr(address)


def wire_address(address: str) -> str:
    """Return `address` as SMTP knows it: an international domain in its ASCII form."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{punycode(domain)}"


def reply_address(thread: Thread) -> str:
    """Return the address replies to `thread` come home to: our own, with the thread's token after a plus."""
    local, _, domain = _parts(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")
    return f"{local.partition('+')[0]}+{thread.reply_token}@{domain}"


def _files(message: Message) -> Iterator[tuple[str, str, bytes]]:
    """Read the files that travel with the letter. Raises FileGone."""
    for one in message.enclosures.all():
        try:
            content = one.blob.path.read_bytes()
        except FileNotFoundError as error:
            raise FileGone(f"The file “{one.name}” is no longer stored. Write the letter again without it.") from error
        yield one.name, one.blob.content_type, content


def _headers(
    message: Message, letter: Letter, recipients: list[Recipient], earlier: list[str], at: datetime
) -> Iterator[tuple[str, str]]:
    yield "MIME-Version", "1.0"
    yield "From", _sender(message)
    yield "To", ", ".join(_address(one.name, one.address) for one in recipients if not one.is_copy)
    if copies := [_address(one.name, one.address) for one in recipients if one.is_copy]:
        yield "Cc", ", ".join(copies)
    yield "Subject", _encoded(letter.subject)
    yield "Date", format_datetime(at)
    yield "Message-ID", message.message_id
    yield from _thread_headers(message, earlier)
    if message.to_staff or _is_automatic(message):
        yield "Auto-Submitted", "auto-generated"


def _thread_headers(message: Message, earlier: list[str]) -> Iterator[tuple[str, str]]:
    reply_to = message.reply_to
    if message.thread and not message.to_staff:
        reply_to = reply_to or reply_address(message.thread)
    if reply_to:
        yield "Reply-To", _address(*_parts(reply_to))
    if earlier:
        yield "In-Reply-To", earlier[-1]
        # The first letter names the conversation; of a long one the middle is left out (RFC 5322, 3.6.4).
        yield "References", " ".join([earlier[0], *earlier[1:][-REFERENCES:]])


def _sender(message: Message) -> str:
    """Name who wrote it and the company; the address is always our own, so that it passes for ours."""
    company, address = _parts(settings.DEFAULT_FROM_EMAIL)
    writer = message.facts.get("writer", "") if not message.to_staff else ""
    return _address(f"{writer}, {company}" if writer and company else writer or company, address)


def _is_automatic(message: Message) -> bool:
    return bool(message.facts.get("automatic")) or message.template.startswith("receipt")


def _address(name: str, address: str) -> str:
    return formataddr((_CONTROL.sub(" ", name).strip(), wire_address(address)))


def _encoded(text: str) -> str:
    text = _CONTROL.sub(" ", text)
    return text if text.isascii() else Header(text, "utf-8", header_name="Subject").encode(linesep="")
