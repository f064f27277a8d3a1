"""A letter as the mail server gets it: headers, text part, HTML part, real links."""

import binascii
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.header import Header
from email.message import Message as Part
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache

from django.conf import settings
from django.utils.encoding import punycode
from django.utils.text import slugify

from mail import links
from mail.models import Message, Recipient, Thread
from mail.rendering import Letter

# The older policy, because it writes a letter in a tenth of the time; values are made safe here, before it sees them.
_POLICY = policy.compat32.clone(linesep="\r\n", mangle_from_=False)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
REFERENCES = 12


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
) -> Envelope:
    """Make the envelope of `message` for the `recipients` still waiting; the To line names all of them.

    `earlier` are the Message-IDs of letters before it in its thread, oldest first. Raises LinkGone, and
    ValueError for a header that cannot be written.
    """
    mail = _body(letter, tokens)
    if unsubscribe := message.facts.get("list_unsubscribe_url"):
        # The only header that may carry a customer's link.
        mail["List-Unsubscribe"] = f"<{links.put_in(unsubscribe, tokens)}>"
    for name, value in _headers(message, letter, recipients, earlier, at):
        mail[name] = _CONTROL.sub(" ", value).strip()
    return Envelope(
        sender=wire_address(_parts(settings.DEFAULT_FROM_EMAIL)[1]),
        addresses=tuple(wire_address(one.address) for one in recipients if one.state == Recipient.State.PENDING),
        content=mail.as_bytes(),
        name=f"{message.pk:07d}-{slugify(message.template.replace('/', '-')) or 'direct'}",
    )


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


def _body(letter: Letter, tokens: dict[int, str]) -> Part:
    text = _part("plain", links.put_in(letter.text, tokens))
    if not letter.html:
        return text
    both = Part(policy=_POLICY)
    both["Content-Type"] = f'multipart/alternative; boundary="=_{secrets.token_hex(16)}"'
    both.set_payload([text, _part("html", links.put_in(letter.html, tokens))])
    return both


def _part(kind: str, words: str) -> Part:
    part = Part(policy=_POLICY)
    part["Content-Type"] = f'text/{kind}; charset="utf-8"'
    part["Content-Transfer-Encoding"] = "quoted-printable"
    lines = words.replace("\r\n", "\n").encode()
    part.set_payload(binascii.b2a_qp(lines, istext=True).decode("ascii"))
    return part


def _headers(
    message: Message, letter: Letter, recipients: list[Recipient], earlier: list[str], at: datetime
) -> Iterator[tuple[str, str]]:
    yield "MIME-Version", "1.0"
    yield "From", _address(*_parts(settings.DEFAULT_FROM_EMAIL))
    yield "To", ", ".join(_address(one.name, one.address) for one in recipients)
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


def _is_automatic(message: Message) -> bool:
    return bool(message.facts.get("automatic")) or message.template.startswith("receipt")


def _address(name: str, address: str) -> str:
    return formataddr((_CONTROL.sub(" ", name).strip(), wire_address(address)))


def _encoded(text: str) -> str:
    text = _CONTROL.sub(" ", text)
    return text if text.isascii() else Header(text, "utf-8", header_name="Subject").encode(linesep="")
