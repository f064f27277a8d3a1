"""The sweep that takes messages in: read, then put where they belong; each in a transaction of its own.

A person's words land on their case, or become an intake item; so does what names a colleague without a proof.
Machines never open, reopen or get anything.
"""

from datetime import datetime

from django.db import transaction

from cases import intake_items, landing, returned, sweeping, tracking
from cases.locking import hold
from cases.models import Case
from cases.steps import marking
from mail.inbound import sorting
from mail.inbound.kinds import FROM_PEOPLE, Kind
from mail.models import Inbound, InboundState

SWEEP = "take_in"
BATCH = 200


def take_in(now: datetime, *, limit: int = BATCH) -> int:
    """Read and take in every message that waits, and do what has fallen due with earlier ones; return how many."""
    sorting.sort_waiting(now, limit=limit)
    done = _take_waiting(now, limit)
    return done + intake_items.warn_due(now) + intake_items.draw_sample(now) + marking.reopen_unmarked(now)


def _take_waiting(now: datetime, limit: int) -> int:
    aside = sweeping.set_aside(SWEEP, "Inbound")
    rows = list(Inbound.objects.waiting().exclude(pk__in=aside).order_by("id")[:limit])
    return sweeping.each(SWEEP, rows, lambda inbound: take(inbound, now), now=now)


def take_now(inbound: Inbound, now: datetime) -> str:
    """Read and take in one message just stored, and return in one line what became of it."""
    sorting.sort(inbound, now)
    inbound.refresh_from_db()
    if inbound.state == InboundState.READ:
        sweeping.each(SWEEP, [inbound], lambda row: take(row, now), now=now)
        inbound.refresh_from_db()
    return f"message {inbound.pk}: {_became(inbound)}"


def _became(inbound: Inbound) -> str:
    if inbound.state == InboundState.STORED:
        return "stored; it could not be read yet and is tried again within a minute"
    if inbound.state != InboundState.TAKEN:
        return inbound.get_state_display()
    item = getattr(inbound, "intake_item", None)
    if item is not None:
        return f"{inbound.kind}, waits in the intake as item {item.pk}"
    case = tracking.case_of(inbound)
    return f"{inbound.kind}, belongs to {case.number}" if case else f"{inbound.kind}, kept and not acted on"


@transaction.atomic
def take(inbound: Inbound, now: datetime) -> bool:
    """Put one message where it belongs, once. False where another sweep was first."""
    told = returned.told_of(inbound) if inbound.kind == Kind.BOUNCE else None
    case = returned.case_of(told) if told else tracking.case_of(inbound)
    held = hold(case) if case is not None else None
    waiting = Inbound.objects.select_for_update(no_key=True, of=("self",)).waiting()
    fresh = waiting.filter(pk=inbound.pk).first()
    if fresh is None:
        return False
    if told is not None:
        returned.heed(inbound=fresh, told=told, case=held, now=now)
    else:
        _place(fresh, held, now)
    _taken(fresh, held, proved=told is not None and told.proved)
    return True


def _taken(inbound: Inbound, case: Case | None, *, proved: bool) -> None:
    bounce = {**inbound.bounce, "proved": proved} if inbound.kind == Kind.BOUNCE else inbound.bounce
    thread = _thread(inbound, case)
    Inbound.objects.filter(pk=inbound.pk).update(state=InboundState.TAKEN, thread=thread, bounce=bounce)


def _place(inbound: Inbound, case: Case | None, now: datetime) -> None:
    if inbound.kind == Kind.AUTO_REPLY and case is not None:
        landing.away(case=case, inbound=inbound, now=now)
    elif inbound.kind in FROM_PEOPLE and not inbound.note and landing.names_a_colleague_unproved(inbound):
        intake_items.lay(inbound=inbound, now=now, meant_for=case)
    elif inbound.kind in FROM_PEOPLE and not inbound.note:
        # Nobody works an imported, finished case: a word on it is a new matter until somebody says otherwise.
        if case is not None and (case.is_open or not case.historical):
            landing.land(case=case, inbound=inbound, now=now)
        else:
            intake_items.lay(inbound=inbound, now=now)


def _thread(inbound: Inbound, case: Case | None) -> int | None:
    """A message found by its number belongs to the conversation from now on."""
    return case.thread_id if case is not None and case.thread_id else inbound.thread_id
