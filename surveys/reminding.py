"""Reminders on days 4 and 9, and the end on day 14: an answer that never came is silence, never a yes."""

from datetime import datetime, timedelta

from django.db import transaction

from cases import sweeping, timeline
from cases.models import Case
from cases.steps import survey
from mail.models import MessageState
from surveys import choosing, inviting, letters
from surveys.models import Invitation, InvitationState

SWEEP = "survey_remind"
BATCH = 200
MOST_REMINDERS = 2
A_DAY = timedelta(days=1)


def remind_due(now: datetime, *, limit: int = BATCH) -> int:
    """Remind or end every invitation whose moment has come; return how many."""
    aside = sweeping.set_aside(SWEEP, "Invitation")
    waiting = Invitation.objects.filter(state=InvitationState.SENT, next_at__lte=now).exclude(pk__in=aside)
    rows = list(waiting.order_by("next_at", "id")[:limit])
    return sweeping.each(SWEEP, rows, lambda row: remind(row, now), now=now)


@transaction.atomic
def remind(asked: Invitation | int, now: datetime) -> None:
    """Do for one invitation what its moment asks for: remind, end, ask somebody else, or call off."""
    case, invitation = inviting.hold_invitation(asked)
    if invitation.state != InvitationState.SENT or invitation.next_at is None or invitation.next_at > now:
        return
    if inviting.overtaken(case, invitation):
        inviting.end(invitation, InvitationState.CALLED_OFF)
    elif not _arrives(invitation):
        inviting.ask(case=case, invitation=invitation, now=now)
    elif invitation.contact.opted_out_at is not None:
        inviting.give_up(case=case, invitation=invitation, reason=choosing.OPTED_OUT, now=now)
    elif _has_not_left(invitation):
        _wait_for_it(invitation)
    elif now >= invitation.closes_at:
        fall_silent(case=case, invitation=invitation, now=now)
    else:
        _remind(case, invitation, now)


def fall_silent(*, case: Case, invitation: Invitation, now: datetime) -> None:
    """Complete the survey step as *silent*: visibly different from an answer everywhere."""
    inviting.end(invitation, InvitationState.SILENT)
    facts = {"invitation": invitation.pk, "how": "silent"}
    contact = invitation.contact
    timeline.record(case=case, kind=timeline.Kind.SURVEY_ENDED, now=now, contact=contact, facts=facts)
    survey.complete(case=case, how="silent", now=now)


def next_moment(case: Case, invitation: Invitation, now: datetime) -> datetime:
    """Return when the next reminder is due after `now`, or when the survey closes. A missed one is not made up for."""
    moments = [invitation.sent_at + after for after in inviting.days(case, "reminder_days")[:MOST_REMINDERS]]
    return min([at for at in moments if now < at < invitation.closes_at], default=invitation.closes_at)


def _remind(case: Case, invitation: Invitation, now: datetime) -> None:
    if invitation.reminders < MOST_REMINDERS:
        invitation.reminders += 1
        letters.survey_reminder(invitation=invitation, case=case, now=now)
        facts = {"invitation": invitation.pk, "reminder": invitation.reminders}
        contact = invitation.contact
        timeline.record(case=case, kind=timeline.Kind.SURVEY_REMINDED, now=now, contact=contact, facts=facts)
    invitation.next_at = next_moment(case, invitation, now)
    invitation.save(update_fields=["reminders", "next_at"])


def _arrives(invitation: Invitation) -> bool:
    contact, died = invitation.contact, invitation.message.state == MessageState.DEAD
    return bool(contact.email) and contact.bounced_at is None and not died


def _has_not_left(invitation: Invitation) -> bool:
    return invitation.message.state in (MessageState.QUEUED, MessageState.SENDING)


def _wait_for_it(invitation: Invitation) -> None:
    """Give the reader a day more for each day the question itself waits to leave."""
    invitation.next_at += A_DAY
    invitation.closes_at += A_DAY
    invitation.save(update_fields=["next_at", "closes_at"])
