"""What became of our letters: a sweep draws the consequence on the case (seam: what became of letters)."""

from datetime import datetime

from django.db import transaction

from cases import letters, pausing, plan, sweeping, timeline, workflow
from cases.enums import CaseState, StepNumber, StepState
from cases.locking import hold
from cases.models import Case, Entry
from cases.steps import acknowledge
from mail.models import Message, MessageState

SWEEP = "heed_mail"
BATCH = 500
ACKNOWLEDGING = ("personal", "told_first")


def heed_mail(now: datetime, *, limit: int = BATCH) -> int:
    """Heed letters that left or died and were not heeded yet; return how many.

    Letters that left and complete no step need nothing: they are ticked off in one statement.
    """
    plain = Message.objects.unheeded().filter(state=MessageState.SENT).exclude(template__in=ACKNOWLEDGING)
    ticked = plain.update(heeded_at=now)
    aside = sweeping.set_aside(SWEEP, "Message")
    rows = list(Message.objects.unheeded().exclude(pk__in=aside).order_by("id")[:limit])
    return ticked + sweeping.each(SWEEP, rows, lambda message: heed(message, now), now=now)


@transaction.atomic
def heed(message: Message, now: datetime) -> bool:
    """Complete Acknowledge when its letter was accepted; take it back and tell the owner when a letter died.

    False where another sweep was first, or the letter is on its way again.
    """
    entry = Entry.objects.filter(message=message).select_related("case").first()
    case = entry.case if entry else _case_of(message)
    held = hold(case.pk) if case is not None else None
    fresh = Message.objects.unheeded().filter(pk=message.pk).first()
    if fresh is None:
        return False
    if held is not None and fresh.state == MessageState.SENT:
        _sent(held, entry, fresh)
    elif held is not None:
        _died(held, entry, fresh, now)
    Message.objects.filter(pk=message.pk).update(heeded_at=now)
    return True


def _sent(case: Case, entry: Entry | None, message: Message) -> None:
    if entry is None or not _acknowledges(case, entry) or not plan.step_of(case, StepNumber.ACKNOWLEDGE).is_open:
        return
    acknowledge.finish(case=case, actor=entry.author, at=message.sent_at, how="email")


def _acknowledges(case: Case, entry: Entry) -> bool:
    written = case.events.filter(kind=timeline.Kind.ACKNOWLEDGEMENT_WRITTEN, round=case.round)
    return any(event.facts.get("entry") == entry.pk for event in written)


def _died(case: Case, entry: Entry | None, message: Message, now: datetime) -> None:
    if message.to_staff:
        return
    for number in completed_by(case, entry, message):
        plan.take_back(case=case, number=number, now=now, why="letter_died")
    if entry is not None:
        pausing.question_fell(case=case, entry=entry, now=now)
    facts = {"message": message.pk, "template": message.template}
    timeline.record(case=case, kind=timeline.Kind.LETTER_DIED, now=now, facts=facts)
    key = f"letter-died-{message.pk}-{message.attempts}"
    letters.bell(user=case.owner, case=case, key=key, kind="letter_died", now=now, facts=facts)


def completed_by(case: Case, entry: Entry | None, message: Message) -> list[int]:
    """Return the steps this letter had completed on being queued: telling of containment, "you said, we changed"."""
    if entry is None:
        return []
    closed = case.state == CaseState.CLOSED
    open_to_it = workflow.stays_due(case.outcome, case.severity) if closed else StepNumber.values
    steps = plan.current_steps(case).values()
    done = [step for step in steps if step.state == StepState.DONE and step.number in open_to_it]
    told = {
        StepNumber.CONTAIN: message.template == "personal",
        StepNumber.INSTITUTIONALIZE: message.template == "changed",
    }
    return [step.number for step in done if told.get(step.number) and step.done_at == entry.at]


def _case_of(message: Message) -> Case | None:
    """Return the case a letter belongs to, by its thread."""
    return Case.objects.filter(thread=message.thread_id).first() if message.thread_id else None
