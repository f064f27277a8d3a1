"""Their HTML as it may be shown: cleaned behind guards, without anything that runs, pictures from elsewhere left out.

The cleaner's time grows with the square of nesting, so depth and size are looked at first (promise S7). What is shown
stands in a sandboxed frame with a policy of its own; that is the second wall, not the first.
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass

import nh3

from mail.models import Attachment

LARGEST = 256 * 1024
DEEPEST = 256
LARGEST_PICTURES = 3 * 1024 * 1024
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*?(/?)>")
_VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"])
TAGS = frozenset(
    (
        "a", "abbr", "b", "big", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup", "dd",
        "del", "div", "dl", "dt", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "li", "ol",
        "p", "pre", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th",
        "thead", "tr", "tt", "u", "ul",
    )
)  # fmt: skip
ATTRIBUTES = {
    "*": {"align", "dir", "lang", "style", "title", "valign", "width", "height"},
    "a": {"href"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan", "bgcolor"},
    "th": {"colspan", "rowspan", "bgcolor"},
    "table": {"border", "cellpadding", "cellspacing", "bgcolor"},
    "font": {"color", "face", "size"},
    "ol": {"start"},
}
STYLES = {
    "color", "background-color", "font-size", "font-weight", "font-style", "font-family", "text-align",
    "text-decoration", "margin", "margin-left", "padding", "border", "border-left", "width", "line-height",
}  # fmt: skip


@dataclass(frozen=True)
class Page:
    """A cleaned page, and how many pictures from elsewhere were left out of it."""

    html: str
    left_out: int


def may_clean(html: str) -> bool:
    """Tell whether a page is small and flat enough to be cleaned in reasonable time. One pass."""
    if not html.strip() or len(html) > LARGEST:
        return False
    depth = deepest = 0
    for closes, name, itself in _TAG.findall(html):
        if name.lower() in _VOID or itself:
            continue
        depth = max(0, depth - 1) if closes else depth + 1
        deepest = max(deepest, depth)
    return deepest <= DEEPEST


def page_of(html: str, pictures: dict[str, str], *, remote: bool) -> Page:
    """Return their page cleaned. `pictures` are those that hang on the message; others only if `remote`."""
    left_out = 0

    def keep(tag: str, name: str, value: str) -> str | None:
        nonlocal left_out
        if tag != "img" or name != "src":
            return value
        if value.lower().startswith("cid:"):
            return pictures.get(value[4:].strip("<> "))
        if remote and value.lower().startswith(("https://", "http://")):
            return value
        left_out += 1
        return None

    cleaned = nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags={"script", "style", "title", "svg", "math", "head"},
        attributes=ATTRIBUTES,
        attribute_filter=keep,
        filter_style_properties=STYLES,
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        link_rel="noopener noreferrer",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return Page(cleaned, left_out)


def pictures_of(attachments: Iterable[Attachment]) -> dict[str, str]:
    """Return the pictures a page shows by name, each as the address that holds it; three megabytes at most."""
    found: dict[str, str] = {}
    room = LARGEST_PICTURES
    for one in attachments:
        usable = one.cid and one.blob is not None and one.content_type.startswith("image/") and one.size <= room
        if usable and one.blob.path.exists():
            room -= one.size
            told = base64.b64encode(one.blob.path.read_bytes()).decode("ascii")
            found[one.cid] = f"data:{one.content_type};base64,{told}"
    return found
