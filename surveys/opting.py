"""No more questions: opting out stops surveys, never confirm letters."""

from datetime import datetime

from django.db import transaction

from cases.models import Contact
from surveys import choosing
from surveys.inviting import give_up, hold_invitation, overtaken
from surveys.models import Invitation, InvitationState


@transaction.atomic
def opt_out(*, invitation: Invitation, now: datetime) -> None:
    """Spare this contact all further surveys; one not answered yet ends as *could not be asked*.

    A second time changes nothing.
    """
    case, held = hold_invitation(invitation)
    Contact.objects.filter(pk=held.contact_id, opted_out_at=None).update(opted_out_at=now)
    if held.state == InvitationState.SENT and not overtaken(case, held):
        give_up(case=case, invitation=held, reason=choosing.OPTED_OUT, now=now)
