"""What somebody hears of a case they may not see: that something waits, and nothing of what it is.

Parts of a confidential case may lie with people who do not see it: who checks or mends a cause of it, who made a
promise before it was closed to others. Letters and bells name to them only what is theirs (promise S2).
"""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from accounts.models import User
from cases import access
from cases.enums import DueKind
from cases.models import Action, Cause, Check, Due, Exposure
from mail import notices, outbox
from mail.models import Message

KIND = "kept_close"
HOME = "/"
_PARTS = {DueKind.CHECK: Check, DueKind.ACTION: Action, DueKind.EXPOSURE: Exposure}


def ring(*, user: User, key: str, now: datetime) -> None:
    """Put under a colleague's bell that something of a case they may not see concerns them."""
    notices.tell(user=user, key=key, kind=KIND, facts={}, url=HOME, now=now)


def write(*, user: User, key: str, now: datetime, send_at: datetime | None = None) -> Message:
    """Ring, and write the same as a letter."""
    ring(user=user, key=key, now=now)
    facts = {"first_name": user.first_name, "zone": user.zone, "url": f"{settings.PUBLIC_URL}{HOME}"}
    about = {"key": key, "template": KIND, "facts": facts, "language": user.language, "to_staff": True}
    return outbox.queue(to=[(user.name, user.email)], now=now, send_at=send_at, **about)


def causes_behind(dues: Iterable[Due]) -> dict[int, Cause]:
    """Return the cause each clock is about, by clock, where it is about one and its owner may read it."""
    found = {}
    for due in dues:
        model = _PARTS.get(DueKind(due.kind))
        part = model.objects.select_related("cause").filter(pk=due.ref).first() if model else None
        if part is not None and part.cause is not None:
            found[due.pk] = part.cause
    return found


def named_to(person: User, cause: Cause | None) -> dict[str, str]:
    """Return what a chase may name instead of a case: the cause, if this person may read it, with its page."""
    if cause is None or not access.causes_for(person).filter(pk=cause.pk).exists():
        return {"number": "", "title": "Something on a case you may not see", "customer": "", "url": HOME}
    return {"number": "", "title": cause.title, "customer": "", "url": f"/learnings/{cause.pk}/"}
