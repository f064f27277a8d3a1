"""From raw bytes to a parsed message and clean header values, whatever the bytes are. Pure.

The compat32 policy reads headers lazily; a structured policy took nine seconds for one long From line. Every header,
those of parts included, is cut before anything looks into it, because the standard library's own reading of
parameters and comments costs the square of their length.
"""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from email.utils import getaddresses, parsedate_to_datetime

from mail.inbound import bulk

LONGEST_HEADER = 8192
LONGEST_NAME = 120
MOST_HEADERS = 2000
MOST_LINES = 500_000
MOST_IDS = 50
_EMPTY_LINE = re.compile(rb"\r?\n\r?\n")
_HEADS = re.compile(
    rb"^(?:from|to|cc|subject|date|received|message-id|return-path|delivered-to|mime-version|content-type|reply-to|"
    rb"sender|in-reply-to|references|auto-submitted|precedence|x-[a-z0-9-]+|dkim-signature|list-id)[ \t]*:|^From ",
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,64}@[^\s<>()\[\],;:\"@]{1,253}")
_ID = re.compile(r"<[^<>\s]{1,250}>")
_SPACE = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
ALIASES = {
    "x-unknown": "utf-8",
    "unknown-8bit": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "iso-8859-8-i": "iso-8859-8",
}


class _Capped(Compat32):
    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Keep the beginning of an overlong header only."""
        name, value = super().header_source_parse(sourcelines)
        return name[:LONGEST_NAME], value[:LONGEST_HEADER]


POLICY = _Capped()


class Flat(Message):
    """A message whose structure could not be followed: its headers, and all the rest as plain text."""


def parse(raw: bytes) -> Message:
    """Return `raw` as a message. One nested too deeply or too long to follow comes back as `Flat`, never as an error.

    Bytes without a single header of a mail are words altogether: "One: here is what I have" is no header.
    """
    if not _HEADS.search(_head_of(raw)):
        return flat(b"\n\n" + raw)
    slim, aside = bulk.set_aside(raw)
    if slim.count(b"\n") > MOST_LINES:
        return flat(raw)
    try:
        return bulk.put_back(message_from_bytes(slim, policy=POLICY), aside)
    except (RecursionError, ValueError, LookupError, AssertionError, IndexError, TypeError, AttributeError):
        return flat(raw)


def _head_of(raw: bytes) -> bytes:
    """Return what stands before the first empty line, at most 64 kB of it."""
    return _EMPTY_LINE.split(raw[: 8 * LONGEST_HEADER].lstrip(b"\r\n"), maxsplit=1)[0]


def flat(raw: bytes) -> Flat:
    """Return the headers of `raw` over its undivided body."""
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    known = BytesHeaderParser(policy=POLICY).parsebytes(head[: 64 * LONGEST_HEADER] + b"\n\n")
    whole = Flat(policy=POLICY)
    for name, value in known.raw_items():
        if not name.lower().startswith("content-"):
            whole[name] = value
    whole["Content-Type"] = "text/plain; charset=utf-8"
    whole.set_payload(body.decode("utf-8", "replace"))
    return whole


def header(message: Message, name: str) -> str:
    """Return one header as readable text on one line; empty where it is missing."""
    return next(iter(headers(message, name)), "")


def headers(message: Message, name: str) -> list[str]:
    """Return every header of that name as readable text, in order."""
    wanted = name.lower()
    found = (value for key, value in list(message.raw_items())[:MOST_HEADERS] if key.lower() == wanted)
    return [one_line(decoded(raw_text(value))) for value in found]


def raw_text(value: object) -> str:
    """Return a header value as text where it came as bare eight-bit bytes."""
    text = str(value)
    try:
        text.encode("utf-8")
        return text
    except UnicodeEncodeError:
        return in_charset(text.encode("utf-8", "surrogateescape"), "")


def decoded(text: str) -> str:
    """Return a header with its encoded words read; one that cannot be read stays as it is."""
    if "=?" not in text:
        return text
    try:
        pieces = decode_header(text)
    except Exception:  # binascii, codecs and the header module each have errors of their own here
        return text
    read = "".join(piece if isinstance(piece, str) else in_charset(piece, charset or "") for piece, charset in pieces)
    return read if read.strip() else text


def in_charset(raw: bytes, charset: str) -> str:
    """Return bytes as text: as declared if that fits, else UTF-8, else Windows' Latin alphabet. Never fails."""
    declared = ALIASES.get(charset.strip("'\" ").lower(), charset.strip("'\" ").lower())
    for name in (declared, "utf-8", "cp1252"):
        try:
            return raw.decode(name)
        except (LookupError, UnicodeError, ValueError):
            continue
    return _best_of(raw, declared)


def _best_of(raw: bytes, declared: str) -> str:
    """A few bytes at fault cost a few characters, not the whole text."""
    try:
        return raw.decode(declared or "utf-8", "replace")
    except (LookupError, UnicodeError, ValueError):
        return raw.decode("utf-8", "replace")


def one_line(text: str) -> str:
    """Return `text` without control characters and line ends: nothing in it can begin another header."""
    return _SPACE.sub(" ", _CONTROL.sub(" ", text)).strip()


def addresses(message: Message, *names: str) -> list[tuple[str, str]]:
    """Return (name, address) of everybody in these headers; addresses in lower case, without doubles."""
    values = [raw_text(value) for key, value in message.raw_items() if key.lower() in {name.lower() for name in names}]
    found: dict[str, str] = {}
    for value in values[:MOST_IDS]:
        for name, address in _people(value):
            found.setdefault(address.lower(), one_line(decoded(name)).strip("\"' "))
    return [(name, address) for address, name in found.items()]


def _people(value: str) -> list[tuple[str, str]]:
    plain = one_line(value)
    try:
        pairs = [(name, found[0]) for name, one in getaddresses([plain]) if (found := _ADDRESS.findall(one))]
    except Exception:  # thousands of open brackets exhaust the stack; a broken group raises what it likes
        pairs = []
    return pairs or [("", one) for one in _ADDRESS.findall(decoded(plain))]


def ids(message: Message, name: str) -> list[str]:
    """Return the message ids in a header, with their angle brackets."""
    text = " ".join(headers(message, name))
    found = _ID.findall(text) or [f"<{word}>" for word in text.split() if "@" in word]
    return list(dict.fromkeys(found))[-MOST_IDS:]


def written_at(message: Message) -> datetime | None:
    """Return what the Date header says, in UTC; None where it says nothing usable."""
    try:
        at = parsedate_to_datetime(header(message, "Date"))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
