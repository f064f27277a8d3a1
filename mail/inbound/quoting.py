"""What somebody wrote now, apart from what they quote below it: line by line, in linear time. Pure.

English, German, French, Spanish, and Outlook's header lines in these languages. Interleaved answers keep the lines
they answer. The whole text is always kept beside it.
"""

from dataclasses import dataclass

MOST_LINES = 20_000
LONGEST_LINE = 500
OPENING_LINES = 4
SIGNATURE_LINES = 15

ENDS = ("wrote:", "schrieb:", "a écrit:", "a écrit :", "escribió:", "geschrieben:")
STARTS = ("on ", "am ", "le ", "el ")
INSIDE = ((" schrieb am ", ":"), (" schrieb ", ":"), (" wrote on ", ":"), ("@", " wrote:"), ("@", " a écrit :"))
ORIGINAL = (
    "original message", "ursprüngliche nachricht", "originalnachricht", "message d'origine", "message d’origine",
    "message original", "mensaje original", "original-nachricht",
)  # fmt: skip
FORWARDED = (
    "forwarded message", "begin forwarded message", "weitergeleitete nachricht", "anfang der weitergeleiteten",
    "message transféré", "début du message transféré", "message réexpédié", "mensaje reenviado", "inicio del mensaje",
)  # fmt: skip
FIELDS = {
    "from": frozenset(["from", "von", "de"]),
    "sent": frozenset(["sent", "date", "gesendet", "datum", "envoyé", "enviado", "fecha"]),
    "to": frozenset(("to", "an", "à", "para")),
    "subject": frozenset(["subject", "betreff", "objet", "asunto"]),
}
DEVICE = (
    "sent from my ", "get outlook for ", "von meinem ", "gesendet von ", "outlook für ", "envoyé de mon ",
    "envoyé depuis ", "télécharger outlook ", "enviado desde mi ", "obtener outlook ", "sent from outlook",
    "sent from mail for ", "sent via ",
)  # fmt: skip


@dataclass(frozen=True)
class Separated:
    """`reply` is what they wrote now, `rest` what stands below it: quotation and signature."""

    reply: str
    rest: str
    forwarded: bool = False


def separate(text: str) -> Separated:
    """Part the words of now from quotation and signature. Nothing is lost: what is not in `reply` is in `rest`."""
    lines = text.split("\n")
    body = lines[:MOST_LINES]
    cut, forwarded = _first_cut(body)
    kept = _without_tail(body[:cut], below=cut < len(lines))
    first = _after_top_quote(kept)
    reply = "\n".join(line.rstrip() for line in kept[first:]).strip("\n")
    if not reply.strip() and forwarded:
        return Separated(text.strip("\n"), "", forwarded=True)
    rest = "\n".join([*lines[:first], *lines[len(kept) :]]).strip("\n")
    return Separated(reply, rest, forwarded=forwarded)


def _first_cut(lines: list[str]) -> tuple[int, bool]:
    """Return the first line of what is certainly older, however it is marked, and whether it was forwarded."""
    for place, line in enumerate(lines):
        bare = _bare(line)
        if not bare:
            continue
        if _is_rule_with(bare, FORWARDED):
            return place, True
        if _is_rule_with(bare, ORIGINAL) or _is_header_block(lines, place):
            return _before_rule(lines, place), False
        after = _opening_end(lines, place)
        if after and not _quotes_follow(lines, after):
            return place, False
    return len(lines), False


def _bare(line: str) -> str:
    return line[:LONGEST_LINE].strip(" \t*>\u200b\ufeff").lower()


def _is_rule_with(bare: str, names: tuple[str, ...]) -> bool:
    """Tell whether a line is such as `-----Original Message-----` or `Begin forwarded message:`."""
    if len(bare) > 120:
        return False
    inner = bare.strip("-_=: ")
    ruled = bare.startswith(("--", "__", "==")) or bare.endswith(":")
    return ruled and inner.startswith(names)


def _field_of(line: str) -> str:
    name, colon, _ = line[:LONGEST_LINE].strip(" \t*>").partition(":")
    word = name.strip(" *\xa0").lower()
    return next((field for field, names in FIELDS.items() if word in names), "") if colon else ""


def _is_header_block(lines: list[str], place: int) -> bool:
    """Tell whether header lines of an older message begin here: a sender, and two of date, receiver, subject."""
    if _field_of(lines[place]) != "from":
        return False
    found: set[str] = set()
    for line in lines[place : place + 10]:
        found.add(_field_of(line))
    return len(found & {"sent", "to", "subject"}) >= 2


def _before_rule(lines: list[str], place: int) -> int:
    """Take a ruled line above the header lines, and empty lines between, with them."""
    at = place
    while at > 0 and place - at < 5 and not _bare(lines[at - 1]).strip("-_="):
        at -= 1
    return at


def _opening_end(lines: list[str], place: int) -> int:
    """Return the line after `On … wrote:`, which may be broken over some lines, or 0 if none begins here."""
    first = _bare(lines[place])
    starts = first.startswith(STARTS)
    if not starts and not any(mark in first for mark, _ in INSIDE):
        return 0
    joined = ""
    for step, line in enumerate(lines[place : place + OPENING_LINES]):
        bare = _bare(line)
        if step and not bare:
            return 0
        joined = f"{joined} {bare}".strip()
        if len(joined) > LONGEST_LINE:
            return 0
        if _is_opening(joined, starts):
            return place + step + 1
        if not starts:
            return 0
    return 0


def _is_opening(line: str, starts: bool) -> bool:
    if starts and line.endswith(ENDS):
        return any(char.isdigit() for char in line)
    if starts and line.endswith(":") and " schrieb " in line:
        return any(char.isdigit() for char in line)
    return any(mark in line and line.endswith(end) and any(c.isdigit() for c in line) for mark, end in INSIDE)


def _quotes_follow(lines: list[str], place: int) -> bool:
    for line in lines[place : place + 8]:
        if line.strip():
            return line.lstrip().startswith(">")
    return False


def _without_tail(lines: list[str], *, below: bool) -> list[str]:
    """Leave out, from the end up, empty lines, quotations with their opening line, and the signature."""
    end = len(lines)
    while True:
        end, before = _strip_end(lines, end), end
        signature = _signature_start(lines, end)
        end = _strip_end(lines, signature)
        if end == before:
            return lines[:end]


def _strip_end(lines: list[str], end: int) -> int:
    quoted = False
    while end > 0:
        line = lines[end - 1].strip()
        if line.startswith(">"):
            quoted = True
        elif line and quoted and (opening := _opening_before(lines, end)) is not None:
            return _strip_end_blank(lines, opening)
        elif line:
            return end
        end -= 1
    return end


def _strip_end_blank(lines: list[str], end: int) -> int:
    while end > 0 and not lines[end - 1].strip():
        end -= 1
    return end


def _opening_before(lines: list[str], end: int) -> int | None:
    """Return where the `On … wrote:` begins that ends just before `end`; None if there is none."""
    for start in range(end - 1, max(-1, end - 1 - OPENING_LINES), -1):
        if _opening_end(lines, start) == end:
            return start
    return None


def _signature_start(lines: list[str], end: int) -> int:
    """Return where the signature at the end begins, or `end` if there is none."""
    marked = _marked_signature(lines, end)
    if marked < end:
        return marked
    start = end
    while start > 0 and end - start <= SIGNATURE_LINES and lines[start - 1].strip():
        start -= 1
    block = lines[start:end]
    if block and (block[0].startswith("___") or _signs(block)):
        return start
    # A device signs in one line of its own, also right below the last words.
    return end - 1 if block and _is_device(block[-1]) else end


def _marked_signature(lines: list[str], end: int) -> int:
    for place in range(end - 1, max(-1, end - 1 - SIGNATURE_LINES), -1):
        if lines[place].rstrip() in ("--", "—") or lines[place] == "-- ":
            return place
    return end


def _signs(block: list[str]) -> bool:
    """Tell whether a last paragraph is but a name behind a dash, such as `-Ruth Aebi`."""
    if len(block) != 1 or not block[0].startswith("-"):
        return False
    words = block[0][1:].split()
    return (
        not block[0].startswith("- ")
        and 0 < len(words) <= 3
        and all(word.isalpha() and word[0].isupper() for word in words)
    )


def _is_device(line: str) -> bool:
    bare = _bare(line)
    return bare.startswith(DEVICE) and len(bare.split()) <= 8 and not bare.rstrip(".!").count(",")


def _after_top_quote(lines: list[str]) -> int:
    """Return where the words begin when they stand below one quotation, and nothing else does."""
    start = 0
    while start < len(lines) and not lines[start].strip():
        start += 1
    after = _opening_end(lines, start) if start < len(lines) else 0
    place, last = after or start, 0
    while place < len(lines) and (lines[place].lstrip().startswith(">") or not lines[place].strip()):
        last = place + 1 if lines[place].strip() else last
        place += 1
    if not last or any(line.lstrip().startswith(">") for line in lines[place:]):
        return 0
    return place
