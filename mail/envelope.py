"""A letter as the mail server gets it: headers, text part, HTML part, real links."""

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from django.conf import settings
from django.utils.encoding import punycode
from django.utils.text import slugify

from mail import links
from mail.models import Message, Recipient, Thread
from mail.rendering import Letter

_POLICY = policy.SMTP
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
    mail = EmailMessage(policy=_POLICY)
    for name, value in _headers(message, letter, recipients, earlier, at):
        mail[name] = value
    mail.set_content(links.put_in(letter.text, tokens), cte="quoted-printable")
    if letter.html:
        mail.add_alternative(links.put_in(letter.html, tokens), subtype="html", cte="quoted-printable")
    return Envelope(
        sender=wire_address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1]),
        addresses=tuple(wire_address(one.address) for one in recipients if one.state == Recipient.State.PENDING),
        content=mail.as_bytes(),
        name=f"{message.pk:07d}-{slugify(message.template.replace('/', '-')) or 'direct'}",
    )


def wire_address(address: str) -> str:
    """Return `address` as SMTP knows it: an international domain in its ASCII form."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{punycode(domain)}"


def reply_address(thread: Thread) -> str:
    """Return the address replies to `thread` come home to: our own, with the thread's token after a plus."""
    local, _, domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")
    return f"{local.partition('+')[0]}+{thread.reply_token}@{domain}"


def _headers(message: Message, letter: Letter, recipients: list[Recipient], earlier: list[str], at: datetime):
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    yield "From", _address(name, address)
    yield "To", [_address(one.name, one.address) for one in recipients]
    yield "Subject", " ".join(letter.subject.split())
    yield "Date", format_datetime(at)
    yield "Message-ID", message.message_id
    yield from _thread_headers(message, earlier)
    if message.to_staff or _is_automatic(message):
        yield "Auto-Submitted", "auto-generated"
    if unsubscribe := message.facts.get("list_unsubscribe_url"):
        yield "List-Unsubscribe", f"<{unsubscribe}>"


def _thread_headers(message: Message, earlier: list[str]):
    reply_to = message.reply_to
    if message.thread and not message.to_staff:
        reply_to = reply_to or reply_address(message.thread)
    if reply_to:
        yield "Reply-To", _address(*parseaddr(reply_to))
    if earlier:
        yield "In-Reply-To", earlier[-1]
        # The first letter names the conversation; of a long one the middle is left out (RFC 5322, 3.6.4).
        yield "References", " ".join([earlier[0], *earlier[1:][-REFERENCES:]])


def _is_automatic(message: Message) -> bool:
    return bool(message.facts.get("automatic")) or message.template.startswith("receipt")


def _address(name: str, address: str) -> Address:
    return Address(display_name=" ".join(name.split()), addr_spec=wire_address(address))
