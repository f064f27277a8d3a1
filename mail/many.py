"""Several letters and lines under the bell in a few statements, for sweeps that tell many people at once.

The same rules hold as for one: inside the caller's transaction, and a key used before tells nothing again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError

from accounts.facts import clean_facts
from mail.models import Message, MessageState, Notice, Recipient
from mail.outbox import new_message_id


@dataclass(frozen=True)
class Line:
    """One line under one colleague's bell, as `mail.notices.tell` takes it."""

    user_id: int
    key: str
    kind: str
    url: str
    facts: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Letter:
    """One letter to one colleague, as `mail.outbox.queue` takes it."""

    key: str
    template: str
    name: str
    address: str
    facts: dict
    send_at: datetime
    language: str = "en"
    confidential: bool = False


def tell_some(lines: Iterable[Line], *, now: datetime) -> None:
    """Put lines under bells. One statement."""
    rows = [
        Notice(user_id=one.user_id, key=one.key, kind=one.kind, facts=clean_facts(one.facts), url=one.url, at=now)
        for one in lines
    ]
    if rows:
        Notice.objects.bulk_create(rows, ignore_conflicts=True)


def queue_some(letters: Iterable[Letter], *, now: datetime) -> int:
    """Queue letters to colleagues in three statements; return how many were new."""
    given = {new_message_id(): letter for letter in letters}
    if not given:
        return 0
    if not connection.in_atomic_block:
        raise TransactionManagementError("A letter is queued inside the transaction of the act it tells of.")
    Message.objects.bulk_create([_row(name, one, now) for name, one in given.items()], ignore_conflicts=True)
    stored = Message.objects.filter(message_id__in=list(given)).values_list("pk", "message_id")
    rows = [Recipient(message_id=pk, name=given[name].name[:120], address=given[name].address) for pk, name in stored]
    Recipient.objects.bulk_create(rows)
    return len(rows)


def not_yet_leaving(templates: Iterable[str], readers: Iterable[int]) -> list[Message]:
    """Return letters of these templates to these people that wait and were never tried, locked.

    One that is being claimed is passed over. A letter names its reader in the fact `reader`.
    """
    untried = Message.objects.filter(state=MessageState.QUEUED, template__in=list(templates), attempts=0, to_staff=True)
    return _locked(untried.filter(facts__reader__in=sorted(readers)))


def waiting_for(address: str) -> list[Message]:
    """Return the letters to a colleague at `address` that have not left, locked; one being claimed is passed over."""
    theirs = Recipient.objects.filter(address__iexact=address).values("message")
    return _locked(Message.objects.filter(state=MessageState.QUEUED, to_staff=True, pk__in=theirs))


def _locked(waiting: QuerySet[Message]) -> list[Message]:
    waiting = waiting.order_by("pk")
    if connection.features.has_select_for_update_skip_locked:
        waiting = waiting.select_for_update(skip_locked=True, no_key=True)
    return list(waiting)


def _row(message_id: str, letter: Letter, now: datetime) -> Message:
    return Message(
        key=letter.key,
        message_id=message_id,
        template=letter.template,
        facts=clean_facts(letter.facts),
        language=letter.language,
        confidential=letter.confidential,
        to_staff=True,
        queued_at=now,
        send_at=max(now, letter.send_at),
    )
