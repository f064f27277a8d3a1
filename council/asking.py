"""Sending an entry back with a question: its clock stands once, four working hours at most, then runs again."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases import access, deadlines, entries, letters, plan
from cases.enums import DueKind, EntryKind
from cases.locking import hold
from cases.models import Due, Escalation
from cases.policy import rules_of
from cases.refusals import Refused
from council.models import Decision, Question

LONGEST = "4h"


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
        _stand_still(due, now, until)
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
        raise Refused("The owner of the case answers, or whoever stands in for them.")
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
    due = clock_of(entry)
    if due is not None and question.until_at is not None and now < question.until_at:
        _stand_still(due, question.asked_at, now)


def _stand_still(due: Due, from_at: datetime, to_at: datetime) -> None:
    """Recompute the due time as if no time passed between the two moments; nobody is chased in between."""
    due.due_at = deadlines.due_moment(deadlines.calendar_for(due), due.allowed, due.started_at, [(from_at, to_at)])
    rules = rules_of(due.case.policy_version_id)
    upcoming = deadlines.next_rung(due, rules, not_before=to_at)
    due.chase_at = upcoming[1] if upcoming else None
    due.save(update_fields=["due_at", "chase_at"])
