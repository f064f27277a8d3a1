"""A problem reported on our page: it becomes a message like any other, and waits in the intake for a person.

Its subject is ours, so that a number written into it lands on nobody's case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.text import clean
from mail.inbound import storing, writing
from mail.models import Inbound

SUBJECT = "A problem reported on our page"


@dataclass(frozen=True)
class Report:
    """What they filled in; `files` are (name, content type, bytes)."""

    name: str
    company: str
    email: str
    text: str
    phone: str = ""
    remedy: str = ""
    files: Sequence[tuple[str, str, bytes]] = ()


def take(*, report: Report, now: datetime) -> Inbound:
    """Store a report as a message; the next sweep lays it into the intake, with its clock of two working hours."""
    raw = writing.message_of(
        name=clean(report.name),
        address=report.email,
        subject=SUBJECT,
        text=_text(report),
        files=report.files,
        now=now,
    )
    return storing.store(raw=raw, source=Inbound.Source.FORM, now=now)


def _text(report: Report) -> str:
    parts = [report.text.strip()]
    if report.remedy.strip():
        parts.append(f"What would make it right:\n{report.remedy.strip()}")
    about = [report.name, report.company, report.phone]
    parts.append("\n".join(clean(part).strip() for part in about if part.strip()))
    return "\n\n".join(parts) + "\n"
