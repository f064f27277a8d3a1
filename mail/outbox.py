"""Letters are rows first: written in the transaction of their act, sent later by `mail.delivery`."""

import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError

from accounts.facts import clean_facts
from mail.models import Blob, Enclosure, Message, MessageState, Recipient, Thread

ADDRESS_LENGTH = 254


def open_thread(*, key: str) -> Thread:
    """Return the conversation `key`, begun now if it is new. Its reply address cannot be guessed."""
    thread, _ = Thread.objects.get_or_create(key=key, defaults={"reply_token": secrets.token_hex(10)})
    return thread


def queue(
    *,
    key: str,
    template: str,
    to: Sequence[tuple[str, str]],
    facts: dict,
    now: datetime,
    thread: Thread | None = None,
    send_at: datetime | None = None,
    language: str = "en",
    sensitive: bool = False,
    confidential: bool = False,
    to_staff: bool = False,
    reply_to: str = "",
    copies: Sequence[tuple[str, str]] = (),
    files: Sequence[tuple[str, Blob]] = (),
) -> Message:
    """Queue the letter `templates/letters/<template>.txt` for the (name, address) pairs in `to`.

    Belongs inside the caller's transaction: act and letter are stored together or not at all. `key` names
    what the letter is for; a key used before returns that earlier letter and queues nothing. It leaves at
    `send_at`, else at the next sweep. `facts` are JSON values (see `mail.rendering.render`); `{"automatic":
    True}` marks a receipt that no machine should answer, `list_unsubscribe_url` becomes the header of that
    name. `sensitive` bodies are emptied once sent; of `confidential` ones administrators see the envelope
    only. Everybody in `to` reads the same links: queue a letter of its own for each customer contact. Those in
    `copies` read along without any customer link; `files` (name, stored file) travel with it.
    """
    if not to:
        raise ValueError("A letter needs somebody to go to.")
    fresh = Message(
        key=key,
        template=template,
        facts=clean_facts(facts),
        thread=thread,
        language=language,
        sensitive=sensitive,
        confidential=confidential,
        to_staff=to_staff,
        reply_to=_plain(reply_to),
    )
    return _put(fresh, to=to, now=now, send_at=send_at, copies=copies, files=files)


def queue_written(
    *, key: str, subject: str, text: str, html: str, to: Sequence[tuple[str, str]], now: datetime
) -> Message:
    """Queue a letter that is already written, to colleagues and with its body emptied once sent."""
    words = clean_facts({"subject": " ".join(subject.split())[:300], "text": text, "html": html})
    return _put(Message(key=key, template="", sensitive=True, to_staff=True, **words), to=to, now=now)


def withhold(*, message: Message) -> bool:
    """Call `message` back; True if it had not begun to leave, and now never will."""
    waiting = Message.objects.filter(pk=message.pk, state=MessageState.QUEUED)
    return bool(waiting.update(state=MessageState.WITHHELD))


def hold_back(*, messages: QuerySet[Message], until: datetime) -> list[int]:
    """Let those of `messages` that have not begun to leave wait until that moment; return their ids."""
    waiting = messages.filter(state=MessageState.QUEUED)
    found = list(waiting.order_by("pk").values_list("pk", flat=True))
    Message.objects.filter(pk__in=found, send_at__lt=until).update(send_at=until)
    return found


def keep_close(*, thread: int | None, number: str, is_close: bool) -> int:
    """Say of all letters of a conversation, and of those to colleagues about `number`, whether they are confidential.

    Return how many that changed.
    """
    other = Message.objects.filter(confidential=not is_close)
    told = other.filter(to_staff=True, about=number).update(confidential=is_close)
    return told + (other.filter(thread=thread).update(confidential=is_close) if thread else 0)


def let_lie(*, message: Message) -> bool:
    """Try a dead letter no more; True if it was dead. What happened to it stays written in its row."""
    dead = Message.objects.filter(pk=message.pk, state=MessageState.DEAD)
    return bool(dead.update(state=MessageState.WITHHELD))


@transaction.atomic
def retry(*, message: Message, now: datetime) -> bool:
    """Queue a dead letter again, to every address that refused it; False if it was not dead.

    It keeps its Message-ID, counts its attempts anew, and what becomes of it will be heeded again.
    """
    dead = Message.objects.filter(pk=message.pk, state=MessageState.DEAD)
    again = dead.update(state=MessageState.QUEUED, send_at=now, attempts=0, heeded_at=None)
    if again:
        refused = message.recipients.filter(state=Recipient.State.REFUSED)
        refused.update(state=Recipient.State.PENDING)
    return bool(again)


def _put(
    fresh: Message,
    *,
    to: Sequence[tuple[str, str]],
    now: datetime,
    send_at: datetime | None = None,
    copies: Sequence[tuple[str, str]] = (),
    files: Sequence[tuple[str, Blob]] = (),
) -> Message:
    if not connection.in_atomic_block:
        raise TransactionManagementError("A letter is queued inside the transaction of the act it tells of.")
    fresh.message_id = new_message_id()
    fresh.queued_at = now
    fresh.send_at = max(now, send_at or now)
    # One statement decides who was first, without an error that would spoil the caller's transaction.
    Message.objects.bulk_create([fresh], ignore_conflicts=True)
    fresh.pk, message_id = Message.objects.values_list("pk", "message_id").get(key=fresh.key)
    if message_id != fresh.message_id:
        return Message.objects.get(pk=fresh.pk)
    fresh._state.adding = False
    Recipient.objects.bulk_create(_recipients(fresh, to, copies))
    once = {blob.pk: Enclosure(message=fresh, blob=blob, name=name[:200]) for name, blob in files}
    Enclosure.objects.bulk_create(once.values())
    return fresh


def new_message_id() -> str:
    """Return a Message-ID nobody has used, under the domain our letters come from."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{uuid.uuid4().hex}@{domain}>"


def _recipients(message: Message, to: Sequence[tuple[str, str]], copies: Sequence[tuple[str, str]]) -> list[Recipient]:
    """Return one row an address; who is written to needs no copy."""
    sides = [(name, address, True) for name, address in copies] + [(name, address, False) for name, address in to]
    once = {
        _plain(address).lower(): Recipient(message=message, name=_plain(name)[:120], is_copy=is_copy)
        for name, address, is_copy in sides
    }
    for address, recipient in once.items():
        recipient.address = address[:ADDRESS_LENGTH]
        if not _valid(address):
            # An imported contact may hold anything: the letter shows what is wrong, the act is not stopped.
            recipient.state, recipient.error = Recipient.State.REFUSED, "This is not an e-mail address."
    return list(once.values())


def _plain(text: str) -> str:
    """Return `text` as one storable line: nothing in it can begin another header."""
    return " ".join(clean_facts(text).split())


def _valid(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return len(address) <= ADDRESS_LENGTH
