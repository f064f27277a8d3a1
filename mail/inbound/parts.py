"""What a message consists of: its words, its HTML, its attachments, and what was left out. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.utils import collapse_rfc2231_value
from functools import cached_property

from mail.inbound import mime, plain

LARGEST = 25 * 1024 * 1024
LONGEST_TEXT = 1_000_000
MOST_PARTS = 1_000
MOST_ATTACHMENTS = 100
DEEPEST = 50


@dataclass
class Piece:
    """One attachment: what it calls itself, and its bytes. `cid` is the name an HTML part shows it by.

    Of a file beyond what we keep only the `size` is told; the raw message has the bytes.
    """

    name: str
    type: str
    content: bytes
    cid: str = ""
    inline: bool = False
    size: int = 0


@dataclass
class Contents:
    """The parts of a message, sorted. `left_out` counts parts beyond the limits; the raw message has them all.

    `html` and `text` are made once, when everything is sorted.
    """

    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    left_out: int = 0

    @cached_property
    def html(self) -> str:
        """The HTML parts, one after the other."""
        return "\n".join(self.htmls)[:LONGEST_TEXT]

    @cached_property
    def text(self) -> str:
        """The words: the plain parts, or what an HTML part says where there are none."""
        written = "\n".join(self.texts).strip("\n")
        return (written if written.strip() else plain.text_of(self.html))[:LONGEST_TEXT]


def contents_of(message: Message) -> Contents:
    """Sort the parts of `message`."""
    found = Contents()
    for part, inside_alternative in leaves(message):
        if len(found.pieces) >= MOST_ATTACHMENTS and not _is_words(part):
            found.left_out += 1
            continue
        _sort(part, found, inside_alternative)
    return found


def leaves(message: Message) -> Iterator[tuple[Message, bool]]:
    """Yield every part that has no parts of its own, in order, and whether it is one of several versions.

    A message inside the message is one leaf. A walk of our own, without recursion, with a limit.
    """
    waiting, seen = [(message, 0, False)], 0
    while waiting and seen < MOST_PARTS * 2:
        part, depth, versions = waiting.pop()
        seen += 1
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list) and depth < DEEPEST:
            alternative = part.get_content_subtype() == "alternative"
            waiting += [(one, depth + 1, versions or alternative) for one in reversed(inner[: MOST_PARTS * 2])]
        else:
            yield part, versions


def _sort(part: Message, found: Contents, versions: bool) -> None:
    kind = part.get_content_type()
    if _is_words(part) and kind == "text/html":
        found.htmls.append(words_of(part))
    elif _is_words(part):
        words = words_of(part)
        # A second plain version of what was said already, as some programs make it, is not said twice.
        if not (versions and words in found.texts):
            found.texts.append(words)
    elif (piece := _piece(part)) is not None:
        found.pieces.append(piece)


def _is_words(part: Message) -> bool:
    if part.get_content_type() not in ("text/plain", "text/html") or isinstance(part.get_payload(), list):
        return False
    return not _is_attachment(part)


def _is_attachment(part: Message) -> bool:
    said = mime.header(part, "Content-Disposition").lower()
    return said.startswith("attachment") or bool(said and name_of(part))


def words_of(part: Message) -> str:
    """Return a text part as text with plain line ends, flowed lines joined, at most a million characters."""
    raw = content_of(part)[: LONGEST_TEXT * 4]
    text = mime.in_charset(raw, _parameter(part, "charset"))[:LONGEST_TEXT]
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").lstrip("\ufeff")
    return _unflowed(text) if _parameter(part, "format").lower() == "flowed" else text


def _unflowed(text: str) -> str:
    """Join soft line breaks (RFC 3676); quoted lines and the signature mark keep theirs."""
    joined: list[str] = []
    open_line = False
    for line in text.split("\n"):
        soft = line.endswith(" ") and line != "-- " and not line.startswith(">")
        if open_line and joined and not line.startswith(">") and line != "-- ":
            joined[-1] = f"{joined[-1]}{line.removeprefix(' ')}"
        else:
            joined.append(line)
        open_line = soft
    return "\n".join(line.rstrip() for line in joined)


def content_of(part: Message) -> bytes:
    """Return the bytes of a part; a message inside the message gives its own bytes."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return b"\n".join(_bytes_of(one) for one in payload[:MOST_PARTS])
    try:
        return part.get_payload(decode=True) or b""
    except Exception:  # a transfer encoding that lies about itself: what stands there is better than nothing
        return str(payload).encode("utf-8", "surrogateescape")


def _bytes_of(inner: Message) -> bytes:
    try:
        return inner.as_bytes()
    except Exception:  # the generator refuses what the parser let pass
        return str(inner.get_payload()).encode("utf-8", "replace")


def _piece(part: Message) -> Piece | None:
    content = content_of(part)
    name, kind = name_of(part), part.get_content_type()
    said = mime.header(part, "Content-Disposition").lower()
    if not content and not name and not said.startswith("attachment"):
        return None
    cid = mime.header(part, "Content-ID").strip("<> ")[:250]
    shown = kind.startswith("image/") and not said.startswith("attachment")
    kept = content if len(content) <= LARGEST else b""
    return Piece(name or _nameless(part, kind), kind[:120], kept, cid, inline=shown, size=len(content))


def name_of(part: Message) -> str:
    """Return the file name a part carries; empty without one."""
    try:
        given = part.get_filename("")
    except Exception:  # an RFC 2231 name with an unknown alphabet or numbers out of order
        given = ""
    given = given if isinstance(given, str) else collapse_rfc2231_value(given)
    return mime.one_line(mime.decoded(mime.raw_text(given)))[:250]


def _nameless(part: Message, kind: str) -> str:
    if kind == "message/rfc822":
        inner = part.get_payload()
        subject = mime.header(inner[0], "Subject") if isinstance(inner, list) and inner else ""
        return f"{subject[:80] or 'message'}.eml"
    ending = {"image/jpeg": "jpg", "image/jpg": "jpg", "text/plain": "txt", "text/calendar": "ics"}.get(kind)
    return f"attachment.{ending or kind.partition('/')[2].partition('+')[0][:8] or 'bin'}"


def _parameter(part: Message, name: str) -> str:
    try:
        value = part.get_param(name, "")
    except Exception:  # parameters that are no parameters
        return ""
    return value if isinstance(value, str) else collapse_rfc2231_value(value)
