"""A person instead of a page: "call me" and "I would rather speak to someone else", on every customer page."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, TextChoices

from accounts.models import User
from cases import deadlines, entries, letters, plan, presence
from cases.enums import DueKind, EntryKind, Side, Verdict
from cases.locking import hold_living
from cases.models import Case, Confirmation, Contact, Due, Entry
from cases.policy import rules_of
from surveys import readers, twice

# A call has a clock of its own; the one for somebody else carries the key of whom they would rather not speak to.
CALL = 0


class Wish(TextChoices):
    """What they ask for, in the words of the button."""

    CALL = "call", "Please call me."
    SOMEONE_ELSE = "someone_else", "I would rather speak to someone else."


@transaction.atomic
def ask_for_a_person(
    *, case: Case, contact: Contact, wish: Wish, now: datetime, text: str = "", phone: str = ""
) -> Due:
    """Write down the wish as their word, tell who answers it, and start that person's clock; return the clock.

    A call is the reader's to make; somebody else is the lead's to find, and a word of the owner's does not answer it. A
    clock already running goes on, and the same pressed twice is taken once. Their word stops reminders of the confirm
    letter (product: Any reply after the confirm letter stops reminders).
    """
    held = hold_living(case.pk)
    said = "\n".join(part.strip() for part in (Wish(wish).label, phone, text) if part.strip())
    person, ref = _who_answers(held, Wish(wish))
    running = _running(held, DueKind.WISH, ref)
    if running is not None and twice.said(case=held, contact=contact, text=said, now=now):
        return running
    entry = entries.write_entry(
        case=held, actor=None, kind=EntryKind.EMAIL, text=said, now=now, side=Side.THEIRS, contact=contact
    )
    Confirmation.objects.filter(case=held, contact=contact, verdict=Verdict.PENDING).update(next_at=None)
    due = running or _start(held, DueKind.WISH, ref, person, now)
    plan.refresh(held)
    if person is not None:
        letters.to_colleague(
            user=person,
            case=held,
            key=f"wish-{entry.pk}",
            template="person_wanted",
            now=now,
            facts={"who": contact.name, "wish": str(wish), "words": said, "due_at": due.due_at.isoformat()},
        )
    return due


def wishes(case: Case, contact: Contact) -> list[Due]:
    """Return the running clocks of this contact's wishes that nobody has met yet, the earliest first.

    A clock that runs for somebody else at the customer is none of theirs, until they ask for the same.
    """
    dues = Due.objects.select_related("owner").filter(case=case, kind=DueKind.WISH, closed_at=None)
    return [due for due in dues.order_by("due_at", "id") if _asked_by(contact, due)]


def _asked_by(contact: Contact, due: Due) -> bool:
    said = Entry.objects.filter(case=due.case_id, contact=contact, side=Side.THEIRS, at__gte=due.started_at)
    call, other = (Q(words__text__startswith=wish.label) for wish in Wish)
    return said.filter(call | other if due.ref == CALL else other).exists()


def _who_answers(case: Case, wish: Wish) -> tuple[User | None, int]:
    """Return who answers, and the reference of the clock."""
    lead, reader = presence.lead_of(case), readers.reader_of(case)
    if wish == Wish.CALL:
        return reader, CALL
    return lead or reader, case.owner_id or CALL


def _running(case: Case, kind: DueKind, ref: int) -> Due | None:
    dues = Due.objects.select_related("owner").filter(case=case, kind=kind, ref=ref, closed_at=None)
    return dues.order_by("-id").first()


def _start(case: Case, kind: DueKind, ref: int, person: User | None, now: datetime) -> Due:
    return deadlines.start(
        case=case,
        kind=kind,
        ref=ref,
        allowed=rules_of(case.policy_version_id).time("unassigned", case.severity),
        started_at=now,
        owner_id=person.pk if person else None,
    )
