"""What a mail provider hands in by webhook, by way of django-anymail: messages, and letters that came back.

A returned letter is written as the report a mail server would send, so that there is one road for both. Its door is
one of its own: what the provider itself reports is believed, a message it merely hands on is not.
"""

from email.message import EmailMessage
from email.utils import make_msgid

from django.utils import timezone

from mail.inbound import mime, storing
from mail.models import Inbound

CAME_BACK = ("bounced", "rejected", "failed")
FOR_GOOD = ("bounced", "invalid")
LONGEST = 500
REPORT = """\
From: Mail Delivery System <mailer-daemon@{provider}.invalid>
Subject: Undelivered Mail Returned to Sender
Message-ID: {message_id}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"

--part
Content-Type: text/plain; charset=utf-8

{provider} reports that a letter could not be delivered.

--part
Content-Type: message/delivery-status

Reporting-MTA: dns; {provider}.invalid

Final-Recipient: rfc822; {recipient}
Action: failed
Status: {status}
Diagnostic-Code: smtp; {said}

--part--
"""


def received(sender, event, esp_name, **kwargs) -> None:
    """Store a message a provider hands in. An error here makes the provider try again."""
    message: EmailMessage = event.message
    head = f"X-Envelope-To: {_line(message.envelope_recipient)}\r\n" if message.envelope_recipient else ""
    raw = head.encode("utf-8", "replace") + message.as_bytes(policy=mime.POLICY)
    storing.store(raw=raw, source=Inbound.Source.WEBHOOK, now=timezone.now())


def tracked(sender, event, esp_name, **kwargs) -> None:
    """Store a letter that came back as a delivery report; opened and clicked ones are nobody's business."""
    if event.event_type not in CAME_BACK or not event.recipient:
        return
    gone = event.event_type == "bounced" and event.reject_reason in FOR_GOOD
    said = event.mta_response or event.description or ("user unknown" if gone else "not accepted")
    report = REPORT.format(
        provider=_line(esp_name).lower().replace(" ", "-"),
        message_id=make_msgid(domain="webhook.invalid"),
        recipient=_line(event.recipient),
        status="5.1.1" if gone else "5.0.0",
        said=_line(said),
    )
    storing.store(raw=report.encode(), source=Inbound.Source.NOTICE, now=timezone.now())


def _line(text: str) -> str:
    return mime.one_line(str(text))[:LONGEST]
