"""The customer's own word on the result: yes, or not yet with what is missing and files that show it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases import files as case_files
from cases import merging
from cases.enums import Verdict
from cases.locking import hold
from cases.models import Case, Confirmation
from cases.refusals import Refused
from cases.steps import resolve
from mail.models import Blob
from surveys import telling

THEIR_YES = "Yes, it is put right."  # the words on the button they pressed


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

    On a case that was merged into another the words land on the surviving one. Raise `Refused` for a "not yet"
    without words, and once the case has moved on.
    """
    held = hold(confirmation.case_id)
    if held.merged_into_id:
        return _heard_late(held, confirmation, yes, text, files, now)
    before = Confirmation.objects.values_list("verdict", flat=True).get(pk=confirmation.pk)
    kept = resolve.confirm(confirmation=confirmation, yes=yes, text=text, now=now)
    case_files.attach(case=held, files=files, actor=None, contact=kept.contact, now=now)
    if yes and before != Verdict.YES:
        key = f"confirmed-{kept.pk}-{now.isoformat()}"
        telling.confirmed(case=held, who=kept.contact.name, key=key, now=now)
    return kept


def _heard_late(
    case: Case, confirmation: Confirmation, yes: bool, text: str, files: Sequence[tuple[str, Blob]], now: datetime
) -> Confirmation:
    contact = confirmation.contact
    if not yes and not text.strip():
        raise Refused(_("Please tell us what is still missing, so that we can put it right."), field="text")
    said = text if text.strip() else THEIR_YES
    entry = merging.hear_late(case=case, contact=contact, text=said, now=now, unhappy=not yes)
    case_files.attach(case=entry.case, files=files, actor=None, contact=contact, now=now)
    return confirmation
