"""A letter to a customer that died: sent again, to the address the contact has now, or left to lie."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases import timeline
from cases.locking import hold
from cases.models import Case, Confirmation, Contact, Entry
from cases.refusals import Refused
from mail import outbox
from mail.models import Message, MessageState, Recipient

GONE = "This letter is no longer dead: somebody has sent it again or let it lie. Reload the page to see."
SAID = {"send_again": "The letter leaves again within a minute.", "let_lie": "This letter stays unsent."}


@transaction.atomic
def send_again(*, case: Case, message: Message, actor: User, now: datetime) -> None:
    """Queue a dead letter of the case again, with its Message-ID. Raise `Refused` where it is not dead any more.

    Where the contact's address was corrected meanwhile it goes there.
    """
    held = hold(case)
    if message.state != MessageState.DEAD:
        raise Refused(GONE)
    _readdress(message)
    if not outbox.retry(message=message, now=now):
        raise Refused(GONE)
    facts = {"message": message.pk, "template": message.template}
    timeline.record(case=held, kind=timeline.Kind.LETTER_RETRIED, now=now, actor=actor, facts=facts)


@transaction.atomic
def let_lie(*, case: Case, message: Message, actor: User, now: datetime) -> None:
    """Try a dead letter of the case no more. Raise `Refused` where it is not dead any more."""
    held = hold(case)
    if not outbox.let_lie(message=message):
        raise Refused(GONE)
    facts = {"message": message.pk, "template": message.template}
    timeline.record(case=held, kind=timeline.Kind.LETTER_LEFT, now=now, actor=actor, facts=facts)


def _readdress(message: Message) -> None:
    contact = contact_of(message)
    if contact is None or not contact.email:
        return
    named = message.recipients.filter(is_copy=False)
    if not named.filter(address__iexact=contact.email).exists():
        named.filter(state=Recipient.State.REFUSED).update(address=contact.email)


def contact_of(message: Message) -> Contact | None:
    """Return the contact a letter was written to, as far as its case knows."""
    for rows in (Entry.objects, Confirmation.objects):
        found = rows.filter(message=message).select_related("contact").first()
        if found is not None:
            return found.contact
    return None
