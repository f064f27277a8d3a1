"""Letters claimed together, with everything their sending needs, read in a constant number of statements."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from mail import links
from mail.holding import hold_back
from mail.inbound.kinds import Kind
from mail.models import Inbound, Message, MessageState, Recipient

THEIRS = 0  # stands where a letter of ours has its key


@dataclass(frozen=True)
class Batch:
    """Claimed letters, the tokens of their customer links, and what went before in their threads."""

    messages: list[Message]
    tokens: dict[int, str]
    earlier: dict[tuple[int, bool], list[tuple[datetime, int, str]]]

    def before(self, message: Message) -> list[str]:
        """Return the Message-IDs in the thread of `message` before it, with the same side, oldest first.

        The one it answers stands last: the customer's newest where they wrote, else our own newest.
        """
        thread = self.earlier.get((message.thread_id, message.to_staff), [])
        before = [(pk == THEIRS, name) for _, pk, name in sorted(thread) if pk < message.pk]
        chain = list(dict.fromkeys(name for _, name in before))
        if theirs := [name for is_theirs, name in before if is_theirs]:
            chain.remove(theirs[-1])
            chain.append(theirs[-1])
        return chain


def loaded(messages: list[Message]) -> Batch:
    """Return `messages` as a batch: one query for links, two for threads, one for addresses that are held.

    None where there is nothing to ask for.
    """
    hold_back(messages)
    marked = set().union(*map(_passes_of, messages))
    threads = {message.thread_id for message in messages if message.thread_id}
    return Batch(
        messages=messages,
        tokens=links.tokens_for(marked) if marked else {},
        earlier=_earlier(threads) if threads else {},
    )


def waiting(message: Message) -> list[Recipient]:
    """Return the recipients the letter has not reached and still may."""
    return [one for one in message.recipients.all() if one.state == Recipient.State.PENDING]


def usable(message: Message) -> list[Recipient]:
    """Return the recipients named in the letter: all but those their server refused."""
    return [one for one in message.recipients.all() if one.state != Recipient.State.REFUSED]


def has_reached_somebody(message: Message) -> bool:
    """Tell whether an earlier attempt reached one of several it was written to."""
    return any(one.state == Recipient.State.ACCEPTED and not one.is_copy for one in message.recipients.all())


def _earlier(threads: set[int]) -> dict:
    """Return what was written in each thread, by whom it was read. Two statements."""
    found = defaultdict(list)
    states = [MessageState.SENT, MessageState.SENDING]
    letters = Message.objects.filter(thread_id__in=threads, state__in=states)
    rows = letters.values_list("thread_id", "to_staff", "queued_at", "id", "message_id")
    for thread, to_staff, at, pk, message_id in rows.order_by("id"):
        found[thread, to_staff].append((at, pk, message_id))
    words = Inbound.objects.filter(thread_id__in=threads, kind__in=[Kind.NEW, Kind.REPLY]).exclude(message_id="")
    for thread, at, message_id in words.values_list("thread_id", "received_at", "message_id").order_by("id"):
        found[thread, False].append((at, THEIRS, message_id))
    return found


def _passes_of(message: Message) -> set[int]:
    return links.passes_in(message.text, message.html, *_texts(message.facts))


def _texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
