"""The method as people read it: `docs/method.md`, taken apart for the page. Pure text, no rows.

The file keeps to headings, paragraphs, lists of one level and bold words, so that it needs no library to be shown.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

BOLD = re.compile(r"\*\*(.+?)\*\*")
PLACES = re.compile(r"^(question|step|principle) (\d)\b", re.IGNORECASE)


@dataclass
class Chapter:
    """A heading with what stands under it. `place` is its anchor, such as `step-5`."""

    level: int
    heading: str
    place: str
    parts: list[SafeString | list[SafeString]] = field(default_factory=list)


def chapters(text: str) -> list[Chapter]:
    """Return the chapters of a text in their order. A list is a part of several lines, a paragraph one of its own."""
    found: list[Chapter] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        marks = len(line) - len(line.lstrip("#"))
        if marks:
            heading = line[marks:].strip()
            found.append(Chapter(marks, heading, _place(heading)))
        elif line.startswith("- "):
            _list_of(found[-1]).append(_shown(line[2:]))
        else:
            found[-1].parts.append(_shown(line))
    return found


@lru_cache(maxsize=1)
def method(path: Path) -> tuple[Chapter, ...]:
    """Return the chapters of the file, read once."""
    return tuple(chapters(path.read_text(encoding="utf-8")))


def _list_of(chapter: Chapter) -> list[SafeString]:
    if not chapter.parts or not isinstance(chapter.parts[-1], list):
        chapter.parts.append([])
    return chapter.parts[-1]


def _place(heading: str) -> str:
    numbered = PLACES.match(heading)
    return f"{numbered[1].lower()}-{numbered[2]}" if numbered else slugify(heading)


def _shown(line: str) -> SafeString:
    return mark_safe(BOLD.sub(r"<b>\1</b>", escape(line)))
