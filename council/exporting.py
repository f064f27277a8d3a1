"""Tables as files: small ones at once, large workbooks by a sweep, each for the one who asked and what they may see."""

from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from django.db.models import Q
from django.http import QueryDict

from accounts.models import User
from accounts.text import clean
from cases.refusals import Refused
from council.choosing import Choosing, names_of
from council.figures import catalogue, files, tables
from council.figures.asked import COLUMNS, may_compare_owners
from council.figures.tables import Table
from council.models.export import Export, ExportState
from council.queries import log as log_of_decisions

SWEEP = "export"
AT_ONCE = 2_000
LIFETIME = timedelta(days=1)
LEASE = timedelta(minutes=30)
WHOLE = {
    "figures": tables.figures,
    "value": tables.worths,
    "causes": tables.causes,
    "do-the-repaired-hold": tables.held,
    "cases": tables.cases,
    "renewals": tables.renewals,
    "rates": tables.rates,
    "customers": tables.customers,
}
BESIDE = "side-by-side"
DECISIONS = "decisions"
log = structlog.get_logger(__name__)


def table(*, reader: User, what: str, given: QueryDict, now: datetime) -> Table:
    """Return a table as this person may see it. Raise KeyError for none, `Refused` for one they may not have."""
    if what == DECISIONS:
        return log_of_decisions.table(reader, clean(given.get("q", ""))[:200])
    form = Choosing(given, reader=reader)
    asked = form.asked(now)
    if what in WHOLE:
        return WHOLE[what](asked)
    if what != BESIDE:
        return tables.counted(asked, catalogue.MEASURES[what], given.get("part", ""))
    by = given.get("by", "team")
    if by not in COLUMNS:
        raise KeyError(by)
    if by == "owner":
        if not may_compare_owners(reader):
            raise Refused("Figures by owner are for team leads and the council.")
        asked = asked if reader.on_council else asked.with_filter(team=reader.team_id)
    return tables.groups(asked, by, names_of(form, by))


def ask(*, reader: User, what: str, given: QueryDict, now: datetime) -> Export:
    """Have a large workbook made in the background. Raise what `table` raises."""
    count = table(reader=reader, what=what, given=given, now=now).count
    return Export.objects.create(asked_by=reader, what=what, query=given.urlencode(), count=count, asked_at=now)


def make_due(now: datetime) -> int:
    """Make the workbooks that wait, or whose maker has died, and throw away old ones; return how many were made."""
    forget(now)
    lost = Q(state=ExportState.WRITING, begun_at__lt=now - LEASE)
    waiting = Export.objects.filter(Q(state=ExportState.WAITING) | lost).order_by("id")
    return sum(_make(export, now) for export in waiting[:20])


def forget(now: datetime) -> int:
    """Throw away files asked for more than a day ago; return how many."""
    old = list(Export.objects.filter(asked_at__lt=now - LIFETIME)[:200])
    for export in old:
        with suppress(FileNotFoundError):
            export.path.unlink()
        export.delete()
    return len(old)


def _make(export: Export, now: datetime) -> bool:
    """Claim one export and write it; False where somebody else has it."""
    mine = Export.objects.filter(pk=export.pk, state=export.state, begun_at=export.begun_at)
    if not mine.update(state=ExportState.WRITING, begun_at=now, done=0):
        return False
    row = Export.objects.filter(pk=export.pk)
    try:
        _write(export, now)
    except Exception as error:
        log.exception("export_failed", export=export.pk)
        row.update(state=ExportState.FAILED, finished_at=now, error=f"{type(error).__name__}: {error}"[:2_000])
        return True
    row.update(state=ExportState.READY, finished_at=now)
    return True


def _write(export: Export, now: datetime) -> None:
    export.path.parent.mkdir(parents=True, exist_ok=True)
    half = export.path.with_suffix(".part")
    given = QueryDict(export.query)
    found = table(reader=export.asked_by, what=export.what, given=given, now=now)
    row = Export.objects.filter(pk=export.pk)
    files.write_xlsx(found, half, told=lambda done: row.update(done=done))
    half.replace(export.path)
