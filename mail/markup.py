"""How a letter is written once and read twice: paragraphs, lists, quotes, buttons. Pure: no templates.

A letter's source is plain text. Blocks are separated by blank lines. Lines beginning `- ` are a list, lines
beginning `> ` a quote, and lines made only of `[Label](URL)` links are buttons. A line shorter than 48
characters keeps its line break (a name, an address); a longer one flows into the next.

Only the template's own characters count as markup. Facts pass through `shield` first, so that a customer's
words can never become a button, a list, a subject or a link to somebody's page.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby, pairwise
from textwrap import wrap

SHORT_LINE = 48
WIDTH = 76
# Noncharacters stand for what would be markup; they can come from nowhere else.
_STAND_INS = {"\n": "\ufdd0", "[": "\ufdd1", ">": "\ufdd2", "-": "\ufdd3"}
_FOREIGN = re.compile("[\ufdd0-\ufdd3\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BACK = str.maketrans({stand_in: char for char, stand_in in _STAND_INS.items()})
_LINK = re.compile(r"\[([^\[\]\n]+)\]\(([^()\s]+)\)")
_LINKS = re.compile(rf"\s*(?:{_LINK.pattern}\s*)+")
_SAFE_URL = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)


@dataclass(frozen=True)
class Link:
    """A button in HTML, a line `Label: URL` in text."""

    label: str
    url: str


@dataclass(frozen=True)
class Block:
    """One piece of a letter. `kind` is paragraph, list, quote or links; a line may hold line breaks."""

    kind: str
    lines: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()


def shield(value: str, *, is_link: bool = False) -> str:
    """Return a fact that no part of can be taken for markup. `is_link` facts may hold the mark of a pass."""
    value = _FOREIGN.sub("", value.replace("\r\n", "\n"))
    if not is_link:
        value = value.replace("{{pass:", "{{ pass:")
    value = value.replace("\n", _STAND_INS["\n"]).replace("[", _STAND_INS["["])
    return _STAND_INS.get(value[:1], value[:1]) + value[1:]


def one_line(text: str) -> str:
    """Return shielded `text` as one line, such as a subject."""
    return " ".join(text.translate(_BACK).split())


def blocks(source: str) -> list[Block]:
    """Read the blocks of a letter's shielded source."""
    found = []
    for part in re.split(r"\n[ \t]*(?:\n[ \t]*)+", source.strip("\n")):
        lines = [line.rstrip() for line in part.split("\n") if line.strip()]
        for kind, group in groupby(lines, _kind):
            found.extend(_MAKERS[kind](list(group)))
    return found


def as_text(parts: Iterable[Block]) -> str:
    """Return the plain text of `parts`, wrapped at 76 characters; addresses are never broken."""
    return "\n\n".join(_TEXT[part.kind](part) for part in parts)


def _kind(line: str) -> str:
    if line.startswith("- "):
        return "list"
    if line.startswith("> ") or line == ">":
        return "quote"
    return "links" if _LINKS.fullmatch(line) else "paragraph"


def _paragraphs(lines: list[str]) -> list[Block]:
    text = _flowing(lines).translate(_BACK)
    return [Block("paragraph", (part.strip("\n"),)) for part in re.split(r"\n\s*\n", text) if part.strip()]


def _flowing(lines: list[str]) -> str:
    joined = lines[0]
    for before, line in pairwise(lines):
        last = before.rpartition(_STAND_INS["\n"])[2]  # a fact of several lines, such as a signature
        joined += ("\n" if len(last) < SHORT_LINE else " ") + line.strip()
    return joined


def _list(lines: list[str]) -> list[Block]:
    return [Block("list", tuple(line[2:].translate(_BACK).strip() for line in lines))]


def _quote(lines: list[str]) -> list[Block]:
    return [Block("quote", ("\n".join(line[2:] for line in lines).translate(_BACK).strip(),))]


def _links(lines: list[str]) -> list[Block]:
    found = _LINK.findall(" ".join(lines))
    links = tuple(Link(label.translate(_BACK), url.translate(_BACK)) for label, url in found)
    safe = tuple(link for link in links if _SAFE_URL.match(link.url))
    return [Block("links", links=safe)] if safe else []


_MAKERS = {"paragraph": _paragraphs, "list": _list, "quote": _quote, "links": _links}


def _wrapped(text: str, first: str = "", rest: str = "") -> str:
    lines = []
    for line in text.split("\n"):
        lead = first if not lines else rest
        lines += wrap(
            line,
            WIDTH,
            initial_indent=lead,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [lead.rstrip()]
    return "\n".join(lines)


_TEXT = {
    "paragraph": lambda part: _wrapped(part.lines[0]),
    "list": lambda part: "\n".join(_wrapped(line, "- ", "  ") for line in part.lines),
    "quote": lambda part: _wrapped(part.lines[0], "> ", "> "),
    "links": lambda part: "\n".join(f"{link.label}: {link.url}" for link in part.links),
}
