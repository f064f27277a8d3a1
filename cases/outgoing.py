"""Letters somebody sent off from the case: fifteen seconds, or until the customer's morning, to take them back.

Until a letter sets out nothing has happened: no entry, no promise, no effect on a clock. Then all of it happens in
one transaction, at that moment. What can no longer be done by then stays here with its reason, and its writer hears.
The letter of a step waits here as well, and the step's act with it (`cases.letter_acts`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts import drafts
from accounts.models import User
from cases import entries, letter_acts, letters, sweeping
from cases.enums import EntryKind, StepNumber
from cases.locking import hold, hold_living
from cases.models import Case, CaseFile, Contact, Entry, Outgoing
from cases.plan import current_steps
from cases.policy import calendar_of
from cases.refusals import Refused
from cases.steps import acknowledge

SWEEP = "letters_set_out"
BATCH = 100
UNDO = timedelta(seconds=15)
DAYS_AHEAD = 60
QUOTED = 4_000
TOO_LARGE = 20 * 1024 * 1024


@dataclass(frozen=True)
class Letter:
    """What somebody wrote to one contact: copies are (name, address), files those of the case."""

    contact: Contact | None
    subject: str
    text: str
    promise: str = ""
    promise_due_at: datetime | None = None
    copies: Sequence[tuple[str, str]] = ()
    files: Sequence[CaseFile] = ()
    answers: Entry | None = None
    typed: dict = field(default_factory=dict)


@transaction.atomic
def send_off(*, case: Case, actor: User, letter: Letter, leaves_at: datetime, now: datetime) -> Outgoing:
    """Send a letter off: it sets out at `leaves_at`, until then it can be taken back.

    Raise `Refused` without words, without a working address, for a promise without its time or due before the
    letter leaves, and for more than 20 MB of files.
    """
    held = hold_living(case)
    promised = {"promise": letter.promise, "due_at": letter.promise_due_at}
    entries.check_letter(contact=letter.contact, text=letter.text, at=leaves_at, **promised)
    if sum(one.blob.size for one in letter.files) > TOO_LARGE:
        raise Refused("These files are too large for one e-mail: 20 MB in all. Leave some out.", field="enclosed")
    return Outgoing.objects.create(
        case=held,
        author=actor,
        contact=letter.contact,
        typed=letter.typed,
        meant=_meant(letter),
        written_at=now,
        leaves_at=leaves_at,
    )


@transaction.atomic
def take_back(*, outgoing: Outgoing, actor: User, key: str, now: datetime) -> None:
    """Take a letter back into the draft `key` of `actor`; its writer hears of it when somebody else does.

    One that an act of a step waited with goes back into the draft of its own form, and the timeline says so. Raise
    `Refused` once it has set out, or where `actor` has begun to write something else.
    """
    held, row = _hold(outgoing)
    if row is None:
        raise Refused("Too late: this letter has set out. Write another one if something has to be put straight.")
    key = row.draft if row.act else key
    if drafts.draft_of(actor, key).get("text"):
        raise Refused("You have begun another text. Send it or empty it first, then take this letter back.")
    if key:
        drafts.keep(user=actor, key=key, body=row.typed, now=now)
    if row.act:
        letter_acts.note_taken_back(row=row, actor=actor, now=now)
    row.delete()
    if row.author_id != actor.pk:
        told = {"who": actor.name, "contact": row.contact.name}
        letters.bell(user=row.author, case=held, key=f"taken-back-{row.pk}", kind="taken_back", now=now, facts=told)


@transaction.atomic
def hurry(*, outgoing: Outgoing, now: datetime) -> None:
    """Let a letter set out now. Raise `Refused` once it has."""
    _, row = _hold(outgoing)
    if row is None:
        raise Refused("This letter has set out already.")
    row.leaves_at, row.held_at, row.held_why = now, None, ""
    row.save(update_fields=["leaves_at", "held_at", "held_why"])


def set_out(now: datetime, *, limit: int = BATCH) -> int:
    """Let letters set out whose moment has come; return how many did."""
    aside = sweeping.set_aside(SWEEP, "Outgoing")
    due = Outgoing.objects.filter(leaves_at__lte=now, held_at=None).exclude(pk__in=aside)
    rows = list(due.select_related("case", "author", "contact").order_by("leaves_at", "id")[:limit])
    return sweeping.each(SWEEP, rows, lambda row: depart(row, now), now=now)


@transaction.atomic
def depart(outgoing: Outgoing, now: datetime) -> bool:
    """Write entry, promise and letter, or keep the letter with the reason why not. False if it was gone already."""
    _, row = _hold(outgoing)
    if row is None or row.held_at is not None or row.leaves_at > now:
        return False
    try:
        with transaction.atomic():
            _write(row, now)
            row.delete()
    except Refused as refused:
        row.held_at, row.held_why = now, refused.message
        row.save(update_fields=["held_at", "held_why"])
        told = {"contact": row.contact.name}
        key = f"held-{row.pk}-{now.isoformat()}"
        letters.bell(user=row.author, case=row.case, key=key, kind="letter_held", now=now, facts=told)
    return True


def morning(*, case: Case, contact: Contact, now: datetime) -> datetime:
    """Return when the customer's next working day begins, on the clock of the contact's own time zone."""
    calendar, zone = calendar_of(case.calendar_version_id), ZoneInfo(letters.zone_of(case, contact))
    local = now.astimezone(zone)
    for ahead in range(DAYS_AHEAD):
        on = local.date() + timedelta(days=ahead)
        for opens, _ in calendar.stretches(on)[:1]:
            wall = opens.astimezone(calendar.tz).time()
            at = datetime.combine(on, wall, zone)
            if at > now:
                return at
    return datetime.combine(local.date() + timedelta(days=1), time(8), zone)


def _hold(outgoing: Outgoing) -> tuple[Case, Outgoing | None]:
    """Lock case and letter, in this order; None for a letter that is no longer here."""
    held = hold(outgoing.case_id)
    rows = Outgoing.objects.select_for_update(no_key=True, of=("self",)).select_related("author", "contact")
    row = rows.filter(pk=outgoing.pk).first()
    if row is not None:
        row.case = held
    return held, row


def _meant(letter: Letter) -> dict:
    return {
        "subject": letter.subject,
        "text": letter.text,
        "promise": letter.promise,
        "promise_due_at": letter.promise_due_at.isoformat() if letter.promise_due_at else "",
        "copies": [list(pair) for pair in letter.copies],
        "files": [one.pk for one in letter.files],
        "answers": letter.answers.pk if letter.answers else None,
    }


def _write(row: Outgoing, now: datetime) -> None:
    if row.act:
        letter_acts.carry_out(row=row, now=now)
        return
    meant, case = row.meant, hold_living(row.case)
    due_at = datetime.fromisoformat(meant["promise_due_at"]) if meant["promise_due_at"] else None
    promised = {"promise": meant["promise"], "due_at": due_at}
    entries.check_letter(contact=row.contact, text=meant["text"], at=now, **promised)
    files = [(one.name, one.blob) for one in CaseFile.objects.filter(pk__in=meant["files"]).select_related("blob")]
    entry = entries.write_entry(
        case=case,
        actor=row.author,
        kind=EntryKind.EMAIL,
        text=meant["text"],
        now=now,
        contact=row.contact,
        carries={name: len(some) for name, some in (("copies", meant["copies"]), ("files", files)) if some},
    )
    told = entries.promise_in(entry=entry, text=meant["promise"], due_at=due_at, now=now)
    quoted = quote(Entry.objects.filter(pk=meant["answers"]).select_related("words", "contact").first())
    more = {"promise": told, "quoted": quoted, "copies": [tuple(pair) for pair in meant["copies"]], "files": files}
    entries.send(entry=entry, subject=meant["subject"], now=now, **more)
    first = current_steps(case).get(StepNumber.ACKNOWLEDGE)
    if told and first is not None and first.is_open:
        acknowledge.by_letter(case=case, actor=row.author, entry=entry, now=now)


def quote(answered: Entry | None) -> dict[str, str] | None:
    """Return words of theirs as a letter quotes them under ours; None for none, or where they were erased."""
    if answered is None or not answered.words.text:
        return None
    who = answered.contact.name if answered.contact else answered.case.customer.name
    return {"text": answered.words.text[:QUOTED], "who": who, "said_at": answered.at.isoformat()}
