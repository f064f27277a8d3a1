"""What a message of theirs says, after they were asked or when the case was finished.

Its reader marks it within four working hours: it confirms, it refuses, or it is something else. On a resolved or
closed case the customer's own words send it back to work; only the lead declines. Unmarked ones do so by themselves.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases import access, deadlines, owing, plan, presence, sweeping, timeline, words, workflow
from cases.arrival_kinds import MessageMark
from cases.enums import DueKind, Outcome, Verdict
from cases.locking import hold
from cases.models import Case, Confirmation, Due, Entry
from cases.refusals import Refused
from cases.steps import refusal, resolve, their_word

SWEEP = "marks"
OF_AN_OPEN_CASE = (MessageMark.CONFIRMS, MessageMark.REFUSES, MessageMark.ELSE)
OF_A_FINISHED_CASE = (MessageMark.REOPENS, MessageMark.DECLINED)


def waiting(case: Case) -> list[Due]:
    """Return the running clocks of messages nobody has marked yet, the oldest first."""
    return list(Due.objects.filter(case=case, kind=DueKind.MARK, closed_at=None).order_by("started_at"))


def choices(case: Case) -> tuple[MessageMark, ...]:
    """Return what may be said of a message on this case as it stands."""
    return OF_AN_OPEN_CASE if case.is_open else OF_A_FINISHED_CASE


@transaction.atomic
def mark(*, case: Case, entry: Entry, actor: User, what: MessageMark, text: str, now: datetime) -> Case:
    """Say what their message means, and do what follows from it.

    `text` is the sentence in which they confirm, or the lead's reason to decline. Raise `Refused` where the message
    waits for no mark, the mark does not fit the case as it stands, or somebody else has to decide.
    """
    held = hold(case)
    _check(held, entry, what)
    deadlines.stop(case=held, kind=DueKind.MARK, ref=entry.pk, now=now)
    _ACTS[what](held, entry, actor, text, now)
    plan.refresh(held)
    return held


def reopen_unmarked(now: datetime) -> int:
    """Send back to work every finished case whose customer wrote, and where nobody has declined in time."""
    aside = sweeping.set_aside(SWEEP, "Due")
    late = Due.objects.filter(kind=DueKind.MARK, closed_at=None, due_at__lte=now).exclude(case__state="open")
    rows = list(late.exclude(pk__in=aside).order_by("due_at")[:100])
    return sweeping.each(SWEEP, rows, lambda due: _reopen_by_itself(due, now), now=now)


def _reopen_by_itself(due: Due, now: datetime) -> bool:
    held = hold(due.case_id)
    still = Due.objects.filter(pk=due.pk, closed_at=None).exists()
    entry = Entry.objects.select_related("words", "contact").filter(pk=due.ref, case=held).first()
    if not still or held.is_open or entry is None:
        return False
    deadlines.stop(case=held, kind=DueKind.MARK, ref=due.ref, now=now)
    _reopens(held, entry, None, "", now)
    plan.refresh(held)
    return True


def _check(case: Case, entry: Entry, what: MessageMark) -> None:
    if not Due.objects.filter(case=case, kind=DueKind.MARK, ref=entry.pk, closed_at=None).exists():
        raise Refused("Somebody has marked this message already. Reload the page to see how.")
    if what not in choices(case):
        raise Refused("The case has moved on meanwhile. Reload the page and choose again.", field="what")


def _confirms(case: Case, entry: Entry, actor: User, text: str, now: datetime) -> None:
    proof = _proof(entry)
    if proof is None:
        raise Refused("This message has no bytes of its own to attach as proof. Attach their written yes instead.")
    said = text.strip() or entry.words.text
    their_word.written_yes(case=case, actor=actor, file=proof, text=said, now=now)
    _record(case, entry, actor, MessageMark.CONFIRMS, now)
    case.refresh_from_db()


def _proof(entry: Entry) -> tuple | None:
    if entry.inbound is None:
        return None
    return f"message-{entry.inbound_id}.eml", entry.inbound.raw


def _refuses(case: Case, entry: Entry, actor: User, text: str, now: datetime) -> None:
    asked = resolve.waiting_confirmation(case)
    if asked is None:
        raise Refused("They have not been asked, or have answered. There is nothing they could refuse.", field="what")
    asked.verdict, asked.how = Verdict.NOT_YET, Confirmation.How.WRITTEN
    asked.words, asked.answered_at, asked.next_at = entry.words, now, None
    asked.save(update_fields=["verdict", "how", "words", "answered_at", "next_at"])
    _record(case, entry, actor, MessageMark.REFUSES, now)
    refusal.refused(case=case, confirmation=asked, words=entry.words, now=now)


def _else(case: Case, entry: Entry, actor: User, text: str, now: datetime) -> None:
    _record(case, entry, actor, MessageMark.ELSE, now)
    owing.owe_an_answer(case=case, now=now)


def _reopens(case: Case, entry: Entry, actor: User | None, text: str, now: datetime) -> None:
    if case.outcome in (Outcome.CLOSED_ELSEWHERE, Outcome.MERGED):
        raise Refused(f"{case.number} cannot be opened again. Log a new complaint and link it instead.")
    _record(case, entry, actor, MessageMark.REOPENS, now)
    workflow.reopen(case=case, why="message", now=now, actor=actor, contact=entry.contact, words=entry.words)
    owing.owe_an_answer(case=case, now=now)


def _declined(case: Case, entry: Entry, actor: User, text: str, now: datetime) -> None:
    if not access.may_lead(actor, case):
        lead = presence.lead_of(case)
        who = f" {lead.name} leads this team." if lead else ""
        raise Refused(f"Only the team lead may leave the case as it is when the customer writes.{who}", field="what")
    if not text.strip():
        raise Refused("Say why this does not send the case back to work.", field="text")
    row = words.write(text=text, now=now, case=case)
    _record(case, entry, actor, MessageMark.DECLINED, now, row)


def _record(case: Case, entry: Entry, actor: User | None, what: MessageMark, now: datetime, row=None) -> None:
    facts = {"entry": entry.pk, "as": what.value}
    kind = timeline.Kind.MESSAGE_MARKED
    timeline.record(case=case, kind=kind, now=now, actor=actor, contact=entry.contact, words=row, facts=facts)


_ACTS = {
    MessageMark.CONFIRMS: _confirms,
    MessageMark.REFUSES: _refuses,
    MessageMark.ELSE: _else,
    MessageMark.REOPENS: _reopens,
    MessageMark.DECLINED: _declined,
}
