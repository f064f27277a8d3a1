"""1 · Acknowledge (Connelly, method 1).

Done when a person's letter was accepted by the mail server, or a call, meeting or posted letter is logged, with the
first dated promise: when they hear next. An automatic receipt never completes it. A letter that dies takes it back.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases import entries, first_word, legal, plan, promises, timeline, workflow
from cases.enums import Channel, ClearanceKind, EntryKind, Fault, PromiseForm, PromiseKind, RemedyState, StepNumber
from cases.locking import hold_open
from cases.models import Case, Contact, Entry
from cases.refusals import Refused

NUMBER = StepNumber.ACKNOWLEDGE
ADMITS = (Fault.OURS, Fault.SHARED)
BY_WORD = (EntryKind.CALL, EntryKind.MEETING, EntryKind.LETTER)


@dataclass(frozen=True)
class Acknowledgement:
    """What was, or will be, said: by which means, to whom, and what they were promised."""

    means: EntryKind
    contact: Contact | None
    text: str
    promise: str
    promise_due_at: datetime | None
    subject: str = ""
    at: datetime | None = None
    minutes: int | None = None
    fault: Fault | None = None


@transaction.atomic
def acknowledge(*, case: Case, actor: User, said: Acknowledgement, now: datetime) -> Entry:
    """Acknowledge the complaint. By word it is done as of when it happened; by letter once the letter was accepted.

    Raise `Refused` without words, without a dated promise, or by e-mail to nobody; and for an admission counsel has
    not cleared. Without an admission it never waits for counsel.
    """
    held = hold_open(case)
    _check(held, said, now)
    if said.fault in ADMITS:
        legal.check_cleared(case=held, kind=ClearanceKind.ADMISSION, text=said.text)
    written = said.means in (EntryKind.EMAIL, EntryKind.LETTER)
    entry = entries.write_entry(
        case=held,
        actor=actor,
        kind=said.means,
        text=said.text,
        now=now,
        contact=said.contact,
        at=said.at if said.means in BY_WORD else now,
        minutes=said.minutes,
    )
    promises.write_promise(
        case=held,
        actor=actor,
        text=said.promise,
        due_at=said.promise_due_at,
        now=now,
        form=PromiseForm.WRITTEN if written else PromiseForm.SAID,
    )
    _admit(held, actor, said, now)
    if said.means == EntryKind.EMAIL:
        _send(held, actor, entry, said, now)
    else:
        finish(case=held, actor=actor, at=entry.at, how=str(said.means))
    return entry


def finish(*, case: Case, actor: User | None, at: datetime, how: str) -> None:
    """Complete the step as of `at`, the moment they heard."""
    workflow.finish_step(case=case, number=NUMBER, now=at, actor=actor, note=how)
    if case.channel == Channel.FOUND:
        first_word.given(case=case, actor=actor, at=at)


def _check(case: Case, said: Acknowledgement, now: datetime) -> None:
    step = plan.step_of(case, NUMBER)
    if not step.is_open:
        raise Refused("This complaint has been acknowledged already.")
    if not said.text.strip():
        raise Refused("Write what you tell them, or what you told them.", field="text")
    if said.at is not None and said.at > now:
        raise Refused("This moment lies in the future. Say when it happened.", field="at")
    if said.at is not None and said.at < case.received_at:
        raise Refused("This is before the complaint reached us.", field="at")
    if said.at is not None and step.round > 1 and said.at < step.planned_at:
        raise Refused("This is before the case was reopened. Say when they heard from us since.", field="at")
    if said.means == EntryKind.EMAIL and not entries.reachable(said.contact):
        raise Refused("There is no working e-mail address for this person. Call them and log the call.", field="means")
    promises.check(kind=PromiseKind.RECOVERY, text=said.promise, due_at=said.promise_due_at, now=now)


def _admit(case: Case, actor: User, said: Acknowledgement, now: datetime) -> None:
    if said.fault is None or said.fault == case.fault:
        return
    if case.remedy_state == RemedyState.NOT_ASKED:
        raise Refused("First ask what would make it right. Then say whose fault it was.", field="fault")
    facts = {"from": case.fault, "to": str(said.fault)}
    case.fault = said.fault
    case.save(update_fields=["fault"])
    timeline.record(case=case, kind=timeline.Kind.FAULT_SET, now=now, actor=actor, facts=facts)


def _send(case: Case, actor: User, entry: Entry, said: Acknowledgement, now: datetime) -> None:
    promise = {"text": said.promise, "due_at": said.promise_due_at.isoformat()}
    entries.send(entry=entry, subject=said.subject, now=now, promise=promise)
    by_letter(case=case, actor=actor, entry=entry, now=now)


def by_letter(*, case: Case, actor: User | None, entry: Entry, now: datetime) -> None:
    """Note inside the caller's transaction that this letter acknowledges: done once the mail server has taken it."""
    timeline.record(
        case=case,
        kind=timeline.Kind.ACKNOWLEDGEMENT_WRITTEN,
        now=now,
        actor=actor,
        facts={"entry": entry.pk, "message": entry.message_id},
    )
    plan.refresh(case)
