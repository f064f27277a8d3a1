"""Django's door for e-mail leads into the outbox: what the sign-in library sends leaves like any letter."""

import uuid
from email.utils import parseaddr

from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from mail import outbox


class OutboxBackend(BaseEmailBackend):
    """Queue instead of sending. Bodies are emptied once sent, for they hold links to sign in with."""

    @transaction.atomic
    def send_messages(self, email_messages) -> int:
        """Queue `email_messages`, all or none; return how many."""
        now = timezone.now()
        addressed = [message for message in email_messages or [] if message.recipients()]
        for message in addressed:
            outbox.queue_written(
                key=f"direct-{uuid.uuid4().hex}",
                subject=message.subject,
                text=message.body,
                html=_html_of(message),
                to=[parseaddr(address) for address in message.recipients()],
                now=now,
            )
        return len(addressed)


def _html_of(message) -> str:
    parts = getattr(message, "alternatives", [])
    return next((str(content) for content, kind in parts if kind == "text/html"), "")
