"""The one boundary every human word crosses before it reaches the database."""

import re

# PostgreSQL refuses NUL; a lone surrogate cannot be encoded as UTF-8 at all.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """Return `text` without characters that a database cannot hold. Nothing else is changed."""
    return _UNSTORABLE.sub("", text)
