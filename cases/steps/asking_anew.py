"""3 · Resolve: somebody else confirms from now on, so a question still under way goes to them.

The link of whom it was put to before opens nothing any more; a "no" they gave stands (product: The case).
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases import addressed, editing, entries, letters, presence, timeline
from cases.enums import Side
from cases.locking import hold
from cases.models import Case, Confirmation, Contact
from cases.refusals import Refused
from cases.steps import resolve


@transaction.atomic
def change_confirmer(*, case: Case, actor: User, contact: Contact, reason: str, now: datetime) -> Confirmation | None:
    """Say who confirms, and put the question under way to them; return it, None where none is.

    Raise `Refused` as `editing.change_confirmer` does, and where the question could not reach them.
    """
    held = hold(case)
    former = held.confirmer
    editing.change_confirmer(case=held, actor=actor, contact=contact, reason=reason, now=now)
    held = hold(case)
    addressed.other_confirms(case=held, former=former, contact=contact, actor=actor, now=now)
    waiting = resolve.waiting_confirmation(held)
    if waiting is None or waiting.contact_id == contact.pk:
        return waiting
    if not entries.reachable(contact):
        why = "They are to be asked whether it is put right, and have no working e-mail address. Add one first."
        raise Refused(why, field="contact")
    if presence.is_ours(contact.email):
        raise Refused("This address belongs to one of us. Only the customer can confirm.", field="contact")
    waiting.case, waiting.contact, waiting.asked_by, waiting.spoken = held, contact, actor, None
    _ask(waiting, now)
    facts = {"confirmation": waiting.pk, "attempt": waiting.offer.attempt}
    timeline.record(case=held, kind=timeline.Kind.CONFIRM_ASKED, now=now, actor=actor, facts=facts)
    entries.heard(case=held, side=Side.OURS, at=now, reaches=True)
    return waiting


def _ask(waiting: Confirmation, now: datetime) -> None:
    """Send the question with a link of its own; its reminders begin anew."""
    resolve.revoke(confirmation=waiting, now=now)
    waiting.asked_at, waiting.reminders = now, 0
    waiting.next_at = resolve.reminder_moment(waiting.case, now, 0)
    about = {"asked": resolve.asked_for(waiting.case), "done": waiting.offer.result.text}
    waiting.message, waiting.link = letters.confirm(confirmation=waiting, now=now, **about)
    waiting.save()
