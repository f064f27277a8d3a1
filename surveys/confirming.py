"""The customer's own word on the result: yes, or not yet with what is missing and files that show it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases import files as case_files
from cases import merging
from cases.enums import CaseState, Verdict
from cases.locking import hold, hold_living
from cases.models import Case, Confirmation
from cases.refusals import Refused
from cases.steps import resolve
from mail.models import Blob
from surveys import adding, returning, telling, twice

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
    """Take the answer from their page with its files. The same answer twice changes nothing.

    On a case that was merged into another the words land on the surviving one. After the end a "not yet" says that it
    came back, and opens the case again; a yes after *accepted silently* is kept as their word, and what the council
    accepted stays what it was. Raise `Refused` for a "not yet" without words, and once the case has moved on.
    """
    held = hold(confirmation.case_id)
    if held.merged_into_id:
        return _heard_late(held, confirmation, yes, text, files, now)
    before = Confirmation.objects.select_related("words", "contact").get(pk=confirmation.pk)
    if not yes and _said_already(held, before, text, now):
        return before
    if yes and before.verdict == Verdict.SILENT:
        adding.add(case=held, contact=before.contact, text=text if text.strip() else THEIR_YES, files=files, now=now)
        return before
    if not yes and _ended(held, now):
        return _came_back(held, before, text, files, now)
    kept = resolve.confirm(confirmation=confirmation, yes=yes, text=text, now=now)
    case_files.attach(case=held, files=files, actor=None, contact=kept.contact, now=now)
    if yes and before.verdict != Verdict.YES:
        key = f"confirmed-{kept.pk}-{now.isoformat()}"
        telling.confirmed(case=held, who=kept.contact.name, key=key, now=now)
    return kept


def _said_already(case: Case, confirmation: Confirmation, text: str, now: datetime) -> bool:
    """Tell whether they said this very "not yet" before, here or as a word of theirs: a button pressed twice."""
    known = confirmation.words.text if confirmation.words else ""
    if confirmation.verdict == Verdict.NOT_YET and known.strip() == text.strip():
        return True
    return bool(text.strip()) and twice.said(case=case, contact=confirmation.contact, text=text, now=now)


def _ended(case: Case, now: datetime) -> bool:
    return case.state == CaseState.CLOSED and returning.may_come_back(case, now)


def _came_back(
    case: Case, confirmation: Confirmation, text: str, files: Sequence[tuple[str, Blob]], now: datetime
) -> Confirmation:
    contact = confirmation.contact
    returning.came_back(case=case, contact=contact, text=text, now=now)
    fresh = twice.fresh(case=case, files=files, now=now)
    case_files.attach(case=case, files=fresh, actor=None, contact=contact, now=now)
    return confirmation


def _heard_late(
    case: Case, confirmation: Confirmation, yes: bool, text: str, files: Sequence[tuple[str, Blob]], now: datetime
) -> Confirmation:
    contact = confirmation.contact
    if not yes and not text.strip():
        raise Refused(_("Please tell us what is still missing, so that we can put it right."), field="text")
    said = text if text.strip() else THEIR_YES
    living = hold_living(case)
    if twice.said(case=living, contact=contact, text=said, now=now):
        return confirmation
    entry = merging.hear_late(case=case, contact=contact, text=said, now=now, unhappy=not yes)
    case_files.attach(case=entry.case, files=files, actor=None, contact=contact, now=now)
    return confirmation
