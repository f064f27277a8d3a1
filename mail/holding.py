"""Letters to an address that does not exist are held: refused before they leave, with the reason, and retryable."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from mail.models import Message, Recipient, Suppression

HELD = "Held: an earlier letter to this address came back, it does not exist. Correct the address, then send it again."


def hold(*, address: str, now: datetime) -> None:
    """Send nothing to `address` any more."""
    Suppression.objects.get_or_create(digest=_digest(address), defaults={"since": now})


def release(*, address: str) -> bool:
    """Send to `address` again, because somebody wrote from it; True if it was held."""
    gone, _ = Suppression.objects.filter(digest=_digest(address)).delete()
    return bool(gone)


def hold_back(messages: Iterable[Message]) -> None:
    """Refuse what would go to a held address, on the rows and on the letters loaded. One statement if none is held."""
    pending = [
        one
        for message in messages
        if not message.to_staff
        for one in message.recipients.all()
        if one.state == Recipient.State.PENDING
    ]
    digests = {_digest(one.address) for one in pending}
    held = set(Suppression.objects.filter(digest__in=digests).values_list("digest", flat=True)) if digests else set()
    stopped = [one for one in pending if _digest(one.address) in held]
    for one in stopped:
        one.state, one.error = Recipient.State.REFUSED, HELD
    if stopped:
        Recipient.objects.bulk_update(stopped, ["state", "error"])


def _digest(address: str) -> str:
    return hashlib.sha256(address.strip().lower().encode("utf-8", "replace")).hexdigest()
