"""One incident, many customers: telling those who share a link with a cause, before they tell us.

Each exposed customer gets a personal letter with a dated promise and a case *found by us*, whose first step is that
very letter. Reviewed once, sent in one act (product: Learnings; One incident, many customers).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from cases import entries, first_word, intake, letters, plan, promises, timeline, words
from cases.enums import Channel, EntryKind, ExposureState, Fault, PromiseKind
from cases.locking import hold
from cases.models import Case, Cause, Contact, Customer, Entry, Exposure
from cases.refusals import Refused
from cases.steps import root_cause

PLACES = ("{name}", "{customer}", "{product}")


@dataclass(frozen=True)
class Letter:
    """What everybody is told; `{name}`, `{customer}` and `{product}` stand for each one's own."""

    subject: str
    found: str
    meaning: str
    doing: str
    promise: str

    def filled(self, *, contact: Contact | None, customer: Customer, product: str) -> "Letter":
        """Return the letter as this one customer reads it."""
        own = {"{name}": contact.name if contact else customer.name, "{customer}": customer.name, "{product}": product}
        return Letter(*(_replaced(text, own) for text in (self.subject, *self.parts(), self.promise)))

    def parts(self) -> tuple[str, str, str]:
        """Return the three parts of the body: what we found, what it means for them, what we do."""
        return self.found, self.meaning, self.doing


@dataclass(frozen=True)
class Telling:
    """Whom one letter goes to, and when they hear next."""

    exposure: Exposure
    contact: Contact | None
    due_at: datetime


@transaction.atomic
def tell(*, cause: Cause, actor: User, letter: Letter, tellings: Sequence[Telling], now: datetime) -> list[Case]:
    """Write to each customer, open a case *found by us* for each, mark them told; return the cases in their order.

    All or none: raise `Refused` where `check` does, before anything is written.
    """
    source = check(cause=cause, letter=letter, tellings=tellings, now=now)
    opened = [_tell_one(source, cause, actor, letter, telling, now) for telling in tellings]
    facts = {"cause": cause.pk, "count": len(opened), "seconds": _since(cause, now)}
    held = hold(source)
    timeline.record(case=held, kind=timeline.Kind.EXPOSURES_TOLD, now=now, actor=actor, facts=facts)
    plan.refresh(held)
    return opened


def check(*, cause: Cause, letter: Letter, tellings: Sequence[Telling], now: datetime) -> Case:
    """Return the case the cause was learnt from. Raise `Refused`, naming the customer, where one cannot be told."""
    source = _source(cause)
    if not tellings:
        raise Refused("Choose at least one customer.", field="to")
    for telling in tellings:
        _check(telling, letter, cause, now)
    return source


@transaction.atomic
def open_found(*, exposure: Exposure, actor: User, now: datetime) -> Case:
    """Open a case *found by us* for one exposed customer; its first step is to tell them.

    Raise `Refused` where one is open for them already.
    """
    source = _source(exposure.cause)
    kept = Exposure.objects.select_for_update(no_key=True, of=("self",)).select_related("customer", "cause")
    kept = kept.get(pk=exposure.pk)
    if kept.opened_id is not None:
        raise Refused(f"{kept.opened.number} is open for them already. Tell them there.")
    case = _open(source, kept, _first_contact(kept.customer), kept.cause.title, actor, now)
    Exposure.objects.filter(pk=kept.pk).update(opened=case)
    return case


def product_of(cause: Cause, customer: Customer) -> str:
    """Return what of theirs is behind it: the links this customer shares with the cause, else the cause's own."""
    shared = cause.links.filter(customers=customer).values_list("name", flat=True)
    return ", ".join(shared) or ", ".join(cause.links.values_list("name", flat=True)) or cause.title


def source_of(cause: Cause) -> Case | None:
    """Return the newest case of the cause that was not found by us: what we learnt it from. None without a case."""
    cases = Case.objects.filter(case_causes__cause=cause, historical=False).order_by("-received_at", "-id")
    return cases.exclude(channel=Channel.FOUND).first() or cases.first()


def _since(cause: Cause, now: datetime) -> int:
    return max(0, int((now - cause.found_at) / timedelta(seconds=1)))


def _replaced(text: str, own: dict[str, str]) -> str:
    for place, value in own.items():
        text = text.replace(place, value)
    return text


def _source(cause: Cause) -> Case:
    source = source_of(cause)
    if source is None:
        raise Refused("No case stands under this cause. Link one first.")
    return source


def _check(telling: Telling, letter: Letter, cause: Cause, now: datetime) -> None:
    name = telling.exposure.customer.name
    if telling.exposure.cause_id != cause.pk:
        raise Refused(f"{name} is on the list of another cause.", field="to")
    if Exposure.objects.filter(pk=telling.exposure.pk, message__isnull=False).exists():
        raise Refused(f"{name} has had this letter already.", field="to")
    if not entries.reachable(telling.contact):
        raise Refused(f"{name}: nobody there has a working e-mail address. Call them, and leave them out.", field="to")
    if telling.contact.customer_id != telling.exposure.customer_id:
        raise Refused(f"{name}: this person belongs to another customer.", field="to")
    if not all(text.strip() for text in (letter.subject, *letter.parts())):
        raise Refused("Say what we found, what it means for them, and what we do.", field="found")
    promises.check(kind=PromiseKind.RECOVERY, text=letter.promise, due_at=telling.due_at, now=now)


def _tell_one(source: Case, cause: Cause, actor: User, letter: Letter, telling: Telling, now: datetime) -> Case:
    exposure, contact = telling.exposure, telling.contact
    own = letter.filled(contact=contact, customer=exposure.customer, product=product_of(cause, exposure.customer))
    case = exposure.opened or _open(source, exposure, contact, own.found, actor, now)
    held = hold(case)
    entry = _write(held, contact, actor, own, telling.due_at, now)
    _mark(exposure, held, entry, actor, now)
    plan.refresh(held)
    return held


def _open(source: Case, exposure: Exposure, contact: Contact | None, text: str, actor: User, now: datetime) -> Case:
    """Open the case and put it under the cause. Found by us is no recurrence."""
    complaint = intake.Complaint(
        customer=exposure.customer,
        reporter=contact,
        channel=Channel.FOUND,
        title=exposure.cause.title,
        text=text,
        received_at=now,
        severity=source.severity,
        category=source.category,
        fault=Fault.OURS if source.fault == Fault.OURS else Fault.UNKNOWN,
        links=tuple(exposure.cause.links.all()),
    )
    case = intake.open_case(complaint=complaint, actor=actor, owner=exposure.owner or actor, now=now)
    root_cause.link(case=case, actor=actor, cause=exposure.cause, now=now)
    return case


def _write(case: Case, contact: Contact, actor: User, own: Letter, due_at: datetime, now: datetime) -> Entry:
    """Write the letter that tells them, with its promise; once accepted it does step 1."""
    text = "\n\n".join(own.parts())
    entry = entries.write_entry(case=case, actor=actor, kind=EntryKind.EMAIL, text=text, now=now, contact=contact)
    promises.write_promise(case=case, actor=actor, text=own.promise, due_at=due_at, now=now)
    promise = {"text": own.promise, "due_at": due_at.isoformat()}
    facts = dict(zip(("found", "meaning", "doing"), own.parts(), strict=True))
    facts |= {"subject": own.subject, "promise": promise}
    facts["status_url"] = letters.pass_url("status", letters.status_pass(case=case, contact=contact, now=now))
    about = {"case": case, "contact": contact, "key": f"entry-{entry.pk}", "template": "told_first"}
    entry.message = letters.to_customer(**about, facts=facts, now=now)
    entry.save(update_fields=["message"])
    about = {"entry": entry.pk, "message": entry.message_id}
    timeline.record(case=case, kind=timeline.Kind.ACKNOWLEDGEMENT_WRITTEN, now=now, actor=actor, facts=about)
    return entry


def _mark(exposure: Exposure, case: Case, entry: Entry, actor: User, now: datetime) -> None:
    """Mark the customer told first, by which letter and case, and stop that clock where it runs."""
    row = words.write(text=entry.words.text, now=now, case=case)
    told = {"state": ExposureState.TOLD, "note": row, "marked_at": now, "marked_by": actor}
    Exposure.objects.filter(pk=exposure.pk).update(**told, message=entry.message, opened=case)
    first_word.stop_clock(exposure, now=now)


def _first_contact(customer: Customer) -> Contact | None:
    people = Contact.objects.filter(customer=customer, erased_at=None).order_by("pk")
    return next((one for one in people if entries.reachable(one)), people.first())
