"""Who may send a letter: a claim by compare-and-set, a lease that ends by itself, and what became of it.

Any number of workers may sweep at once. A letter is claimed by exactly one of them; a worker that dies loses
its claims when the lease ends, and the letter is sent again with the same Message-ID.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from mail.models import Message, MessageState, Recipient
from mail.rendering import Letter

# Longer than a batch's time plus the slowest letter: connecting and every command may wait for a timeout.
LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 8
_PAUSES = (1, 5, 15, 60, 240, 480, 720)  # minutes after the first, second … attempt
DIED = "The program that was sending this letter died each time. It was set aside after %d attempts."


@dataclass
class Outcome:
    """What one attempt came to. `at` is when; states by recipient id; `error` of the letter as a whole."""

    at: datetime
    letter: Letter | None = None
    accepted: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    pending: dict[int, str] = field(default_factory=dict)
    reached_before: bool = False
    error: str = ""
    is_final: bool = False


def take_back(*, now: datetime) -> int:
    """Free letters whose sender died; return how many.

    One that killed its sender at every attempt is set aside.
    """
    lost = Message.objects.lost(now - LEASE)
    spent = lost.filter(attempts__gte=MAX_ATTEMPTS)
    given_up = spent.update(state=MessageState.DEAD, claim="", claimed_at=None, error=DIED % MAX_ATTEMPTS)
    return given_up + lost.update(state=MessageState.QUEUED, claim="", claimed_at=None)


def claim(*, now: datetime, limit: int) -> list[Message]:
    """Claim up to `limit` letters that are due, longest waiting first; nobody else gets them.

    The attempt is counted here, before anything can go wrong, so that a letter which kills the program stops
    doing so.
    """
    token = secrets.token_hex(16)
    with transaction.atomic():
        due = Message.objects.ready(now).order_by("send_at", "id")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        # Read first: PostgreSQL may run a locking subquery more than once and then go beyond its limit.
        chosen = list(due.values_list("pk", flat=True)[:limit])
        Message.objects.filter(pk__in=chosen, state=MessageState.QUEUED).update(
            state=MessageState.SENDING, claim=token, claimed_at=now, attempts=F("attempts") + 1
        )
    mine = Message.objects.filter(state=MessageState.SENDING, claim=token)
    return list(
        mine.select_related("thread").prefetch_related("recipients", "enclosures__blob").order_by("send_at", "id")
    )


def release(messages: Iterable[Message], *, until: datetime | None = None, error: str = "") -> int:
    """Give back letters that were claimed but not tried: the attempt does not count."""
    claims = {message.claim for message in messages}
    mine = Message.objects.filter(
        state=MessageState.SENDING, claim__in=claims, pk__in=[message.pk for message in messages]
    )
    delay = {"send_at": until} if until else {}
    return mine.update(
        state=MessageState.QUEUED, claim="", claimed_at=None, attempts=F("attempts") - 1, error=error, **delay
    )


@transaction.atomic
def settle(*, message: Message, outcome: Outcome) -> str:
    """Write down what became of a claimed letter; return its new state, "" if the claim was lost."""
    state = _state_after(message, outcome)
    mine = Message.objects.filter(pk=message.pk, state=MessageState.SENDING, claim=message.claim)
    changed = mine.update(
        state=state,
        claim="",
        claimed_at=None,
        error=outcome.error,
        **_times(message, state, outcome),
        **_words(message, state, outcome.letter),
    )
    if not changed:
        return ""
    _settle_recipients(outcome, given_up=state in (MessageState.SENT, MessageState.DEAD))
    return state


def _state_after(message: Message, outcome: Outcome) -> str:
    spent = outcome.is_final or message.attempts >= MAX_ATTEMPTS
    if outcome.pending and not spent:
        return MessageState.QUEUED
    return MessageState.SENT if outcome.reached_before or _reached(message, outcome) else MessageState.DEAD


def _reached(message: Message, outcome: Outcome) -> bool:
    """Tell whether somebody it was written to has it now; a copy that arrived is not enough."""
    named = {one.pk for one in message.recipients.all() if not one.is_copy}
    return not named.isdisjoint(outcome.accepted)


def _times(message: Message, state: str, outcome: Outcome) -> dict:
    if state == MessageState.SENT:
        return {"sent_at": outcome.at}
    if state == MessageState.DEAD:
        return {}
    return {"send_at": outcome.at + timedelta(minutes=_PAUSES[min(message.attempts, len(_PAUSES)) - 1])}


def _words(message: Message, state: str, letter: Letter | None) -> dict:
    if letter is None:
        return {}
    if message.sensitive and state == MessageState.SENT:
        return {"subject": letter.subject, "text": "", "html": "", "facts": {}}
    return {"subject": letter.subject, "text": letter.text, "html": letter.html}


def _settle_recipients(outcome: Outcome, *, given_up: bool) -> None:
    states = Recipient.State
    changes = defaultdict(list)
    changes[states.ACCEPTED, ""] += outcome.accepted
    for pk, error in outcome.refused.items():
        changes[states.REFUSED, error].append(pk)
    for pk, error in outcome.pending.items():
        changes[states.REFUSED if given_up else states.PENDING, error].append(pk)
    for (state, error), ids in changes.items():
        if ids:
            Recipient.objects.filter(pk__in=ids).update(state=state, error=error)
