"""How a receiver knows that it was us: signatures as the Standard Webhooks specification has them."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

PREFIX = "whsec_"


def new_secret() -> str:
    """Return a secret of 256 random bits, as receivers enter it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def headers(*, secret: str, message_id: str, now: datetime, body: bytes) -> dict[str, str]:
    """Return the three headers that sign `body`: id, moment in seconds, HMAC-SHA256 of id, moment and body."""
    moment = str(int(now.timestamp()))
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.digest(key, f"{message_id}.{moment}.".encode() + body, hashlib.sha256)
    signature = "v1," + base64.b64encode(digest).decode("ascii")
    return {"webhook-id": message_id, "webhook-timestamp": moment, "webhook-signature": signature}
