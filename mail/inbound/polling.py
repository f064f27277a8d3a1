"""The sweep that reads mailboxes: what is new is stored first, then the place is noted; nothing is deleted there.

Read twice it stores nothing twice: a message is known by mailbox, UIDVALIDITY and UID, and by its Message-ID where
the server counts its UIDs anew. One mailbox that fails never keeps the others waiting.
"""

import logging
import time
from datetime import datetime, timedelta

from accounts.models import Role, User
from mail import notices
from mail.inbound import imap, storing
from mail.inbound.secrets import SecretLost
from mail.models import Inbound, Mailbox

log = logging.getLogger(__name__)

MOST = 500
SECONDS = 40
PATIENCE = timedelta(minutes=30)
MAILBOXES = "/mailboxes/"


def read_all(now: datetime) -> int:
    """Read every active mailbox; return how many messages were stored."""
    return sum(read(mailbox, now) for mailbox in Mailbox.objects.filter(is_active=True).order_by("id"))


def read(mailbox: Mailbox, now: datetime) -> int:
    """Store what is new in one mailbox and note how it went; return how many messages were stored."""
    stored, error = 0, ""
    try:
        with imap.opened(mailbox) as folder:
            stored = _take(mailbox, folder, now)
    except (imap.Unreachable, SecretLost) as problem:
        error = str(problem)
    except Exception as problem:  # one mailbox at fault must not keep the others waiting
        log.exception("Mailbox %s could not be read", mailbox.pk)
        error = f"{type(problem).__name__}: {problem}"[:300]
    _note(mailbox, error, now)
    return stored


def _take(mailbox: Mailbox, folder: imap.Folder, now: datetime) -> int:
    began, stored = time.monotonic(), 0
    for uid in folder.after(_place(mailbox, folder))[:MOST]:
        raw = folder.fetch(uid)
        if raw is not None:
            about = {"mailbox": mailbox, "uidvalidity": folder.uidvalidity, "uid": uid}
            storing.store(raw=raw, source=Inbound.Source.IMAP, now=now, **about)
            stored += 1
        Mailbox.objects.filter(pk=mailbox.pk).update(uidvalidity=folder.uidvalidity, last_uid=uid)
        if time.monotonic() - began > SECONDS:
            break
    return stored


def _place(mailbox: Mailbox, folder: imap.Folder) -> int:
    """Return the highest UID read before. A mailbox never read begins with what comes from now on, unless told."""
    if mailbox.uidvalidity == folder.uidvalidity:
        return mailbox.last_uid
    if mailbox.uidvalidity or mailbox.takes_old or not folder.uidnext:
        return 0
    place = folder.uidnext - 1
    Mailbox.objects.filter(pk=mailbox.pk).update(uidvalidity=folder.uidvalidity, last_uid=place)
    return place


def _note(mailbox: Mailbox, error: str, now: datetime) -> None:
    """Keep how the reading went; administrators hear of a mailbox that has failed for half an hour, once."""
    since = (mailbox.failing_since or now) if error else None
    Mailbox.objects.filter(pk=mailbox.pk).update(read_at=now, error=error, failing_since=since)
    if since is None or now - since < PATIENCE:
        return
    for person in User.objects.working_here().with_role(Role.ADMIN):
        key = f"mailbox-{mailbox.pk}-{since.isoformat()}"
        facts = {"name": mailbox.name, "error": error}
        notices.tell(user=person, key=key, kind="mailbox_fails", facts=facts, url=MAILBOXES, now=now)
