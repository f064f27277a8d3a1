"""Which conversation a message belongs to, and whether it is one to act on at all."""

from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings

from mail.inbound.kinds import FROM_PEOPLE
from mail.models import Inbound, Message, Thread

FLOOD = 30
FLOOD_TIME = timedelta(hours=1)


def thread_of(inbound: Inbound) -> Thread | None:
    """Return the conversation a message answers: by the reply address it came to, else by what it answers."""
    return _by_address(inbound) or _by_answers(inbound)


def _by_address(inbound: Inbound) -> Thread | None:
    """Find the token after the plus of our own address; nobody guesses one."""
    local, _, domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower().rpartition("@")
    ours = f"{local.partition('+')[0]}+"
    tokens = []
    for address in inbound.receivers:
        name, _, host = address.rpartition("@")
        if host == domain and name.startswith(ours):
            tokens.append(name.removeprefix(ours))
    return Thread.objects.filter(reply_token__in=tokens[:20]).first() if tokens else None


def _by_answers(inbound: Inbound) -> Thread | None:
    """Find a letter of ours it answers, else an earlier message of theirs in the same conversation."""
    bounced = inbound.bounce.get("original")
    ids = [*inbound.answers, *([bounced] if bounced else [])]
    if not ids:
        return None
    letters = Message.objects.filter(message_id__in=ids, thread__isnull=False, to_staff=False)
    letter = letters.select_related("thread").order_by("-id").first()
    if letter is not None:
        return letter.thread
    # Of people only: a machine's report may be anybody's, and answering it proves nothing.
    theirs = Inbound.objects.filter(kind__in=[str(one) for one in FROM_PEOPLE])
    earlier = theirs.filter(message_id__in=ids, thread__isnull=False, sender=inbound.sender)
    found = earlier.select_related("thread").order_by("-id").first()
    return found.thread if found else None


def note_on(inbound: Inbound, now: datetime) -> str:
    """Say why a message is no person's word although it looks like one; empty where it is.

    `our_own`: a letter of ours that came back to us. `flood`: more than thirty in an hour from one sender.
    """
    if inbound.kind not in FROM_PEOPLE:
        return ""
    if inbound.message_id and Message.objects.filter(message_id=inbound.message_id).exists():
        return "our_own"
    if inbound.sender and inbound.sender == parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower():
        return "our_own"
    recent = Inbound.objects.filter(sender=inbound.sender, received_at__gt=now - FLOOD_TIME).exclude(pk=inbound.pk)
    return "flood" if inbound.sender and recent[:FLOOD].count() >= FLOOD else ""


def came_before(inbound: Inbound) -> bool:
    """Tell whether the same message is here already, by another door or another address of ours.

    The id alone is not believed: whoever guesses one must not be able to keep a message away.
    """
    if not inbound.message_id:
        return False
    same = Inbound.objects.filter(
        message_id=inbound.message_id, sender=inbound.sender, subject=inbound.subject, text=inbound.text
    )
    return same.filter(id__lt=inbound.pk).exclude(kind="").exists()
