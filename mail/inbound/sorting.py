"""From stored bytes to a read message: an attempt is counted before it is made, so that none repeats for ever.

A message above five megabytes, and every second attempt, is read in a process of its own. What fails three times is
put aside with a notice; the rest of the mailbox goes on (promise R9).
"""

import logging
from datetime import datetime, timedelta
from io import BytesIO

from django.conf import settings
from django.db import transaction

from accounts.facts import clean_facts
from accounts.models import Role, User
from mail import filetypes, notices
from mail.inbound import bounces, child, finding, parts, proof, reading
from mail.inbound.kinds import Kind
from mail.inbound.storing import keep
from mail.models import Attachment, Inbound, InboundState

log = logging.getLogger(__name__)

LARGE = 5 * 1024 * 1024
ATTEMPTS = 3
BATCH = 200
AGAIN_AFTER = timedelta(minutes=2)


def sort_waiting(now: datetime, *, limit: int = BATCH) -> int:
    """Read every message that is stored and not read yet; return how many were read."""
    waiting = Inbound.objects.unread().select_related("raw").order_by("id")[:limit]
    return sum(sort(inbound, now) for inbound in waiting)


def sort(inbound: Inbound, now: datetime) -> bool:
    """Read one stored message and write down what it is. False where it failed, or another was first."""
    mine = Inbound.objects.unread().filter(pk=inbound.pk, attempts=inbound.attempts)
    if not mine.update(attempts=inbound.attempts + 1):
        return False
    inbound.attempts += 1
    try:
        if inbound.attempts > ATTEMPTS:
            raise child.Unreadable(inbound.error or "The program that read it ended each time.")
        found = _read(inbound)
        with transaction.atomic():
            _write(inbound, found, now)
    except Exception as error:  # any bytes are a message: whatever goes wrong is written down, never raised
        _failed(inbound, error, now)
        return False
    return True


def read_again(inbound: Inbound) -> bool:
    """Give a message that could not be read three more attempts; False if it is not set aside."""
    aside = Inbound.objects.filter(pk=inbound.pk, state=InboundState.QUARANTINED)
    return bool(aside.update(state=InboundState.STORED, attempts=0))


def _read(inbound: Inbound) -> reading.Reading:
    if inbound.raw.size > LARGE or inbound.attempts > 1:
        return child.read(inbound.raw.path)
    return reading.read(inbound.raw.path.read_bytes())


def _failed(inbound: Inbound, error: Exception, now: datetime) -> None:
    log.exception("Message %s could not be read, attempt %s", inbound.pk, inbound.attempts)
    words = clean_facts(f"{type(error).__name__}: {error}")[:500]
    over = inbound.attempts >= ATTEMPTS
    state = InboundState.QUARANTINED if over else InboundState.STORED
    with transaction.atomic():
        Inbound.objects.filter(pk=inbound.pk).update(error=words, state=state)
        if over:
            _tell(inbound, now)


def _tell(inbound: Inbound, now: datetime) -> None:
    for person in User.objects.working_here().with_role(Role.ADMIN):
        key = f"quarantined-{inbound.pk}"
        notices.tell(user=person, key=key, kind="quarantined", facts={}, url=f"/messages/{inbound.pk}/", now=now)


def _write(inbound: Inbound, found: reading.Reading, now: datetime) -> None:
    describe(inbound, found)
    inbound.thread, inbound.note = finding.thread_of(inbound), finding.note_on(inbound, now)
    inbound.state = InboundState.DOUBLE if finding.came_before(inbound) else InboundState.READ
    inbound.error = ""
    inbound.save()
    _attach(inbound, found.pieces, now)


def describe(inbound: Inbound, found: reading.Reading) -> None:
    """Put what was read into the row, in the form a database can hold, without saving it."""
    for name in ("kind", "html", "text", "reply", "left_out", "written_at"):
        setattr(inbound, name, clean_facts(getattr(found, name)))
    inbound.sender, inbound.sender_name = clean_facts(found.sender)[:254], clean_facts(found.sender_name)[:200]
    inbound.sender_proved = proof.is_proved(found.results, found.sender, settings.TRUSTED_MAIL_SERVERS)
    inbound.subject, inbound.message_id = clean_facts(found.subject)[:300], clean_facts(found.message_id)[:255]
    inbound.answers, inbound.receivers = clean_facts(found.answers[:50]), clean_facts(found.to[:50])
    inbound.is_forwarded = found.forwarded
    inbound.bounce = clean_facts(_returned(found.bounce)) if found.bounce is not None else {}
    if inbound.source == Inbound.Source.FORM:  # whatever a stranger writes into a page of ours, no letter came back
        inbound.kind, inbound.bounce, inbound.sender_proved = str(Kind.NEW), {}, False


def _returned(told: bounces.Bounce) -> dict:
    facts = {"recipient": told.recipient, "status": told.status, "hard": told.hard, "said": told.diagnostic}
    return facts | {"original": told.original_id}


def _attach(inbound: Inbound, pieces: list[parts.Piece], now: datetime) -> None:
    """Keep the files; the same bytes are listed once, however often they hang on the message."""
    rows: dict[str, Attachment] = {}
    for place, piece in enumerate(pieces):
        row = _row(inbound, place, piece, now)
        key = f"blob-{row.blob_id}" if row.blob_id and not row.cid else f"place-{place}"
        rows.setdefault(key, row)
    Attachment.objects.bulk_create(rows.values(), ignore_conflicts=True)


def _row(inbound: Inbound, place: int, piece: parts.Piece, now: datetime) -> Attachment:
    row = Attachment(
        inbound=inbound,
        place=place,
        name=clean_facts(piece.name)[:250],
        content_type=clean_facts(piece.type)[:120],
        size=piece.size,
        cid=clean_facts(piece.cid)[:250],
        is_inline=piece.inline,
    )
    if not piece.content:
        row.refusal = Attachment.Refusal.SIZE if piece.size else Attachment.Refusal.EMPTY
        return row
    found = filetypes.type_of(BytesIO(piece.content), name=row.name)
    if found is None:
        row.refusal = Attachment.Refusal.KIND
        return row
    row.content_type = found.content_type
    row.blob = keep(raw=BytesIO(piece.content), content_type=found.content_type, now=now)
    return row
