"""Rows that broke their sweep: given back to it, once somebody has looked."""

from datetime import datetime

from django.db import transaction

from accounts import admin_log
from accounts.models import User
from cases import search
from cases.models import Case, SetAside
from cases.search.indexing import SWEEP as SEARCH


@transaction.atomic
def retry(*, row: SetAside, actor: User, now: datetime) -> None:
    """Give a row back to its sweep; if it breaks again it is set aside again, with the new reason."""
    if row.sweep == SEARCH:
        search.renew(Case.objects.filter(pk=row.ref))
    facts = {"sweep": row.sweep, "row_kind": row.kind, "ref": row.ref}
    row.delete()
    admin_log.record(actor=actor, kind="row_retried", facts=facts, now=now)
