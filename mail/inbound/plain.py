"""The words of an HTML mail as plain text, in one pass, quotations marked with ">". Nothing is run or fetched. Pure."""

import re
from html import unescape

LONGEST = 2_000_000
DEEPEST_QUOTE = 20
_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9:-]{0,20})")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_GAPS = re.compile(r"\n(?:[ \t]*\n){2,}")
_MUTE = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "title", "head", "textarea")}
_BLOCK = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "figure", "footer",
        "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre",
        "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    )
)  # fmt: skip
_SPACED = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote"])


def text_of(html: str) -> str:
    """Return what a reader sees of `html`, as lines. Linear in its length, however it is nested."""
    page = _Page()
    html, at = html[:LONGEST], 0
    while at < len(html):
        opening = html.find("<", at)
        if opening < 0:
            page.say(html[at:])
            break
        page.say(html[at:opening])
        at = _tag(page, html, opening)
    return page.text()


def _tag(page: "_Page", html: str, at: int) -> int:
    """Act on the tag that begins at `at`; return where to go on."""
    if html.startswith("<!--", at):
        end = html.find("-->", at)
        return end + 3 if end >= 0 else len(html)
    named = _NAME.match(html, at + 1)
    if named is None and html[at + 1 : at + 2] not in ("!", "?", "/"):
        page.say("<")
        return at + 1
    end = html.find(">", at)
    if end < 0:
        return len(html)
    if named is None:
        return end + 1
    name, closes = named[1].lower(), html[at + 1] == "/"
    page.tag(name, closes)
    if name in _MUTE and not closes:
        close = _MUTE[name].search(html, end)
        return close.start() if close else (len(html) if name != "head" else end + 1)
    return end + 1


class _Page:
    """Lines as they grow."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.depth = 0
        self.pre = 0

    def say(self, piece: str) -> None:
        words = unescape(piece)
        self.line.append(words if self.pre else _BLANKS.sub(" ", words))

    def tag(self, name: str, closes: bool) -> None:
        if name == "br":
            self.end(always=True)
        elif name in _BLOCK:
            self.end()
            if name in _SPACED and (closes or name == "blockquote"):
                self.blank()
        self._count(name, -1 if closes else 1)
        if name == "li" and not closes:
            self.line.append("- ")
        if name == "td" and closes:
            self.line.append(" ")

    def _count(self, name: str, step: int) -> None:
        if name == "blockquote":
            self.depth = max(0, self.depth + step)
        elif name == "pre":
            self.pre = max(0, self.pre + step)

    def end(self, *, always: bool = False) -> None:
        words = "".join(self.line)
        self.line = []
        if words.strip() or always:
            self._put(words if self.pre else words.strip())

    def blank(self) -> None:
        if self.lines and self.lines[-1].strip("> "):
            self._put("")

    def _put(self, words: str) -> None:
        mark = ">" * min(self.depth, DEEPEST_QUOTE)
        self.lines += [f"{mark} {line}".rstrip() if mark else line.rstrip() for line in words.split("\n")]

    def text(self) -> str:
        self.end()
        while self.lines and not self.lines[-1].strip("> "):
            self.lines.pop()
        words = "\n".join(self.lines).replace("\xa0", " ").replace("\u200b", "").strip("\n")
        return _GAPS.sub("\n\n", words)
