"""What passed between us and them: calls, meetings, letters, notes and files."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from cases import deadlines, letters, pausing, plan, promises, timeline, words
from cases.enums import DueKind, EntryKind, PromiseForm, PromiseKind, Side
from cases.files import attach
from cases.locking import hold_living
from cases.models import Case, Contact, Due, Entry
from cases.policy import rules_of
from cases.refusals import Refused
from mail.models import Blob

REACHES_THEM = (EntryKind.CALL, EntryKind.MEETING, EntryKind.LETTER, EntryKind.EMAIL)


@transaction.atomic
def add_entry(
    *,
    case: Case,
    actor: User | None,
    kind: EntryKind,
    text: str,
    now: datetime,
    side: Side = Side.OURS,
    contact: Contact | None = None,
    at: datetime | None = None,
    minutes: int | None = None,
    subject: str = "",
    files: Sequence[tuple[str, Blob]] = (),
    promise: str = "",
    promise_due_at: datetime | None = None,
) -> Entry:
    """Write down a call, meeting, letter or note. An e-mail of ours is queued as a letter too.

    On a case merged into another it lands on the surviving one.

    `at` is when it happened, not later than `now`. Every word of ours that reaches them breaks the silence. A
    `promise` made in it gets its clock, and stands in the letter with its time. Raise `Refused` without a text, for
    a moment in the future, for an e-mail to somebody without an address, or for a promise without its time.
    """
    held = hold_living(case)
    _check(kind, text, side, contact, at or now, now)
    _check_promise(kind, side, promise, promise_due_at, now)
    heard_how = {"side": side, "contact": contact, "at": at, "minutes": minutes}
    entry = write_entry(case=held, actor=actor, kind=kind, text=text, now=now, **heard_how)
    told = promise_in(entry=entry, text=promise, due_at=promise_due_at, now=now)
    if kind == EntryKind.EMAIL and side == Side.OURS:
        send(entry=entry, subject=subject, now=now, promise=told)
    attach(case=held, files=files, actor=actor, now=now)
    return entry


def write_entry(
    *,
    case: Case,
    actor: User | None,
    kind: EntryKind,
    text: str,
    now: datetime,
    side: Side = Side.OURS,
    contact: Contact | None = None,
    at: datetime | None = None,
    minutes: int | None = None,
    carries: dict[str, int] | None = None,
) -> Entry:
    """Write the entry inside the caller's transaction, with its event and its effect on silence.

    `carries` counts what travels with a letter: copies, files.
    """
    row = words.write(text=text, now=now, case=case)
    entry = Entry.objects.create(
        case=case,
        round=case.round,
        kind=kind,
        side=side,
        author=actor,
        contact=contact,
        words=row,
        at=at or now,
        minutes=minutes,
        in_writing=kind in (EntryKind.EMAIL, EntryKind.LETTER),
    )
    facts = {**_facts(entry), **(carries or {})}
    added = {"kind": timeline.Kind.ENTRY_ADDED, "words": row, "facts": facts}
    timeline.record(case=case, now=now, actor=actor, contact=contact, **added)
    heard(case=case, side=side, at=entry.at, reaches=kind in REACHES_THEM, actor=actor)
    if side == Side.THEIRS and kind in REACHES_THEM:
        pausing.heard_from_them(case=case, at=entry.at, now=now, entry=entry)
    return entry


def _facts(entry: Entry) -> dict[str, int | str]:
    return {"entry": entry.pk, "kind": str(entry.kind), "side": str(entry.side), "at": entry.at.isoformat()}


def send(*, entry: Entry, subject: str, now: datetime, **more) -> None:
    """Queue the letter that carries an entry; `more` is what `letters.personal` takes beside it."""
    entry.message = letters.personal(
        case=entry.case, contact=entry.contact, entry=entry, subject=subject, now=now, **more
    )
    entry.save(update_fields=["message"])


def heard(*, case: Case, side: Side, at: datetime, reaches: bool, actor: User | None = None) -> None:
    """Note the last word; one of ours that reaches them starts the clock of silence afresh.

    Where they asked for somebody else, only a word of somebody else answers that: `actor` says whose this one is.
    """
    if not reaches:
        return
    if case.last_word_at is None or at >= case.last_word_at:
        case.last_word_at, case.last_word_by = at, side
        case.save(update_fields=["last_word_at", "last_word_by"])
    replied = side == Side.OURS and _replied(case, at, actor)
    if side == Side.OURS and case.is_open:
        allowed = rules_of(case.policy_version_id).time("silence", case.severity)
        deadlines.start(case=case, kind=DueKind.SILENCE, allowed=allowed, started_at=at)
    if side == Side.OURS and (case.is_open or replied):
        plan.refresh(case)


def _replied(case: Case, at: datetime, actor: User | None) -> bool:
    """Stop the clocks of their words and wishes this one answers. A negative reference is a clock of ours."""
    by = actor.pk if actor else 0
    answered = Q(kind=DueKind.REPLY, ref__gte=0) | Q(kind=DueKind.WISH, ref=0)
    if by:
        answered |= Q(kind=DueKind.WISH) & ~Q(ref=by)  # the reference names whom they would rather not speak to
    owed = Due.objects.filter(answered, case=case, started_at__lte=at, closed_at=None)
    clocks = list(owed.values_list("kind", "ref"))
    return sum(deadlines.stop(case=case, kind=DueKind(kind), ref=ref, now=at) for kind, ref in clocks) > 0


def check_letter(*, contact: Contact | None, text: str, promise: str, due_at: datetime | None, at: datetime) -> None:
    """Raise `Refused` unless an e-mail of ours with this promise can leave at `at`."""
    _check(EntryKind.EMAIL, text, Side.OURS, contact, at, at)
    _check_promise(EntryKind.EMAIL, Side.OURS, promise, due_at, at)


def _check(kind: EntryKind, text: str, side: Side, contact: Contact | None, at: datetime, now: datetime) -> None:
    if not text.strip():
        raise Refused("Write what was said.", field="text")
    if at > now:
        raise Refused("This moment lies in the future. Say when it happened.", field="at")
    if kind == EntryKind.EMAIL and side == Side.OURS and not reachable(contact):
        raise Refused(
            "There is no working e-mail address for this person. Add one, or log a call instead.",
            field="contact",
        )


def _check_promise(kind: EntryKind, side: Side, text: str, due_at: datetime | None, now: datetime) -> None:
    if not text.strip() and due_at is None:
        return
    if kind not in REACHES_THEM or side != Side.OURS:
        raise Refused("Only words of ours that reach the customer can promise them something.", field="promise")
    promises.check(kind=PromiseKind.RECOVERY, text=text, due_at=due_at, now=now)


def promise_in(*, entry: Entry, text: str, due_at: datetime | None, now: datetime) -> dict[str, str] | None:
    """Make a promise of what was said in a checked entry of ours; return it as a letter names it, None for none."""
    if not text.strip():
        return None
    form = PromiseForm.WRITTEN if entry.in_writing else PromiseForm.SAID
    promises.write_promise(case=entry.case, actor=entry.author, text=text, due_at=due_at, now=now, form=form)
    plan.refresh(entry.case)
    return {"text": text, "due_at": due_at.isoformat()}


def reachable(contact: Contact | None) -> bool:
    """Tell whether a letter to this contact can arrive."""
    return contact is not None and bool(contact.email) and contact.bounced_at is None
