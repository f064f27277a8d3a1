"""Keeping the index: a sweep reads every case whose chain has grown since it was last read."""

import logging
import time
from collections.abc import Iterator
from datetime import datetime
from itertools import takewhile

from django.db import OperationalError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, QuerySet

from cases.models import Case, Chain, SetAside
from cases.search import documents
from cases.search.store import TABLE, store_of

SWEEP = "search"
BATCH = 100
# SQLite has one writer. A batch is to commit within 50 ms, of which reading takes the first half, and then lets
# others write (seconds).
BUDGET, REST = 0.025, 0.05

log = logging.getLogger(__name__)


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the index where it is missing and have every case read again then; may be repeated."""
    known = TABLE in connection.introspection.table_names()
    with connection.cursor() as cursor:
        store_of(connection).create(cursor)
        if not known:
            cursor.execute("UPDATE cases_chain SET indexed_seq = 0 WHERE indexed_seq > 0")


def clear(connection: BaseDatabaseWrapper) -> None:
    """Empty the index without a word about it to the cases. For emptying a test database, nothing else."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")


def renew(cases: QuerySet[Case]) -> int:
    """Have these cases read again by the next sweep, when a name they show has changed. Return how many."""
    return Chain.objects.filter(case__in=cases.order_by()).update(indexed_seq=0)


@transaction.atomic
def forget(cases: QuerySet[Case]) -> None:
    """Take these cases out of the index at once; the next sweep reads what words are left (promise S9)."""
    ids = list(cases.order_by().values_list("pk", flat=True))
    with connection.cursor() as cursor:
        key = "case_id" if connection.vendor == "postgresql" else "rowid"
        cursor.executemany(f"DELETE FROM {TABLE} WHERE {key} = %s", [(pk,) for pk in ids])
    Chain.objects.filter(case_id__in=ids).update(indexed_seq=0)


def index_due(now: datetime, *, limit: int = 2_000) -> int:
    """Read at most `limit` cases that have grown since they were read, newest first; return how many were.

    Costs one statement when nothing is due. A case that breaks the index is set aside until it grows again.
    Several may run at once: a case in another's hands is left to it.
    """
    due = Chain.objects.filter(seq__gt=F("indexed_seq")).order_by("-case_id").values_list("case_id", flat=True)
    waiting, done = list(due[:limit]), 0
    while waiting:
        handled, indexed = _index_or_set_aside(waiting[:BATCH], now)
        waiting, done = waiting[handled:], done + indexed
        if waiting and connection.vendor == "sqlite":
            time.sleep(REST)
    return done


def _index_or_set_aside(case_ids: list[int], now: datetime) -> tuple[int, int]:
    """Index a batch; where it fails, each case by itself. Return how many were handled and how many indexed."""
    try:
        return _index(case_ids)
    except OperationalError:  # the database itself is in the way: the next sweep tries again
        raise
    except Exception as error:
        if len(case_ids) > 1:
            one_by_one = [_index_or_set_aside([case_id], now) for case_id in case_ids]
            return len(case_ids), sum(indexed for _, indexed in one_by_one)
        _set_aside(case_ids[0], error, now)
        return 1, 0


@transaction.atomic
def _index(case_ids: list[int]) -> tuple[int, int]:
    """Read and write documents under the lock of their chains, so that nothing said meanwhile is passed over."""
    mine = _held(case_ids)
    started = time.monotonic()
    made = list(_while_in_time(documents.of(mine), started))
    if made:
        with connection.cursor() as cursor:
            store_of(connection).write(cursor, made)
        Chain.objects.filter(case_id__in=[one.case_id for one in made]).update(indexed_seq=F("seq"))
    left = len(mine) - len(made)
    return max(1, len(case_ids) - left), len(made)


def _held(case_ids: list[int]) -> list[int]:
    """Return those of the cases that are due still, locked and in nobody else's hands."""
    chains = Chain.objects.select_for_update(skip_locked=True, no_key=True)
    due = chains.filter(case_id__in=case_ids, seq__gt=F("indexed_seq"))
    return list(due.values_list("case_id", flat=True))


def _while_in_time(made: Iterator[documents.Document], started: float) -> Iterator[documents.Document]:
    """Yield at least one document, and on SQLite no more once the budget of the write lock is spent."""
    yield from [first] if (first := next(made, None)) else []
    yield from takewhile(lambda _: connection.vendor != "sqlite" or time.monotonic() - started < BUDGET, made)


def _set_aside(case_id: int, error: Exception, now: datetime) -> None:
    log.warning("Case %s could not be indexed: %s", case_id, error)
    with transaction.atomic():
        SetAside.objects.update_or_create(
            sweep=SWEEP, kind="case", ref=case_id, defaults={"error": str(error)[:2_000], "at": now}
        )
        Chain.objects.filter(case_id=case_id).update(indexed_seq=F("seq"))
