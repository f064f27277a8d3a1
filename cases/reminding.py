"""Reminders of the confirm letter: after 3 and 7 working days; after 10 the silence lies before the council."""

from datetime import datetime

from django.db import transaction

from cases import escalation, letters, sweeping, timeline
from cases.enums import EscalationReason, Verdict
from cases.locking import hold
from cases.models import Confirmation
from cases.policy import rules_of
from cases.steps import resolve

SWEEP = "remind"
BATCH = 200


def remind_due(now: datetime, *, limit: int = BATCH) -> int:
    """Remind, or lay the silence on the docket, wherever the moment has come; return how many."""
    aside = sweeping.set_aside(SWEEP, "Confirmation")
    waiting = Confirmation.objects.filter(verdict=Verdict.PENDING, next_at__lte=now).exclude(pk__in=aside)
    rows = list(waiting.order_by("next_at")[:limit])
    return sweeping.each(SWEEP, rows, lambda row: remind(row.pk, now), now=now)


@transaction.atomic
def remind(confirmation_pk: int, now: datetime) -> None:
    """Send the next reminder for one question, or escalate when all are sent."""
    case = hold(Confirmation.objects.values_list("case_id", flat=True).get(pk=confirmation_pk))
    row = Confirmation.objects.select_for_update(no_key=True, of=("self",))
    waiting = row.select_related("contact", "link", "offer__result").get(pk=confirmation_pk)
    if waiting.verdict != Verdict.PENDING or waiting.next_at is None or waiting.next_at > now:
        return
    waiting.case = case
    if waiting.reminders < len(rules_of(case.policy_version_id)["confirm"]["reminders"]):
        _remind(waiting, now)
    else:
        waiting.next_at = None
        escalation.escalate(case=case, reason=EscalationReason.SILENT, ref=waiting.pk, now=now)
    waiting.save(update_fields=["reminders", "next_at"])


def _remind(waiting: Confirmation, now: datetime) -> None:
    waiting.reminders += 1
    waiting.next_at = resolve.reminder_moment(waiting.case, waiting.asked_at, waiting.reminders)
    done = waiting.offer.result.text
    letters.confirm_reminder(confirmation=waiting, asked=resolve.asked_for(waiting.case), done=done, now=now)
    facts = {"confirmation": waiting.pk, "reminder": waiting.reminders}
    timeline.record(case=waiting.case, kind=timeline.Kind.CONFIRM_REMINDED, now=now, facts=facts)
