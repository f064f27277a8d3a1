"""The customer's own word on the result: yes, or not yet with what is missing and files that show it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from cases import files as case_files
from cases.enums import Verdict
from cases.locking import hold
from cases.models import Confirmation
from cases.steps import resolve
from mail.models import Blob
from surveys import telling


@transaction.atomic
def answer(
    *,
    confirmation: Confirmation,
    yes: bool,
    text: str,
    now: datetime,
    files: Sequence[tuple[str, Blob]] = (),
) -> Confirmation:
    """Take the answer from their page with its files. A second yes changes nothing.

    Raise `Refused` for a "not yet" without words, and once the case has moved on.
    """
    held = hold(confirmation.case_id)
    before = Confirmation.objects.values_list("verdict", flat=True).get(pk=confirmation.pk)
    kept = resolve.confirm(confirmation=confirmation, yes=yes, text=text, now=now)
    case_files.attach(case=held, files=files, actor=None, contact=kept.contact, now=now)
    if yes and before != Verdict.YES:
        key = f"confirmed-{kept.pk}-{now.isoformat()}"
        telling.confirmed(case=held, who=kept.contact.name, key=key, now=now)
    return kept
