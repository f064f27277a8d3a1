"""A letter of ours came back: what it had completed is taken back, its reader is marked, its writer is told.

A bounce is no proof of itself: it counts only for a letter of ours that went to the address it names.
"""

from datetime import datetime, timedelta

from cases import heeding, letters, pausing, plan, timeline
from cases.enums import CaseState, StepNumber, StepState, Verdict
from cases.models import Case, Confirmation, Contact, Entry
from mail import holding
from mail.models import Inbound, Message, Recipient

RECENT = timedelta(days=7)
FOR_GOOD = "5"


def recipient_of(inbound: Inbound) -> Recipient | None:
    """Return the address of ours a bounce tells of: by the letter it returns, else by the latest letter there."""
    told = inbound.bounce
    reached = Recipient.objects.filter(message__to_staff=False).select_related("message__thread")
    if told.get("original"):
        of_letter = list(reached.filter(message__message_id=told["original"]))
        named = [one for one in of_letter if one.address.lower() == told["recipient"]]
        # A forwarding address bounces under another name: then the only reader of the letter is meant.
        if named or len(of_letter) == 1:
            return (named or of_letter)[0]
    if not told.get("recipient"):
        return None
    since = inbound.received_at - RECENT
    same = reached.filter(address__iexact=told["recipient"], message__sent_at__gte=since)
    return same.order_by("-message__sent_at").first()


def case_of(recipient: Recipient | None) -> Case | None:
    """Return the case a returned letter belongs to."""
    if recipient is None or recipient.message.thread_id is None:
        return None
    return Case.objects.filter(thread=recipient.message.thread_id).first()


def came_back(*, inbound: Inbound, recipient: Recipient, case: Case | None, now: datetime) -> None:
    """Draw the consequence of a bounce, on the locked case if it belongs to one."""
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
    contact = Contact.objects.filter(customer=case.customer_id, email__iexact=recipient.address).first()
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
