"""Signals: lines of our own books that may be failures nobody has complained of yet.

Each proposes a case *found by us*, whose first step is to tell them first (product: Before it breaks; Hitt,
principle 3: it won't go away). How a file of them is read in stands in `cases.importing.signals`.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases import access, intake, words
from cases.enums import Channel, Fault, Severity
from cases.models import Case, Contact, Customer, Signal
from cases.refusals import Refused

SOURCE = "signals"
TITLES = {
    Signal.Kind.CREDIT_NOTE: "We had to credit {reference}",
    Signal.Kind.RETURN: "Goods came back: {reference}",
    Signal.Kind.LATE_DELIVERY: "Delivered late: {reference}",
}


@transaction.atomic
def open_case(*, signal: Signal, actor: User, now: datetime) -> Case:
    """Open a case *found by us* for what the signal says; its first step is to tell them first.

    Raise `Refused` where somebody decided on it before, or for somebody who may not log complaints.
    """
    kept = _hold(signal, actor)
    complaint = intake.Complaint(
        customer=kept.customer,
        reporter=_whom(kept.customer),
        channel=Channel.FOUND,
        title=TITLES[Signal.Kind(kept.kind)].format(reference=kept.reference)[:200],
        text=_said(kept),
        received_at=now,
        severity=Severity.NORMAL,
        fault=Fault.UNKNOWN,
        source=SOURCE,
        external_ref=f"{kept.kind}-{kept.reference}"[:80],
    )
    owner = _owner(kept.customer) or actor
    case = intake.open_case(complaint=complaint, actor=actor, owner=owner, now=now)
    _decide(kept, Signal.State.OPENED, actor, now, case=case)
    return case


@transaction.atomic
def dismiss(*, signal: Signal, actor: User, reason: str, now: datetime) -> Signal:
    """Say why a signal makes no case. Raise `Refused` without a reason, or where somebody decided before."""
    kept = _hold(signal, actor)
    if not reason.strip():
        raise Refused("Say why this makes no case.", field="reason")
    _decide(kept, Signal.State.DISMISSED, actor, now, reason=words.write(text=reason, now=now))
    return kept


def _hold(signal: Signal, actor: User) -> Signal:
    if not access.may_log(actor):
        raise Refused("Signals are looked at by those who may log a complaint.")
    rows = Signal.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "customer__account_manager", "words", "case"
    )
    kept = rows.get(pk=signal.pk)
    if kept.state != Signal.State.PROPOSED:
        raise Refused("Somebody has decided on this in the meantime. Reload the page to see how.")
    return kept


def _decide(signal: Signal, state: Signal.State, actor: User, now: datetime, **facts) -> None:
    signal.state, signal.decided_by, signal.decided_at = state, actor, now
    for name, value in facts.items():
        setattr(signal, name, value)
    signal.save(update_fields=["state", "decided_by", "decided_at", *facts])


def _owner(customer: Customer) -> User | None:
    manager = customer.account_manager
    return manager if manager is not None and manager.is_active and not manager.left_at else None


def _whom(customer: Customer) -> Contact | None:
    people = Contact.objects.filter(customer=customer, erased_at=None).order_by("pk")
    return next((one for one in people if one.email and not one.bounced_at), people.first())


def _said(signal: Signal) -> str:
    kind = signal.get_kind_display()
    head = f"{kind} {signal.reference} of {signal.on.isoformat()}, from our own books. They have not complained."
    return f"{head}\n\n{signal.words.text}" if signal.words else head
