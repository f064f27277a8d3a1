"""Letters that came back: to whom, with which status, for good or for now. Pure.

Delivery status parts (RFC 3464) first, then the free text of programs that know none. *Hard* is only what says that
this address does not exist and will not: a full box, a block or a policy says nothing about the person.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from mail.inbound import bounce_marks, mime, parts, provider_notices

LONGEST = 64_000
DELAYED = "4.0.0"
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?=[ -])")
_ADDRESS = re.compile(r"[A-Za-z0-9_.+=&'#/%!?^{}~$*-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_THE_SENDER = re.compile(r"sender(?: address| domain)?[^\n]{0,120}does not exist|domain of sender", re.IGNORECASE)
_AFTER_DATA = re.compile(r"reply to end of data|^>>> data|^-+smtp command\s+data", re.IGNORECASE | re.MULTILINE)
_TO = re.compile(
    r"(?:^[ \t]*<?|\b(?:to|for|address|recipient|recipients|user):?\s+<?|<)"
    r"([^\s<>()\[\],;:\"']{1,64}@[A-Za-z0-9.-]{4,253})",
    re.IGNORECASE | re.MULTILINE,
)
_LINE_ABOUT = re.compile(r"[ \t]*<?([^\s<>:;,]{1,64}@[A-Za-z0-9.-]{4,253})>?:")
_HARD_CODES = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.4.4"}


@dataclass(frozen=True)
class Bounce:
    """What came back. `hard`: the address does not exist.

    `arrived` says that the letter did arrive after all, `complaint` that its reader called it unwanted.
    """

    recipient: str
    status: str
    hard: bool
    diagnostic: str = ""
    arrived: bool = False
    original_id: str = ""
    complaint: bool = False


def is_feedback(message: Message) -> bool:
    """Tell whether it reports a complaint about us as senders (RFC 5965), or asks us to send nothing more."""
    if _parameter(message, "report-type") == "feedback-report":
        return True
    if mime.header(message, "X-Apple-Unsubscribe"):
        return True
    kinds = {part.get_content_type() for part, _ in parts.leaves(message)}
    return "message/feedback-report" in kinds


def bounce_of(message: Message, contents: parts.Contents) -> Bounce | None:
    """Return what came back, or None where this is no bounce."""
    text = _words(message, contents)
    if notice := provider_notices.notice_in(text):
        return Bounce(**notice)
    reports = list(_status_blocks(message))
    if not reports and not _looks_returned(message, text):
        return None
    for block in reports:
        if found := _from_report(block, text, message):
            return found
    return _from_text(message, text)


def _status_blocks(message: Message) -> Iterator[Message]:
    """Yield the per-recipient blocks of delivery status parts."""
    waiting, seen = [message], 0
    while waiting and seen < parts.MOST_PARTS:
        part, seen = waiting.pop(), seen + 1
        inner = part.get_payload()
        if part.get_content_type() == "message/delivery-status":
            yield from _blocks(part, inner)
        elif part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting += reversed(inner)


def _blocks(part: Message, inner: object) -> Iterator[Message]:
    if isinstance(inner, list):
        yield from (one for one in inner[:50] if one["Final-Recipient"] or one["Original-Recipient"] or one["Action"])
        return
    # Not labelled as RFC 3464 wants it: read the text as the header lines it consists of.
    for block in mime.in_charset(parts.content_of(part)[:LONGEST], "").replace("\r\n", "\n").split("\n\n"):
        read = mime.parse(block.encode("utf-8", "replace"))
        if read["Final-Recipient"] or read["Original-Recipient"]:
            yield read


def _words(message: Message, contents: parts.Contents) -> str:
    words = contents.text[:LONGEST]
    if words.strip():
        return words
    payload = message.get_payload()
    return payload[:LONGEST] if isinstance(payload, str) else ""


def _looks_returned(message: Message, text: str) -> bool:
    if mime.headers(message, "X-Failed-Recipients"):
        return True
    senders = " ".join(mime.headers(message, "From") + mime.headers(message, "Return-Path")).lower()
    from_daemon = any(name in senders for name in bounce_marks.SENDERS) or "<>" in mime.headers(message, "Return-Path")
    if _parameter(message, "report-type") == "delivery-status":
        return True
    subject, head = mime.header(message, "Subject").lower(), text[:8000].lower()
    returned = any(mark in subject for mark in bounce_marks.SUBJECTS)
    told = any(mark in head for mark in bounce_marks.TEXTS)
    if from_daemon:
        return returned or told
    # Customers write of deliveries that failed, too: without a daemon's name only a server's code tells.
    return returned and told and bool(_STATUS.search(head) or _CODE.search(head))


def _from_report(block: Message, text: str, message: Message) -> Bounce | None:
    recipient = _plain(mime.header(block, "Final-Recipient")) or _plain(mime.header(block, "Original-Recipient"))
    original = _plain(mime.header(block, "Original-Recipient"))
    action = mime.header(block, "Action").lower()
    diagnostic = mime.header(block, "Diagnostic-Code")
    stated = _STATUS.search(mime.header(block, "Status"))
    status = _best_status(stated[1] if stated else "", diagnostic, text)
    arrived = action.startswith(("delivered", "relayed", "expanded"))
    recipient = original if original and not recipient else recipient
    if not recipient:
        recipient = _recipient_in(message, text)
    passing = action.startswith("delayed") or status.startswith("4.")
    hard = not arrived and not passing and is_hard(status, diagnostic, text)
    return Bounce(recipient.lower(), status, hard, diagnostic[:500], arrived, original_id(message))


def _plain(value: str) -> str:
    found = _ADDRESS.search(value.rpartition(";")[2])
    return found[0].lower() if found else ""


def _best_status(stated: str, diagnostic: str, text: str) -> str:
    """A status that says nothing but its class gives way to one the other server's own words name."""
    told = _STATUS.findall(diagnostic)
    if stated and not stated.endswith(".0.0"):
        return stated
    if told:
        return next((one for one in told if one[0] == (stated or one)[0]), stated or told[0])
    return stated or _status_in(text)


def _status_in(text: str) -> str:
    """Return the first status of a failure a free text names, else one made of its three-digit code."""
    found = next((one for one in _STATUS.findall(text) if one[0] in "45"), "")
    code = _CODE.search(text)
    return found or (f"{code[1][0]}.0.0" if code else "")


def is_hard(status: str, diagnostic: str, text: str) -> bool:
    """Tell whether this means that the address does not exist, by the server's words before its numbers.

    An unknown person is refused when the receiver is named; the same words after the letter itself was sent come
    from filters that do not say what they dislike.
    """
    said = diagnostic.lower() or text[:6000].lower()
    if status.startswith("4.") or _THE_SENDER.search(said):
        return False
    if _has(said, bounce_marks.NO_HOST) or _has(said, bounce_marks.SURE):
        return True
    if _has(said, bounce_marks.NO_SUCH) and not _AFTER_DATA.search(text[:6000]):
        return True
    return not _has(said, bounce_marks.SOFT) and status in _HARD_CODES


def _has(text: str, marks: tuple[str, ...]) -> bool:
    return any(mark in text for mark in marks)


def _from_text(message: Message, text: str) -> Bounce:
    recipient = _recipient_in(message, text)
    told = _about(recipient, text)
    status = _status_in(told)
    if not status and _is_warning(message, text):
        status = DELAYED
    passing = status.startswith("4.") or _is_warning(message, text)
    hard = not passing and is_hard(status, "", told)
    return Bounce(recipient, status, hard, told[:500].strip(), False, original_id(message))


def _is_warning(message: Message, text: str) -> bool:
    head = f"{mime.header(message, 'Subject')}\n{text[:2000]}".lower()
    return any(
        mark in head for mark in ("delayed", "warning: could not send", "has not yet been delivered", "will be retried")
    )


def _about(recipient: str, text: str) -> str:
    """Return what a free text says of one recipient: from the address on, without the letter returned below."""
    below = min((at for mark in bounce_marks.BELOW if (at := text.lower().find(mark)) > 0), default=len(text))
    head = text[:below]
    place = head.lower().find(recipient) if recipient else -1
    after = _of_one(recipient, head[place:]) if place >= 0 else head
    return after if _STATUS.search(after) or _CODE.search(after) or _has(after.lower(), bounce_marks.NO_SUCH) else head


def _of_one(recipient: str, text: str) -> str:
    """Return what is said before the line about the next recipient."""
    lines = text.splitlines()
    for place, line in enumerate(lines[1:200], start=1):
        named = _LINE_ABOUT.match(line)
        if named and named[1].lower() != recipient:
            return "\n".join(lines[:place])
    return text


def _recipient_in(message: Message, text: str) -> str:
    failed = mime.header(message, "X-Failed-Recipients")
    if found := _ADDRESS.search(failed):
        return found[0].lower()
    ours = {address for _, address in mime.addresses(message, "From", "To", "Delivered-To")}
    named = [one.strip(".") for one in _TO.findall(text[:LONGEST])] + _ADDRESS.findall(text[:LONGEST])
    usable = [one.lower() for one in named if one.lower() not in ours and not one.lower().startswith("mailer-daemon")]
    return next(iter(usable), "")


def original_id(message: Message) -> str:
    """Return the Message-ID of the letter that came back, where the bounce carries it."""
    for part, _ in parts.leaves(message):
        if part.get_content_type() not in ("message/rfc822", "text/rfc822-headers", "message/global"):
            continue
        inner = part.get_payload()
        returned = inner[0] if isinstance(inner, list) and inner else mime.parse(parts.content_of(part)[:LONGEST])
        if found := mime.ids(returned, "Message-ID"):
            return found[0]
    text = "\n".join(str(one.get_payload())[:LONGEST] for one, _ in parts.leaves(message) if not one.is_multipart())
    found = re.search(r"(?im)^[ >\t]*message-id:[ \t]*(<[^<>\s]{1,250}>)", text[:LONGEST])
    return found[1] if found else next(iter(mime.ids(message, "In-Reply-To")), "")


def _parameter(message: Message, name: str) -> str:
    try:
        value = message.get_param(name, "")
    except Exception:  # parameters that are no parameters
        return ""
    return value.lower() if isinstance(value, str) else ""
