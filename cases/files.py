"""Files on a case: from us, or from the customer."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases import timeline
from cases.locking import hold
from cases.models import Case, CaseFile, Contact
from mail.models import Blob


@transaction.atomic
def add_files(*, case: Case, actor: User | None, files: Sequence[tuple[str, Blob]], now: datetime) -> None:
    """Put stored files on a case and tell the timeline."""
    attach(case=hold(case), files=files, actor=actor, now=now)


def attach(
    *,
    case: Case,
    files: Sequence[tuple[str, Blob]],
    actor: User | None,
    now: datetime,
    contact: Contact | None = None,
) -> None:
    """Put files on a case inside the caller's transaction; bytes that lie there already are not added again."""
    if not files:
        return
    rows = [CaseFile(case=case, blob=blob, name=name, added_by=actor, added_at=now) for name, blob in files]
    CaseFile.objects.bulk_create(rows, ignore_conflicts=True)
    timeline.record(
        case=case,
        kind=timeline.Kind.FILE_ADDED,
        now=now,
        actor=actor,
        contact=contact,
        facts={"count": len(rows)},
    )
