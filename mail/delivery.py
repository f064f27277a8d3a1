"""The sweep that lets letters leave: claim, render, hand over, write down; one letter at a time, none twice.

At least once, with one Message-ID: a letter repeats only where the mail server took it and this program died
before the commit. No transaction is open while the server answers. One bad letter never stops the others.
"""

import logging
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mail import carriers, claims, links
from mail.batches import Batch, has_reached_somebody, loaded, usable, waiting
from mail.claims import Outcome
from mail.envelope import Envelope, seal, wire_address
from mail.holding import HELD
from mail.models import Message, MessageState
from mail.rendering import Letter, letter_of, unwritable, without_links

log = logging.getLogger(__name__)

BATCH = 20
SWEEP_SECONDS = 45
BATCH_SECONDS = 60
UNREACHABLE_PAUSE = timedelta(minutes=1)
NO_ADDRESS = "No address of this letter can be used."


@dataclass(frozen=True)
class Delivered:
    """What one sweep came to, in letters; `unreachable` says why no mail server answered."""

    sent: int = 0
    postponed: int = 0
    dead: int = 0
    taken_back: int = 0
    unreachable: str = ""


@dataclass
class _Clock:
    """The caller's `now`, moving on while the sweep works."""

    start: datetime
    _began: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    @property
    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.seconds)


def deliver_due(now: datetime, *, limit: int = 10_000) -> Delivered:
    """Send what is due, at most `limit` letters or 45 seconds' worth; safe to run anywhere, any time, twice.

    A temporary refusal waits 1, 5, 15, 60 minutes, then hours; after 8 attempts, or a final refusal, the
    letter is dead and says why. A server nobody reaches costs no letter an attempt.
    """
    clock, counts = _Clock(now), Counter()
    taken_back = claims.take_back(now=now)
    carrier = carriers.current()
    try:
        unreachable = _sweep(carrier, clock, counts, limit)
    finally:
        carrier.close()
    return Delivered(
        sent=counts[MessageState.SENT],
        postponed=counts[MessageState.QUEUED],
        dead=counts[MessageState.DEAD],
        taken_back=taken_back,
        unreachable=unreachable,
    )


def _sweep(carrier: carriers.Carrier, clock: _Clock, counts: Counter, limit: int) -> str:
    """Send batch after batch; return why the mail server could not be reached, or ""."""
    while (room := limit - counts.total()) > 0 and clock.seconds < SWEEP_SECONDS:
        claimed = claims.claim(now=clock.now, limit=min(BATCH, room))
        if not claimed:
            break
        unreachable = _deliver(loaded(claimed), carrier, clock, counts)
        if unreachable:
            return unreachable
    return ""


def _deliver(batch: Batch, carrier: carriers.Carrier, clock: _Clock, counts: Counter) -> str:
    began = clock.seconds
    for place, message in enumerate(batch.messages):
        untried = batch.messages[place:]
        if clock.seconds - began > BATCH_SECONDS:
            claims.release(untried)
            break
        try:
            carrier.open()
        except carriers.Unreachable as error:
            log.warning("The mail server cannot be reached: %s", error)
            claims.release(untried, until=clock.now + UNREACHABLE_PAUSE, error=f"Not reached: {error}")
            return str(error)
        outcome = _attempt(message, batch, carrier, clock)
        counts[claims.settle(message=message, outcome=outcome)] += 1
    return ""


def _attempt(message: Message, batch: Batch, carrier: carriers.Carrier, clock: _Clock) -> Outcome:
    """Render and hand over one letter; whatever goes wrong becomes its outcome."""
    letter = None
    try:
        letter = letter_of(message)
        if not waiting(message):
            return Outcome(clock.now, letter, error=_why_nobody(message))
        refusals = _hand_over(message, letter, batch, carrier, clock)
        return _handed_over(message, letter, batch, refusals, clock.now)
    except carriers.Deferred as error:
        return _failed(message, letter, batch, error, clock.now)
    except carriers.Refused as error:
        return _failed(message, letter, batch, error, clock.now, is_final=True)
    except Exception as error:  # a template, a fact or a header at fault: set this letter aside, send the others
        log.exception("Letter %s could not be written", message.pk)
        return _failed(message, letter, batch, unwritable(error), clock.now, is_final=True)


def _why_nobody(message: Message) -> str:
    return HELD if any(one.error == HELD for one in message.recipients.all()) else NO_ADDRESS


def _hand_over(
    message: Message, letter: Letter, batch: Batch, carrier: carriers.Carrier, clock: _Clock
) -> dict[str, carriers.Refusal]:
    """Hand over to those written to, then to copies; what fails on one of two sides is said of its addresses."""
    sides = sorted({one.is_copy for one in waiting(message)})
    refusals = {}
    for is_copy in sides:
        words = letter if not is_copy else without_links(message)
        envelope = _sealed(message, words, batch, clock, is_copy)
        try:
            refusals |= carrier.send(envelope)
        except (carriers.Deferred, carriers.Refused) as error:
            if len(sides) == 1:
                raise
            refusals |= dict.fromkeys(envelope.addresses, carriers.Refusal.of(error))
    return refusals


def _sealed(message: Message, letter: Letter, batch: Batch, clock: _Clock, is_copy: bool) -> Envelope:
    return seal(
        message=message,
        letter=letter,
        recipients=usable(message),
        tokens=batch.tokens,
        earlier=batch.before(message),
        at=clock.now,
        for_copies=is_copy,
    )


def _failed(
    message: Message,
    letter: Letter | None,
    batch: Batch,
    error: Exception,
    at: datetime,
    *,
    is_final: bool = False,
) -> Outcome:
    words = links.hidden(str(error) or type(error).__name__, batch.tokens)
    return Outcome(
        at,
        letter,
        pending={one.pk: words for one in waiting(message)},
        error=words,
        is_final=is_final,
        reached_before=has_reached_somebody(message),
    )


def _handed_over(message: Message, letter: Letter, batch: Batch, refusals: dict, at: datetime) -> Outcome:
    outcome = Outcome(at, letter, reached_before=has_reached_somebody(message))
    for one in waiting(message):
        refusal = refusals.get(wire_address(one.address))
        if refusal is None:
            outcome.accepted.append(one.pk)
            continue
        words = links.hidden(f"{refusal.code} {refusal.words}", batch.tokens)
        (outcome.refused if refusal.is_final else outcome.pending)[one.pk] = words
        outcome.error = words
    return outcome
