"""Writing human text: one row a text, with a commitment that outlives it."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime

from accounts.text import clean
from cases.models import Case, Words


def commitment(*, salt: str, text: str) -> str:
    """Return the SHA-256 of salt and text as 64 hexadecimal digits."""
    return hashlib.sha256((salt + text).encode()).hexdigest()


def compose(*, text: str, now: datetime, case: Case | None = None, part: str = "") -> Words:
    """Build the row without saving it, so that many can be saved in one statement."""
    kept = clean(text)
    salt = secrets.token_hex(16)
    return Words(
        case=case,
        part=part,
        text=kept,
        salt=salt,
        commitment=commitment(salt=salt, text=kept),
        written_at=now,
    )


def write(*, text: str, now: datetime, case: Case | None = None, part: str = "") -> Words:
    """Store one human text and return its row."""
    row = compose(text=text, now=now, case=case, part=part)
    row.save()
    return row


def write_some(texts: Iterable[Words]) -> list[Words]:
    """Store several composed texts in one statement."""
    return Words.objects.bulk_create(list(texts))


def same_as_committed(row: Words) -> bool:
    """Tell whether the text is still the one committed to; an erased text has nothing to compare."""
    return row.erased_at is not None or commitment(salt=row.salt, text=row.text) == row.commitment
