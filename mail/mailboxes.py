"""Setting up mailboxes: who reads what from where. Each change is on the administration log, without passwords."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import admin_log
from accounts.models import User
from mail.inbound import imap
from mail.inbound.secrets import SecretLost, hidden
from mail.models import Mailbox

PLACE = ("host", "username", "folder")


@transaction.atomic
def save(*, mailbox: Mailbox, fields: dict[str, Any], password: str, actor: User, now: datetime) -> Mailbox:
    """Keep a new or changed mailbox. An empty `password` leaves the one there is.

    One that is pointed elsewhere begins anew with what comes from then on.
    """
    is_new = mailbox.pk is None
    moved = any(getattr(mailbox, name) != fields[name] for name in PLACE)
    for name, value in fields.items():
        setattr(mailbox, name, value)
    if password:
        mailbox.secret = hidden(password)
    if moved:
        mailbox.uidvalidity, mailbox.last_uid = 0, 0
    mailbox.error, mailbox.failing_since = "", None
    mailbox.save()
    kind = "mailbox_added" if is_new else "mailbox_changed"
    facts = {"mailbox": mailbox.pk, "name": mailbox.name, "active": mailbox.is_active}
    admin_log.record(actor=actor, kind=kind, facts=facts, now=now)
    return mailbox


def tried(mailbox: Mailbox) -> tuple[bool, str, int]:
    """Connect as a mailbox says, without saving it: whether it works, why not, and how many messages lie there."""
    try:
        with imap.opened(mailbox) as folder:
            return True, "", folder.count
    except (imap.Unreachable, SecretLost) as problem:
        return False, str(problem), 0
