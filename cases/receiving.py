"""When the complaint reached us: all clocks and figures start there. Correcting it needs a reason and the lead.

Every clock is counted anew from the new moment; deadlines already missed stay missed (product: The case).
"""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from cases import access, deadlines, plan, standstill, timeline, words
from cases.enums import DueKind
from cases.locking import hold_unclosed
from cases.models import Case, Due, Round
from cases.refusals import Refused

OLDEST = timedelta(days=5 * 366)


@transaction.atomic
def correct(*, case: Case, actor: User, received_at: datetime, reason: str, now: datetime) -> None:
    """Say when the complaint really reached us. Raise `Refused` for others than lead and council."""
    held = hold_unclosed(case)
    if not access.judges(actor, held):
        why = "Only the team lead or the council corrects when a complaint reached us, never of a case of their own"
        raise Refused(f"{why}: every deadline hangs on it.")
    if held.historical:
        raise Refused("This case came in as history. Nothing is counted from its date.")
    _check(held, received_at, reason, now)
    row = words.write(text=reason, now=now, case=held)
    facts = {"from": held.received_at.isoformat(), "at": received_at.isoformat()}
    move(case=held, received_at=received_at, now=now)
    timeline.record(case=held, kind=timeline.Kind.RECEIVED_CHANGED, now=now, actor=actor, words=row, facts=facts)


def move(*, case: Case, received_at: datetime, now: datetime) -> None:
    """Count every clock of the locked case anew that started when the complaint reached us."""
    before = case.received_at
    case.received_at = received_at
    if case.last_word_at == before:
        case.last_word_at = received_at
    case.save(update_fields=["received_at", "last_word_at"])
    Round.objects.filter(case=case, number=1).update(began_at=received_at)
    started = Due.objects.filter(case=case, started_at=before, kind__in=[DueKind.STEP, DueKind.SILENCE])
    dues = [due for due in started.order_by("pk") if not was_missed(due, now)]
    pauses = standstill.pauses_for(dues)
    for due in dues:
        due.case, due.started_at = case, received_at
        _count_anew(due, pauses.get(due.pk, ()))
    plan.refresh(case)


def was_missed(due: Due, now: datetime) -> bool:
    """Tell whether a deadline was missed, be its clock still running or not."""
    return due.missed or (due.closed_at is None and due.due_at <= now)


def _count_anew(due: Due, pauses) -> None:
    deadlines.count_anew(due, pauses, not_before=due.case.logged_at)
    if due.closed_at is not None:
        deadlines.close(due, due.closed_at, pauses)
        due.save(update_fields=deadlines.MEASURED)


def _check(case: Case, received_at: datetime, reason: str, now: datetime) -> None:
    if received_at == case.received_at:
        raise Refused("This is the moment it says already.", field="received_at")
    if received_at > now:
        raise Refused("This moment lies in the future. Say when it reached us.", field="received_at")
    if received_at < now - OLDEST:
        raise Refused(
            "This is more than five years ago. Bring old complaints in as history instead.", field="received_at"
        )
    if not reason.strip():
        raise Refused("Say how you know. The reason stays on the case.", field="reason")
