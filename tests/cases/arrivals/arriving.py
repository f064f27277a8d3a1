"""Messages as they reach us in tests: stored, read and taken in by the product's own sweep."""

from datetime import timedelta
from email.utils import format_datetime
from uuid import uuid4

from cases import arriving
from mail.envelope import reply_address
from mail.inbound import storing
from mail.models import Inbound
from tests.builders import NOON
from tests.mail.inbound.writing import mail

LATER = NOON + timedelta(hours=1)


def receive(raw: bytes, *, now=LATER) -> Inbound:
    """Store one raw message, take in what waits, and return its row."""
    inbound = storing.store(raw=raw, source=Inbound.Source.COMMAND, now=now)
    arriving.take_in(now)
    inbound.refresh_from_db()
    return inbound


def reply(case, text: str = "Still two housings are missing.", *, now=LATER, **headers) -> Inbound:
    """Let the reporter answer the letters of a case at its reply address."""
    known = {
        "sender": f"{case.reporter.name} <{case.reporter.email}>",
        "To": reply_address(case.thread),
        "Subject": "Re: your complaint",
        "Date": format_datetime(now),
        "Message_ID": f"<{uuid4().hex}@customer.example>",
        "In_Reply_To": "<unknown@demo.example>",
    }
    return receive(mail(text, **{**known, **headers}), now=now)
