"""Pausing our clock while we wait for the customer. Their clock never stands still (product: Deadlines).

A pause names the steps it holds, never 1, 2 and 8, and the question of ours that makes us wait. It ends by itself
on any word of theirs, at the latest at the moment chosen, or by hand. More than two working days for one question
are for the lead to grant.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Min

from accounts.models import User
from cases import access, deadlines, plan, timeline, words
from cases.enums import DueKind, EntryKind, Side, StepNumber
from cases.locking import hold_unclosed
from cases.models import Case, Due, Entry, Pause
from cases.policy import calendar_of
from cases.refusals import Refused
from cases.standstill import NEVER_PAUSED, PAUSABLE
from mail.models import MessageState

ALONE = "2d"  # what who works the case may grant for one question
LONGEST = "20d"
ASKING = (EntryKind.CALL, EntryKind.MEETING, EntryKind.LETTER, EntryKind.EMAIL)
SHORTEST, A_SECOND = timedelta(minutes=1), timedelta(seconds=1)


@transaction.atomic
def pause(
    *,
    case: Case,
    actor: User,
    steps: Iterable[int],
    question: Entry | None,
    reason: str,
    until_at: datetime,
    now: datetime,
) -> Pause:
    """Let the clocks of `steps` stand until they answer, at the latest until `until_at`.

    Raise `Refused` at the field for a step that never waits or has no running clock, without a question of ours they
    have not answered, without a reason, for an end that is past or too far, and where the lead has to grant it.
    """
    held = hold_unclosed(case)
    numbers = sorted({int(number) for number in steps})
    running = _running(held, now)
    _check_steps(numbers, running)
    _check_question(held, question, reason)
    _check_end(held, actor, question, until_at, now)
    row = Pause.objects.create(
        case=held,
        steps=numbers,
        from_at=now,
        to_at=until_at,
        by=actor,
        reason=words.write(text=reason, now=now, case=held),
        question=question,
    )
    facts = {"pause": row.pk, "steps": numbers, "question": question.pk, "until_at": until_at.isoformat()}
    timeline.record(case=held, kind=timeline.Kind.PAUSED, now=now, actor=actor, words=row.reason, facts=facts)
    recount(held, row)
    return row


@transaction.atomic
def resume(*, pause: Pause, actor: User, now: datetime) -> Pause:
    """Let the clocks run again by hand. Raise `Refused` where the pause has ended already."""
    held = hold_unclosed(pause.case_id)
    kept = Pause.objects.select_for_update(no_key=True).filter(pk=pause.pk, clock=None).first()
    if kept is None or kept.to_at <= now:
        raise Refused("This pause has ended already. Reload the page to see since when.")
    _end(held, kept, now, why="hand", now=now, actor=actor)
    return kept


def heard_from_them(*, case: Case, at: datetime, now: datetime, entry: Entry | None = None) -> int:
    """End the pauses their word of `at` answers, and return how many. Inside the caller's transaction.

    A word written down later ended the waiting when it was said, not when somebody found the time to log it; so does
    one found after a later word had ended it. What they said before we asked answers nothing; within the minute it
    counts, for a time typed by hand has no seconds.
    """
    waiting = Pause.objects.filter(case=case, clock=None, from_at__lt=now, to_at__gt=at)
    waiting = waiting.filter(question__at__lt=at + SHORTEST).order_by("pk")
    answered = [one for one in waiting if max(at, one.from_at + A_SECOND) < one.to_at]
    for one in answered:
        one.ended_by = entry
        _end(case, one, max(at, one.from_at), why="reply", now=now)
    return len(answered)


def question_fell(*, case: Case, entry: Entry, now: datetime) -> int:
    """End pauses whose question never reached them, because its letter died; return how many."""
    running = list(Pause.objects.filter(case=case, question=entry, from_at__lt=now, to_at__gt=now).order_by("pk"))
    for one in running:
        _end(case, one, now, why="letter_died", now=now)
    return len(running)


def recount(case: Case, pause: Pause) -> None:
    """Recompute the clocks a pause may have moved, stopped ones included, so that rows and history agree."""
    named = Due.objects.filter(case=case, kind=DueKind.STEP, ref__in=pause.steps, due_at__gt=pause.from_at)
    dues = list(named.select_for_update(no_key=True).order_by("pk"))
    stood = deadlines.standstill.pauses_for(dues)
    for due in dues:
        due.case = case
        deadlines.count_anew(due, stood[due.pk], not_before=case.logged_at)
    plan.refresh(case)


def questions(case: Case) -> list[Entry]:
    """Return our words they have not answered yet, newest first: what a pause can rest on."""
    ours = Entry.objects.filter(case=case, side=Side.OURS, kind__in=ASKING).exclude(message__state=MessageState.DEAD)
    theirs = Entry.objects.filter(case=case, side=Side.THEIRS).aggregate(at=Max("at"))["at"]
    open_ones = ours.filter(at__gt=theirs) if theirs else ours
    return list(open_ones.select_related("words", "contact").order_by("-at", "-id")[:20])


def may_grant_alone(case: Case, now: datetime) -> datetime:
    """Return until when a pause of this moment may last without the lead."""
    return deadlines.due_moment(calendar_of(case.calendar_version_id), ALONE, now)


def _end(case: Case, row: Pause, at: datetime, *, why: str, now: datetime, actor: User | None = None) -> None:
    row.to_at = max(at, row.from_at + A_SECOND)
    row.save(update_fields=["to_at", "ended_by"])
    facts = {"pause": row.pk, "why": why, "at": row.to_at.isoformat()}
    timeline.record(case=case, kind=timeline.Kind.RESUMED, now=now, actor=actor, facts=facts)
    recount(case, row)


def _running(case: Case, now: datetime) -> set[int]:
    """Return the steps whose clock runs and has not run out."""
    dues = Due.objects.filter(case=case, kind=DueKind.STEP, closed_at=None, due_at__gt=now)
    return set(dues.values_list("ref", flat=True))


def _check_steps(numbers: list[int], running: set[int]) -> None:
    if not numbers:
        raise Refused("Say which steps have to wait for their answer.", field="steps")
    if any(number in NEVER_PAUSED for number in numbers):
        raise Refused("Acknowledge, Contain and the council never wait for the customer.", field="steps")
    idle = [number for number in numbers if number not in PAUSABLE or number not in running]
    if idle:
        names = ", ".join(StepNumber(number).label for number in idle if number in StepNumber.values) or "This step"
        message = f"{names}: no clock runs here, or its time is up already. A pause moves only what is still to come."
        raise Refused(message, field="steps")


def _check_question(case: Case, question: Entry | None, reason: str) -> None:
    if question is None or question.case_id != case.pk or question.side != Side.OURS or question.kind not in ASKING:
        message = "A pause rests on a question of ours. Write or call them first, then choose that word here."
        raise Refused(message, field="question")
    if question.message is not None and question.message.state == MessageState.DEAD:
        raise Refused("This letter never reached them. Call, or send it to a working address.", field="question")
    if Entry.objects.filter(case=case, side=Side.THEIRS, at__gt=question.at).exists():
        raise Refused("They have answered since. Nothing keeps our clock from running.", field="question")
    if not reason.strip():
        raise Refused("Say what we cannot do before they answer.", field="reason")


def _check_end(case: Case, actor: User, question: Entry, until_at: datetime, now: datetime) -> None:
    if until_at < now + SHORTEST:
        raise Refused("This time has passed. Until when do we wait at most?", field="until_at")
    calendar = calendar_of(case.calendar_version_id)
    if until_at > deadlines.due_moment(calendar, LONGEST, now):
        raise Refused("At most twenty working days at a time. Ask them again before that.", field="until_at")
    first = Pause.objects.filter(case=case, question=question).aggregate(at=Min("from_at"))["at"] or now
    if until_at > deadlines.due_moment(calendar, ALONE, first) and not access.may_lead(actor, case):
        raise Refused(
            "More than two working days for one question are for the team lead to grant. "
            "Choose an earlier end, or ask your lead to pause it.",
            field="until_at",
        )
