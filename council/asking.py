"""Sending an entry back with a question: its clock stands once, four working hours at most, then runs again."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from cases import access, deadlines, entries, letters, plan, standstill
from cases.enums import DueKind, EntryKind
from cases.locking import hold
from cases.models import Due, Escalation, Pause
from cases.refusals import Refused
from council.models import Decision, Question

LONGEST = "4h"
A_SECOND = timedelta(seconds=1)


def send_back(*, decision: Decision, entry: Escalation, now: datetime) -> Question:
    """Put the question to the owner inside the caller's transaction; the first one stops the clock."""
    if Question.objects.filter(escalation=entry, answered_at=None).exists():
        raise Refused("A question is open already. Wait for the answer, or decide without it.")
    first = not Question.objects.filter(escalation=entry).exists()
    due = clock_of(entry)
    until = deadlines.due_moment(deadlines.calendar_for(due), LONGEST, now) if first and due else None
    question = Question.objects.create(escalation=entry, decision=decision, asked_at=now, until_at=until)
    entry.waiting_since = now
    entry.save(update_fields=["waiting_since"])
    if until is not None:
        _stand_still(due, decision.author, now, until)
    return question


@transaction.atomic
def answer(*, question: Question, actor: User, text: str, now: datetime) -> Question:
    """Answer the council's question by a note on the case; the entry's clock runs again.

    Raise `Refused` for others than those who work the case.
    """
    held = hold(question.decision.case_id)
    kept = Question.objects.select_for_update(no_key=True).get(pk=question.pk)
    entry = Escalation.objects.select_for_update(no_key=True).get(pk=kept.escalation_id)
    if not access.may_work(actor, held):
        raise Refused("The owner of the case answers, or somebody who works on it with them.")
    if kept.answered_at or entry.decided_at:
        raise Refused("This has been answered or decided in the meantime. Reload the page to see how.")
    if not text.strip():
        raise Refused("Write the answer.", field="text")
    kept.answer = entries.write_entry(case=held, actor=actor, kind=EntryKind.NOTE, text=text, now=now).words
    kept.answered_at, kept.answered_by = now, actor
    kept.save(update_fields=["answer", "answered_at", "answered_by"])
    entry.waiting_since = None
    entry.save(update_fields=["waiting_since"])
    _run_again(kept, entry, now)
    plan.refresh(held)
    letters.bell(
        user=question.decision.author,
        case=held,
        key=f"answer-{kept.pk}",
        kind="council_answer",
        now=now,
        facts={"who": actor.name, "words": kept.answer.text},
    )
    return kept


def clock_of(entry: Escalation) -> Due | None:
    """Return the decision's running clock, or None."""
    return Due.objects.filter(case=entry.case_id, kind=DueKind.DECISION, ref=entry.pk, closed_at=None).first()


def _run_again(question: Question, entry: Escalation, now: datetime) -> None:
    """End the standstill with the answer, if it has not ended by itself."""
    due = clock_of(entry)
    standing = Pause.objects.filter(clock=due, to_at__gt=now).first() if due is not None else None
    if standing is not None:
        standing.to_at = max(now, standing.from_at + A_SECOND)
        standing.save(update_fields=["to_at"])
        _recount(due)


def _stand_still(due: Due, actor: User, from_at: datetime, to_at: datetime) -> None:
    """Write the standstill down as a pause of this one clock, so that history gives the same due time."""
    Pause.objects.create(case_id=due.case_id, clock=due, from_at=from_at, to_at=to_at, by=actor)
    _recount(due)


def _recount(due: Due) -> None:
    deadlines.count_anew(due, standstill.pauses_of(due), not_before=due.case.logged_at)
