"""Power that fails at a given write, and a picture of every row to compare before and after."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection

_WRITES = ("INSERT", "UPDATE", "DELETE")
_TABLE = re.compile(r'(?:INTO|UPDATE|FROM) "(\w+)"')


class PowerCut(Exception):
    """The power failed at a write."""


@contextmanager
def power_fails_at(write: int) -> Iterator[list[str]]:
    """Let every write before number `write` (from 1) pass and fail it and all after; yield the writes tried."""
    tried: list[str] = []

    def execute(run: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        if sql.lstrip().upper().startswith(_WRITES):
            tried.append(sql)
            if len(tried) >= write:
                raise PowerCut(f"at write {write}: {sql[:60]}")
        return run(sql, params, many, context)

    with connection.execute_wrapper(execute):
        yield tried


def picture(tables: Iterable[str] | None = None) -> dict[str, str]:
    """Return a hash of all rows of these tables, or of every one, by table."""
    every = (model._meta.db_table for model in apps.get_models(include_auto_created=True))
    return {table: _hash_of(table) for table in sorted(set(every if tables is None else tables))}


def touched(writes: Iterable[str]) -> set[str]:
    """Return the tables these statements write to."""
    return {_TABLE.search(sql)[1] for sql in writes}


def _hash_of(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
        rows = [[bytes(cell) if isinstance(cell, memoryview) else cell for cell in row] for row in cursor.fetchall()]
    return hashlib.sha256(repr(rows).encode()).hexdigest()
