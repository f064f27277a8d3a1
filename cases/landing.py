"""A message of theirs lands on its case: their words, their files, and what follows from them.

Any reply ends pauses and stops reminders of the confirm letter; then the owner marks what it says. On a resolved or
closed case it lies with owner and lead, and sends the case back to work unless the lead declines. Mere thanks are
shown, not acted on (product: Letters in and out).
"""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from cases import deadlines, entries, files, letters, owing, plan, presence, senders, timeline
from cases.enums import DueKind, EntryKind, Side, Verdict
from cases.models import Case, Confirmation, Contact, Entry
from cases.policy import rules_of
from cases.thanking import only_thanks
from cases.tracking import contact_of
from mail import holding
from mail.models import Inbound

OLDEST = timedelta(days=5)
NO_WORDS = "(no words, only what is attached)"


def land(*, case: Case, inbound: Inbound, now: datetime, by: User | None = None) -> Entry:
    """Put a person's message on the locked case and start what follows from it; return its entry.

    `by` is who put it there by hand. What names a colleague without a proof is then a note of whoever put it there.
    """
    colleague = senders.colleague_named(inbound)
    contact = None if colleague else contact_of(inbound, case)
    author = colleague if inbound.sender_proved else by
    entry = write(case=case, inbound=inbound, contact=contact, colleague=colleague, author=author, now=now)
    if colleague is not None:
        return entry
    _works_again(contact)
    _follow(case, entry, inbound, now)
    plan.refresh(case)
    return entry


def names_a_colleague_unproved(inbound: Inbound) -> bool:
    """Tell whether a message says it is from one of us, and nothing proves it: then it lands on no case by itself."""
    return not inbound.sender_proved and senders.colleague_named(inbound) is not None


@transaction.atomic
def write(
    *,
    case: Case,
    inbound: Inbound,
    contact: Contact | None,
    colleague: User | None,
    now: datetime,
    author: User | None = None,
) -> Entry:
    """Write words and files of a message on the case. One that names a colleague is a note, by its `author`."""
    by = author if colleague else None
    says = {"to": colleague.pk} if colleague is not None and by != colleague else None
    entry = entries.write_entry(
        case=case,
        actor=by,
        carries=says,
        kind=EntryKind.NOTE if colleague else EntryKind.EMAIL,
        text=inbound.words or NO_WORDS,
        now=now,
        side=Side.OURS if colleague else Side.THEIRS,
        contact=contact,
        at=moment(inbound),
    )
    entry.inbound = inbound
    entry.save(update_fields=["inbound"])
    files.attach(case=case, files=kept_files(inbound), actor=by, contact=contact, now=now)
    return entry


def moment(inbound: Inbound) -> datetime:
    """Return when they wrote. A date far from the day it reached us is a clock gone wrong, and not believed."""
    written = inbound.written_at
    believed = written is not None and inbound.received_at - OLDEST <= written <= inbound.received_at
    return written if believed else inbound.received_at


def kept_files(inbound: Inbound) -> list[tuple]:
    """Return name and stored file of what hangs on a message and is of a kind we take."""
    rows = inbound.attachments.filter(blob__isnull=False).select_related("blob")
    return [(row.name, row.blob) for row in rows]


def _works_again(contact: Contact | None) -> None:
    """Whoever writes from an address has it: letters leave there again."""
    if contact is not None and contact.bounced_at is not None:
        Contact.objects.filter(pk=contact.pk).update(bounced_at=None)
        holding.release(address=contact.email)


def _follow(case: Case, entry: Entry, inbound: Inbound, now: datetime) -> None:
    thanks = only_thanks(entry.words.text) and not inbound.attachments.exists()
    asked = case.is_open and _stop_asking(case)
    if asked or (not case.is_open and not thanks):
        due = start_mark(case=case, entry=entry, now=now)
        _tell(case, entry, "message_to_mark", now, due_at=due.due_at.isoformat(), state=case.state)
        return
    if case.is_open and not thanks:
        owing.owe_an_answer(case=case, now=now)
    _tell(case, entry, "their_word", now)


def _stop_asking(case: Case) -> bool:
    """Stop reminders and the silence path of a question under way; tell whether there is one."""
    waiting = Confirmation.objects.filter(case=case, verdict=Verdict.PENDING, offer__round=case.round)
    return bool(waiting.update(next_at=None))


def start_mark(*, case: Case, entry: Entry, now: datetime):
    """Start the clock in which the owner says what a message of theirs means: four working hours."""
    person = presence.reader_of(case)
    return deadlines.start(
        case=case,
        kind=DueKind.MARK,
        ref=entry.pk,
        allowed=rules_of(case.policy_version_id).time("promise_mark", case.severity),
        started_at=now,
        owner_id=person.pk if person else None,
    )


def _tell(case: Case, entry: Entry, kind: str, now: datetime, **facts) -> None:
    who = entry.contact.name if entry.contact else (entry.inbound.sender_name or entry.inbound.sender or "Somebody")
    told = {"who": who, "words": entry.words.text[:500], "files": 0, **facts}
    people = {person.pk: person for person in _hearers(case) if person is not None}
    for person in people.values():
        letters.bell(user=person, case=case, key=f"message-{entry.inbound_id}", kind=kind, now=now, facts=told)


def _hearers(case: Case) -> list[User | None]:
    """Their reader; for a case that is finished the lead too, who alone may decline."""
    return [presence.reader_of(case), None if case.is_open else presence.lead_of(case)]


def away(*, case: Case, inbound: Inbound, now: datetime) -> None:
    """Note on the case that a machine answered: shown, never acted on, and no silence counts after it."""
    facts = {"inbound": inbound.pk}
    contact = contact_of(inbound, case)
    timeline.record(case=case, kind=timeline.Kind.AUTO_ANSWERED, now=now, contact=contact, facts=facts)
