"""Customer links in letters: a mark in every stored body, the real link only at the mail server's door."""

import re
from collections.abc import Iterable

from django.conf import settings

from accounts import passes
from accounts.models import Pass

_MARK = re.compile(r"\{\{pass:(\d{1,18})\}\}")
_LINK = re.compile(r"https?://[^\s\"'<>()]*\{\{pass:\d{1,18}\}\}[^\s\"'<>()]*")

_HREF = re.compile(r'href="[^"]*\{\{pass:\d{1,18}\}\}[^"]*"')


class LinkGone(LookupError):
    """A letter holds a link whose pass is no longer there."""


def mark_of(pass_: Pass) -> str:
    """Return what stands for the token of `pass_` inside a URL of a letter's facts."""
    return f"{{{{pass:{pass_.pk}}}}}"


def passes_in(*bodies: str) -> set[int]:
    """Return the ids of all passes marked in `bodies`."""
    return {int(found) for body in bodies for found in _MARK.findall(body)}


def tokens_for(ids: Iterable[int]) -> dict[int, str]:
    """Return the token of each pass in `ids` that exists and can still be made, in one query."""
    tokens = {}
    for pk, pass_ in Pass.objects.in_bulk(ids).items():
        try:
            tokens[pk] = passes.token_of(pass_)
        except passes.PassKeyChanged:
            continue
    return tokens


def put_in(body: str, tokens: dict[int, str]) -> str:
    """Replace every mark in `body` by its token. Raises LinkGone when one is missing."""
    missing = passes_in(body) - tokens.keys()
    if missing:
        raise LinkGone("A link in this letter can no longer be made. Send a fresh letter instead.")
    return _MARK.sub(lambda found: tokens[int(found[1])], body)


def hidden(words: str, tokens: dict[int, str]) -> str:
    """Return `words`, such as a mail server's complaint, without any of `tokens`."""
    for token in tokens.values():
        words = words.replace(token, "[link]")
    return words


def shown(body: str) -> str:
    """Return `body` as colleagues may see it: each customer link reads `[link]`.

    In the demonstration the links are real, so that one person can play both sides (product.md).
    """
    if not settings.DEMONSTRATION:
        return _MARK.sub("[link]", _LINK.sub("[link]", _HREF.sub('aria-disabled="true"', body)))
    tokens = tokens_for(passes_in(body))
    return _MARK.sub(lambda found: tokens.get(int(found[1]), "[link]"), body)
