"""Customer links: 256 random bits, one purpose each, expiring, revocable, never stored.

The row keeps 32 random bytes (the nonce) and the SHA-256 of the token. The token itself is
HMAC-SHA256(pass key, nonce), so that a retry or a reminder carries the same link although no row, page or log
holds it. Whoever has the database but not the pass key has no link.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.conf import settings

from accounts.models import Pass


class PassKeyChanged(ValueError):
    """The pass was issued under another pass key: its link can no longer be made."""


def issue(*, purpose: str, target: str, now: datetime, lifetime: timedelta) -> Pass:
    """Create a pass that opens `target` for `purpose` until `now + lifetime`.

    Earlier passes stay as they are; `revoke` them where only the newest shall work.
    """
    nonce = secrets.token_bytes(32)
    return Pass.objects.create(
        purpose=purpose,
        target=target,
        nonce=nonce,
        token_hash=_hash(_token(nonce)),
        issued_at=now,
        expires_at=now + lifetime,
    )


def token_of(pass_: Pass) -> str:
    """Return the token of `pass_`: 43 characters, safe in a URL.

    Raises PassKeyChanged when the pass key is no longer the one it was issued with. Call it only where a
    letter is handed to the mail server, or on a page of the demonstration.
    """
    token = _token(bytes(pass_.nonce))
    if not hmac.compare_digest(_hash(token), pass_.token_hash):
        raise PassKeyChanged("This link was made with another pass key. Issue a new one.")
    return token


def find(*, token: str, purpose: str, now: datetime) -> Pass | None:
    """Return the valid pass behind `token`, else None.

    Unknown, expired, revoked and meant for something else look the same and cost the same: one hash, one
    look-up.
    """
    found = _look_up(token)
    return found if _speaks_for(found, purpose) and now < found.expires_at else None


def find_expired(*, token: str, purpose: str, now: datetime) -> Pass | None:
    """Return the pass behind `token` if nothing but its age speaks against it, else None.

    For "send a fresh one to the address we have": the caller answers every asker alike.
    """
    found = _look_up(token)
    return found if _speaks_for(found, purpose) and now >= found.expires_at else None


def revoke(*, purpose: str, target: str, now: datetime) -> int:
    """Make every pass for `purpose` on `target` useless from `now` on; return how many were still valid."""
    return Pass.objects.filter(purpose=purpose, target=target, revoked_at=None).update(revoked_at=now)


def _speaks_for(found: Pass | None, purpose: str) -> bool:
    return found is not None and found.purpose == purpose and found.revoked_at is None


def _look_up(token: str) -> Pass | None:
    return Pass.objects.filter(token_hash=_hash(token)).first()


def _token(nonce: bytes) -> str:
    digest = hmac.digest(_key(), nonce, "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _key() -> bytes:
    key = settings.PASS_KEY
    return key if isinstance(key, bytes) else key.encode()


def _hash(token: str) -> str:
    # A token comes from a URL and may hold anything: whatever cannot be encoded is simply unknown.
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
