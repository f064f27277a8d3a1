"""Messages as mail programs write them, made here."""

from email.message import EmailMessage


def mail(text: str = "Hello", *, sender: str = "Ruth Aebi <ruth@halden.example>", **headers: str) -> bytes:
    """Return a plain message; header names are written with underscores."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = headers.pop("To", "care@demo.example")
    message["Subject"] = headers.pop("Subject", "Spindle housings")
    message["Message-ID"] = headers.pop("Message_ID", "<one@halden.example>")
    message["Date"] = headers.pop("Date", "Tue, 17 Nov 2026 10:30:00 +0100")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def delivery_report(
    *,
    recipient: str = "ruth@halden.example",
    status: str = "5.1.1",
    action: str = "failed",
    said: str = "smtp; 550 5.1.1 User unknown",
    original: str = "<letter@demo.example>",
) -> bytes:
    """Return a bounce as RFC 3464 wants it."""
    lines = f"""From: Mail Delivery System <MAILER-DAEMON@mx.demo.example>
To: care@demo.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-{status}-{recipient}>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

<{recipient}>: host mx.halden.example said: {said}

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.demo.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: {said}

--b
Content-Type: message/rfc822

From: care@demo.example
To: {recipient}
Subject: Your complaint
Message-ID: {original}

Words of ours.

--b--
"""
    return lines.encode()
