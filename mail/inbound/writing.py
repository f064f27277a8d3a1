"""A message out of what somebody filled in on a page of ours: from then on it goes the way of every other message."""

from collections.abc import Sequence
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr

from django.conf import settings

_POLICY = policy.SMTP.clone(max_line_length=200)


def message_of(
    *, name: str, address: str, subject: str, text: str, files: Sequence[tuple[str, str, bytes]], now: datetime
) -> bytes:
    """Return the bytes of a message from `address` to us, with files as (name, content type, bytes).

    Nothing given can begin another header.
    """
    ours = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(display_name=" ".join(name.split()), addr_spec=address)
    message["To"] = ours
    message["Subject"] = subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=ours.rpartition("@")[2])
    message.set_content(text)
    for file_name, content_type, content in files:
        main, _, sub = content_type.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=file_name)
    return message.as_bytes()
