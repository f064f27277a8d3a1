"""A fresh link for an expired one, sent to the address we have and shown to nobody who asks."""

from datetime import datetime

from django.db import transaction

from accounts import passes
from accounts.models import Pass
from cases import entries, letters
from cases.models import Confirmation
from surveys import access, inviting
from surveys import letters as own_letters
from surveys.models import Invitation

CONFIRM, SURVEY = Pass.Purpose.CONFIRM, Pass.Purpose.SURVEY


@transaction.atomic
def send_fresh(*, token: str, purpose: str, now: datetime) -> bool:
    """Send a fresh link where `token` was one of ours for `purpose`; tell whether a letter leaves.

    Revoked and unknown tokens send nothing. The asker must be answered alike in every case.
    """
    old = passes.find_expired(token=token, purpose=purpose, now=now) or passes.find(
        token=token, purpose=purpose, now=now
    )
    row = access.confirmation_of(old) if purpose == CONFIRM else access.invitation_of(old)
    if row is None or not entries.reachable(row.contact) or row.contact.erased_at is not None:
        return False
    link = _link_for(row, old, now)
    own_letters.fresh_link(case=row.case, contact=row.contact, link=link, page=purpose, now=now)
    return True


def _link_for(row: Confirmation | Invitation, old: Pass, now: datetime) -> Pass:
    """Return the row's link, a new one where the old has expired; reminders go on with it."""
    if now < old.expires_at:
        return old
    lifetime = letters.CONFIRM_LIFETIME if old.purpose == CONFIRM else inviting.LIFETIME
    row.link = passes.issue(purpose=old.purpose, target=old.target, now=now, lifetime=lifetime)
    row.save(update_fields=["link"])
    return row.link
