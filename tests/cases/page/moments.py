"""Moments and reading, as the tests of the case page use them."""

from datetime import timedelta
from html import unescape

HOUR = timedelta(hours=1)
LATER = "2026-11-20T17:00"


def text_of(answer) -> str:
    """Return what a page says, without HTML's escapes."""
    return unescape(answer.content.decode())
