"""A fresh link for an expired one, sent to the address we have and shown to nobody who asks."""

from datetime import datetime

from django.db import transaction

from accounts import passes
from accounts.models import Pass
from cases import entries, letters, presence
from cases.models import Confirmation
from surveys import access, inviting
from surveys import letters as own_letters
from surveys.models import Invitation

CONFIRM, STATUS = Pass.Purpose.CONFIRM, Pass.Purpose.STATUS
Opened = Confirmation | Invitation | access.Following


@transaction.atomic
def send_fresh(*, token: str, purpose: str, now: datetime) -> bool:
    """Send a fresh link where `token` was one of ours for `purpose`; tell whether a letter leaves.

    Revoked and unknown tokens send nothing, nor do addresses of ours. The asker must be answered alike in every case.
    """
    old = passes.find_expired(token=token, purpose=purpose, now=now) or passes.find(
        token=token, purpose=purpose, now=now
    )
    row = _opened(old, purpose)
    if row is None or not entries.reachable(row.contact) or row.contact.erased_at is not None:
        return False
    first = getattr(row, "message", None)
    if presence.is_ours(letters.where_asked(first, row.contact)):
        return False
    link = _link_for(row, old, now)
    own_letters.fresh_link(case=row.case, contact=row.contact, link=link, page=purpose, now=now, follows=first)
    return True


def _opened(old: Pass | None, purpose: str) -> Opened | None:
    if purpose == STATUS:
        return access.following_of(old)
    return access.confirmation_of(old) if purpose == CONFIRM else access.invitation_of(old)


def _link_for(row: Opened, old: Pass, now: datetime) -> Pass:
    """Return the row's link, a new one where the old has expired; reminders go on with it."""
    if old.purpose == STATUS:
        return letters.status_pass(case=row.case, contact=row.contact, now=now)
    if now < old.expires_at:
        return old
    lifetime = letters.CONFIRM_LIFETIME if old.purpose == CONFIRM else inviting.LIFETIME
    row.link = passes.issue(purpose=old.purpose, target=old.target, now=now, lifetime=lifetime)
    row.save(update_fields=["link"])
    return row.link
