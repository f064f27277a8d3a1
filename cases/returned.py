"""A letter of ours came back: what it had completed is taken back, its reader is marked, its writer is told.

Anybody can write a bounce. It is believed only where it proves that it has seen the letter: it carries that letter's
Message-ID, came to the letter's own return address, or was reported by the mail provider itself (decision 0011).
Without a proof it is shown, and changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from cases import heeding, letters, pausing, plan, presence, timeline
from cases.enums import CaseState, StepNumber, StepState, Verdict
from cases.models import Case, Confirmation, Contact, Entry
from mail import holding, return_paths
from mail.models import Inbound, Message, Recipient

RECENT = timedelta(days=7)
FOR_GOOD = "5"


@dataclass(frozen=True)
class Told:
    """The address of ours a bounce tells of, and whether it proves that the letter came back."""

    recipient: Recipient
    proved: bool


def told_of(inbound: Inbound) -> Told | None:
    """Return which letter to whom a bounce tells of: by what proves it, else the latest that went to the address."""
    reached = Recipient.objects.filter(message__to_staff=False).select_related("message__thread")
    proved = _meant(reached.filter(message__message_id__in=_ids(inbound)), inbound)
    if proved is None and (letter := return_paths.letter_of(inbound.receivers)):
        proved = _meant(reached.filter(message=letter), inbound)
    if proved is not None:
        return Told(proved, proved=True)
    latest = _latest(reached, inbound)
    return Told(latest, proved=inbound.source == Inbound.Source.NOTICE) if latest is not None else None


def _ids(inbound: Inbound) -> list[str]:
    return [one for one in (inbound.bounce.get("original"), *inbound.answers) if one]


def _meant(letters_of: QuerySet[Recipient], inbound: Inbound) -> Recipient | None:
    found = list(letters_of.order_by("id"))
    named = [one for one in found if one.address.lower() == inbound.bounce.get("recipient")]
    # A forwarding address bounces under another name: then the only reader of the letter is meant.
    return (named or found)[0] if named or len(found) == 1 else None


def _latest(reached: QuerySet[Recipient], inbound: Inbound) -> Recipient | None:
    if not inbound.bounce.get("recipient"):
        return None
    since = inbound.received_at - RECENT
    same = reached.filter(address__iexact=inbound.bounce["recipient"], message__sent_at__gte=since)
    return same.order_by("-message__sent_at").first()


def case_of(told: Told) -> Case | None:
    """Return the case a returned letter belongs to."""
    thread = told.recipient.message.thread_id
    return Case.objects.filter(thread=thread).first() if thread else None


def heed(*, inbound: Inbound, told: Told, case: Case | None, now: datetime) -> None:
    """Draw the consequence of a bounce on the locked case if it belongs to one; without a proof only show it."""
    if told.proved:
        _came_back(inbound, told.recipient, case, now)
    elif case is not None:
        _only_said(inbound, told.recipient, case, now)


def _only_said(inbound: Inbound, recipient: Recipient, case: Case, now: datetime) -> None:
    """Show, once a letter, what somebody says of it."""
    message, kind = recipient.message, timeline.Kind.BOUNCE_UNPROVED
    if any(event.facts.get("message") == message.pk for event in case.events.filter(kind=kind)):
        return
    contact = _contact(case, recipient)
    facts = {"message": message.pk, "inbound": inbound.pk}
    timeline.record(case=case, kind=kind, now=now, contact=contact, facts=facts)
    told = {"who": contact.name if contact else recipient.address}
    key = f"bounce-unproved-{message.pk}"
    letters.bell(user=presence.reader_of(case), case=case, key=key, kind="bounce_unproved", now=now, facts=told)


def _contact(case: Case, recipient: Recipient) -> Contact | None:
    return Contact.objects.filter(customer=case.customer_id, email__iexact=recipient.address).first()


def _came_back(inbound: Inbound, recipient: Recipient, case: Case | None, now: datetime) -> None:
    hard = bool(inbound.bounce.get("hard"))
    if hard:
        said = inbound.bounce.get("said") or inbound.bounce.get("status") or "it came back"
        Recipient.objects.filter(pk=recipient.pk).update(state=Recipient.State.BOUNCED, error=said)
        Contact.objects.filter(email__iexact=recipient.address).update(bounced_at=now)
        holding.hold(address=recipient.address, now=now)
    if case is None:
        return
    message = recipient.message
    status = str(inbound.bounce.get("status", ""))
    facts = {"message": message.pk, "template": message.template, "hard": hard, "status": status[:12]}
    contact = _contact(case, recipient)
    timeline.record(case=case, kind=timeline.Kind.LETTER_BOUNCED, now=now, contact=contact, facts=facts)
    if hard:
        _undo(case, message, now)
    if hard or status.startswith(FOR_GOOD):
        told = {**facts, "who": contact.name if contact else recipient.address}
        letters.bell(user=case.owner, case=case, key=f"bounced-{message.pk}", kind="bounced", now=now, facts=told)


def _undo(case: Case, message: Message, now: datetime) -> None:
    """Take back what the letter had completed: it reached nobody."""
    entry = Entry.objects.filter(message=message).first()
    for number in [*_acknowledged(case, message), *heeding.completed_by(case, entry, message)]:
        plan.take_back(case=case, number=number, now=now, why="letter_bounced")
    if entry is not None:
        pausing.question_fell(case=case, entry=entry, now=now)
    Confirmation.objects.filter(case=case, message=message, verdict=Verdict.PENDING).update(next_at=None)


def _acknowledged(case: Case, message: Message) -> list[int]:
    if case.state == CaseState.CLOSED:
        return []
    step = plan.current_steps(case).get(StepNumber.ACKNOWLEDGE)
    by_letter = step is not None and step.state == StepState.DONE and step.note == "email"
    return [StepNumber.ACKNOWLEDGE] if by_letter and step.done_at == message.sent_at else []
