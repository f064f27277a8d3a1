"""The first thing that happens to a message: its bytes are on the disk, and a row points at them."""

import hashlib
import os
import secrets
from datetime import datetime
from io import BytesIO
from typing import BinaryIO

from django.conf import settings
from django.db import transaction

from mail.models import Blob, Inbound, Mailbox

CHUNK = 1024 * 1024
CONTENT_TYPE = "message/rfc822"


def store(
    *,
    raw: bytes | BinaryIO,
    source: Inbound.Source,
    now: datetime,
    mailbox: Mailbox | None = None,
    uidvalidity: int | None = None,
    uid: int | None = None,
) -> Inbound:
    """Store one message as it came, whatever its bytes are, and return its row.

    The bytes are on the disk before the row is written. A message of a mailbox that is here already, known by its
    UIDVALIDITY and UID, is returned as it is.
    """
    known = _known(mailbox, uidvalidity, uid)
    if known is not None:
        return known
    blob = keep(raw=BytesIO(raw) if isinstance(raw, bytes) else raw, content_type=CONTENT_TYPE, now=now)
    fresh = Inbound(raw=blob, source=source, mailbox=mailbox, uidvalidity=uidvalidity, uid=uid, received_at=now)
    with transaction.atomic():
        # Two readers of one mailbox may store at once: the one who comes second finds the first's row.
        Inbound.objects.bulk_create([fresh], ignore_conflicts=True)
        if uid is not None:
            return _known(mailbox, uidvalidity, uid)
        return Inbound.objects.filter(raw=blob, source=source).latest("id")


def keep(*, raw: BinaryIO, content_type: str, now: datetime) -> Blob:
    """Store the bytes `raw` gives, piece by piece, under their hash; the same bytes are stored once."""
    folder = settings.DATA_DIR / "files"
    folder.mkdir(parents=True, exist_ok=True)
    half, sha256, size = folder / f".{secrets.token_hex(8)}.part", hashlib.sha256(), 0
    try:
        with half.open("wb") as file:
            while piece := raw.read(CHUNK):
                file.write(piece)
                sha256.update(piece)
                size += len(piece)
            file.flush()
            os.fsync(file.fileno())
        fresh = Blob(sha256=sha256.hexdigest(), size=size, content_type=content_type, stored_at=now)
        fresh.path.parent.mkdir(parents=True, exist_ok=True)
        os.replace(half, fresh.path)
    finally:
        half.unlink(missing_ok=True)
    Blob.objects.bulk_create([fresh], ignore_conflicts=True)
    Blob.objects.filter(sha256=fresh.sha256, erased_at__isnull=False).update(erased_at=None)
    return Blob.objects.get(sha256=fresh.sha256)


def _known(mailbox: Mailbox | None, uidvalidity: int | None, uid: int | None) -> Inbound | None:
    if mailbox is None or uid is None:
        return None
    return Inbound.objects.filter(mailbox=mailbox, uidvalidity=uidvalidity, uid=uid).first()
