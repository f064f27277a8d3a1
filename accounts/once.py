"""What a program sends twice happens once: it names each request by a key of its own."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import SentOnce, User


def once(*, user: User, what: str, key: str, act: Callable[[], int], now: datetime) -> tuple[int, bool]:
    """Let `act` make a row and return its id; for a known key return the id it made before. True where it acted.

    Keys belong to one person and one `what`. The key is noted in the transaction of the act, so that of two at once
    one acts, and a refusal leaves the key free.
    """
    mark = mark_of(user=user, what=what, key=key)
    if (known := _made(mark)) is not None:
        return known, False
    try:
        with transaction.atomic():
            made = act()
            SentOnce.objects.create(mark=mark, made=made, at=now)
    except IntegrityError:
        if (known := _made(mark)) is None:
            raise
        return known, False
    return made, True


def _made(mark: str) -> int | None:
    return SentOnce.objects.filter(mark=mark).values_list("made", flat=True).first()


def mark_of(*, user: User, what: str, key: str) -> str:
    """Return what stands for a key in the database: 64 characters, never the key itself."""
    return hashlib.sha256(f"{user.pk} {what} {key}".encode("utf-8", "replace")).hexdigest()
