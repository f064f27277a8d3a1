"""A button pressed twice says one thing: the same words of the same person, moments apart, are taken once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cases.enums import Side
from cases.models import Case, CaseFile, Contact, Entry
from mail.models import Blob

MOMENTS = timedelta(minutes=10)


def said(*, case: Case, contact: Contact, text: str, now: datetime) -> bool:
    """Tell whether this contact said the same on this locked case within the last ten minutes."""
    lately = Entry.objects.filter(case=case, contact=contact, side=Side.THEIRS, at__gt=now - MOMENTS)
    return any(row.words.text.strip() == text.strip() for row in lately.select_related("words"))


def fresh(*, case: Case, files: Sequence[tuple[str, Blob]], now: datetime) -> list[tuple[str, Blob]]:
    """Return the files that did not come in from a customer on this locked case within the last ten minutes."""
    lately = CaseFile.objects.filter(case=case, added_by=None, added_at__gt=now - MOMENTS)
    known = set(lately.values_list("name", "blob"))
    return [(name, blob) for name, blob in files if (name, blob.pk) not in known]
