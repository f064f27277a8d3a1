"""A word or a file the customer adds on the page where they follow their case."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases import entries, letters, owing, plan
from cases import files as case_files
from cases.enums import EntryKind, Side, Verdict
from cases.locking import hold_living
from cases.models import Case, Confirmation, Contact
from cases.refusals import Refused
from mail.models import Blob
from surveys import readers, twice


@transaction.atomic
def add(*, case: Case, contact: Contact, text: str, files: Sequence[tuple[str, Blob]], now: datetime) -> None:
    """Put their word and their files on the case; the reader is told, and owes them an answer to a word.

    It stops reminders of the confirm letter (product: Any reply after the confirm letter stops reminders). The same
    pressed twice is taken once. Of a case merged into another the surviving one is meant. Raise `Refused` where there
    is neither a word nor a file.
    """
    if not text.strip() and not files:
        raise Refused(_("Write a word, or choose a file."), field="text")
    held = hold_living(case.pk)
    text = "" if twice.said(case=held, contact=contact, text=text, now=now) else text
    files = twice.fresh(case=held, files=files, now=now)
    if not text.strip() and not files:
        return
    Confirmation.objects.filter(case=held, contact=contact, verdict=Verdict.PENDING).update(next_at=None)
    if text.strip():
        _keep(held, contact, text, now)
    case_files.attach(case=held, files=files, actor=None, contact=contact, now=now)
    _tell(held, contact, text, len(files), now)


def _keep(case: Case, contact: Contact, text: str, now: datetime) -> None:
    entries.write_entry(
        case=case, actor=None, kind=EntryKind.EMAIL, text=text, now=now, side=Side.THEIRS, contact=contact
    )
    owing.owe_an_answer(case=case, now=now)
    plan.refresh(case)


def _tell(case: Case, contact: Contact, text: str, files: int, now: datetime) -> None:
    letters.bell(
        user=readers.reader_of(case),
        case=case,
        key=f"word-{case.pk}-{contact.pk}-{now.isoformat()}",
        kind="their_word",
        now=now,
        facts={"who": contact.name, "words": text, "files": files},
    )
