"""Lines under the bell: something one colleague should know."""

from collections.abc import Iterable
from datetime import datetime

from accounts.facts import clean_facts
from accounts.models import User
from mail.models import Notice

MOST_COUNTED = 99


def tell(*, user: User, key: str, kind: str, facts: dict, url: str, now: datetime) -> bool:
    """Give `user` the notice `key` in the caller's transaction; True if new, False if they had it before.

    The sentence is the template `notices/<kind>.txt`, which sees `facts`, `url` and `at`. `url` is where a
    click leads: a path of ours.
    """
    fresh = {"kind": kind, "facts": clean_facts(facts), "url": url, "at": now}
    _, is_new = Notice.objects.get_or_create(user=user, key=key, defaults=fresh)
    return is_new


def unread_count(user: User) -> int:
    """Return how many notices `user` has not read; counting stops at 100."""
    return Notice.objects.filter(user=user, read_at=None)[: MOST_COUNTED + 1].count()


def mark_read(*, user: User, now: datetime, ids: Iterable[int] | None = None) -> int:
    """Mark the notices `ids` of `user` as read, or all of them; return how many were unread. Others' stay."""
    unread = Notice.objects.filter(user=user, read_at=None)
    if ids is not None:
        unread = unread.filter(pk__in=ids)
    return unread.update(read_at=now)


def withdraw(*, user: User, url: str) -> int:
    """Take the lines that lead to `url` from under a bell whose owner may not know of it; return how many."""
    gone, _ = Notice.objects.filter(user=user, url=url).delete()
    return gone
