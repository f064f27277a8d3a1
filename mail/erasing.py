"""Taking a person's letters, names and files away; the rows stay, so that counts and threads do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from mail.models import Attachment, Blob, Enclosure, Inbound, Message, MessageState, Notice, Recipient

UNSENT = (MessageState.QUEUED, MessageState.DEAD)
GONE = "erased@invalid.example"
SHORTEST_QUOTE = 12


@dataclass(frozen=True)
class Person:
    """Whom to forget: address and name, what they said, and the paths and numbers of cases they had a part in."""

    address: str
    name: str
    said: tuple[str, ...]
    places: tuple[str, ...]
    numbers: tuple[str, ...]


def forget(*, person: Person, mark: str, now: datetime) -> int:
    """Empty letters to a person and letters among colleagues that quote them; return the number of letters to them.

    A letter to them that has not left is called back; one to a colleague leaves without their name and words. A
    letter to somebody else they only read along stays, and leaves without them.
    """
    mine = Recipient.objects.filter(address__iexact=person.address) if person.address else Recipient.objects.none()
    mine.filter(is_copy=True, message__state__in=UNSENT).delete()
    to_them = Message.objects.filter(pk__in=list(mine.filter(is_copy=False).values_list("message", flat=True)))
    to_them.filter(state__in=UNSENT).update(state=MessageState.WITHHELD)
    gone = to_them.update(subject=mark, text=mark, html="", facts={}, error="")
    Enclosure.objects.filter(message__in=to_them).update(name=mark)
    mine.update(address=GONE, name="", error="")
    secrets = tuple(text for text in (person.name, *person.said) if text)
    about = Message.objects.filter(to_staff=True, facts__number__in=person.numbers)
    about.filter(state=MessageState.SENT).update(text=mark, html="")
    _blank(about, secrets, mark)
    _forget_received(person.address, mark, now)
    for place in person.places:
        _blank(Notice.objects.filter(url__startswith=place), secrets, mark)
    return gone


def forget_files(blobs: Iterable[Blob], *, mark: str, now: datetime) -> None:
    """Take the bytes of these files off the disk, unless others handed in the same; the rows stay and say when.

    Files of the person are named `mark` by now.
    """
    for blob in blobs:
        if _is_others(blob, mark):
            continue
        Blob.objects.filter(pk=blob.pk).update(erased_at=now)
        blob.path.unlink(missing_ok=True)


def _is_others(blob: Blob, mark: str) -> bool:
    """Tell whether a file somebody handed in still has these bytes; copies in letters do not count."""
    for one in Blob._meta.get_fields(include_hidden=True):
        model = one.related_model if one.auto_created and not one.concrete else None
        if model in (None, Enclosure) or not any(field.name == "name" for field in model._meta.concrete_fields):
            continue
        if model._base_manager.filter(**{one.field.name: blob}).exclude(name=mark).exists():
            return True
    return False


def _forget_received(address: str, mark: str, now: datetime) -> None:
    """Empty the messages that came from `address`; raw bytes and attachments go too, the rows say that they came."""
    if not address:
        return
    found = Inbound.objects.filter(sender__iexact=address)
    hanging = Blob.objects.filter(
        pk__in=Attachment.objects.filter(inbound__in=found, blob__isnull=False).values("blob")
    )
    gone = [*hanging, *Blob.objects.filter(pk__in=found.values("raw"))]
    Attachment.objects.filter(inbound__in=found).update(name=mark)
    forget_files(gone, mark=mark, now=now)
    found.update(
        sender=GONE, sender_name="", subject=mark, text=mark, reply=mark, html="", receivers=[], error="", bounce={}
    )


def to(address: str, threads: Sequence[int]) -> list[dict]:
    """Return the letters to `address` in the conversations with these ids: when, about what, and the text."""
    rows = _letters(address).filter(thread__in=threads).order_by("pk").values("sent_at", "subject", "text")
    return [{**row, "sent_at": row["sent_at"].isoformat() if row["sent_at"] else None} for row in rows]


def _letters(address: str) -> QuerySet[Message]:
    if not address:
        return Message.objects.none()
    return Message.objects.filter(pk__in=Recipient.objects.filter(address__iexact=address).values("message"))


def _blank(rows: QuerySet, secrets: Sequence[str], mark: str) -> None:
    """Take names and quotes out of the facts of letters among colleagues and of lines under their bells."""
    for row in rows.iterator():
        blanked = _blanked(row.facts, secrets, mark)
        if blanked != row.facts:
            row.facts = blanked
            row.save(update_fields=["facts"])


def _blanked(value, secrets: Sequence[str], mark: str):
    if isinstance(value, dict):
        return {key: _blanked(item, secrets, mark) for key, item in value.items()}
    if isinstance(value, list):
        return [_blanked(item, secrets, mark) for item in value]
    if not isinstance(value, str):
        return value
    start = value.rstrip("… .")
    if len(start) >= SHORTEST_QUOTE and any(secret.startswith(start) for secret in secrets):
        return mark  # a quote cut short
    for secret in secrets:
        value = value.replace(secret, mark)
    return value
