"""What the record of a case counts up to, in one statement: tabs, lights, discovery, the strip.

The number of statements stays one however many rows the case has; the parts are in `cases.queries.sums`.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from cases.models import Case
from cases.queries import special
from cases.queries.sums import NOW, PK, parts

SOME = tuple(range(-1025, -1000))  # stand for the keys of several cases; none of them can occur for real


def sums_of(case: Case, *, now: datetime) -> dict[str, Any]:
    """Return the sums of one case by subject. One statement.

    Moments inside are aware datetimes or None; a subject without rows is an empty dict; words are texts.
    """
    return _read_rows((PK,), {PK: case.pk, _adapted(NOW): _adapted(now)})[case.pk]


def sums_of_some(pks: Sequence[int], *, now: datetime) -> dict[int, dict[str, Any]]:
    """Return the sums of at most 25 cases by their key. One statement."""
    filled = [*pks, *[0] * (len(SOME) - len(pks))]  # no case has the key 0
    return _read_rows(SOME, {**dict(zip(SOME, filled, strict=True)), _adapted(NOW): _adapted(now)})


def _read_rows(keys: tuple[int, ...], given: dict) -> dict[int, dict[str, Any]]:
    names, sql, places = _statement(connection.vendor, keys)
    with connection.cursor() as cursor:
        cursor.execute(sql, [given.get(value, value) for value in places])
        rows = cursor.fetchall()
    return {key: {name: _read(name, value) for name, value in zip(names, row, strict=True)} for key, *row in rows}


@lru_cache(maxsize=4)
def _statement(vendor: str, keys: tuple[int, ...]) -> tuple[tuple[str, ...], str, tuple]:
    """Return names, SQL and parameters, what changes from page to page standing as `keys` and `NOW`.

    Putting this statement together takes longer than the database needs to answer it, so each process does it once.
    """
    named = {f"the_{name}": part for name, part in {**parts(), **special.parts()}.items()}
    rows = Case.objects.filter(pk__in=keys) if len(keys) > 1 else Case.objects.filter(pk=keys[0])
    sql, places = rows.annotate(**named).order_by().values_list("pk", *named).query.sql_with_params()
    return tuple(name.removeprefix("the_") for name in named), sql, places


def _adapted(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)


def _read(name: str, value: Any) -> Any:
    if name.endswith("_at"):
        return moment(value)
    if name.startswith("word_") or name == "nth":
        return value
    if name.startswith("list_"):
        return json.loads(value) if isinstance(value, str) else value
    return parsed(value)


def parsed(row: str | dict[str, Any] | None) -> dict[str, Any]:
    """Return a JSON row with its moments aware; nothing is an empty row."""
    found = json.loads(row) if isinstance(row, str) else row or {}
    return {part: _item(part, item) for part, item in found.items()}


def _item(part: str, item: Any) -> Any:
    """Return one value of a JSON row; SQLite hands over a list inside one as its text."""
    if part == "steps" and isinstance(item, str):
        return json.loads(item)
    return moment(item) if part.endswith("_at") else item


def moment(at: Any) -> datetime | None:
    """Return a moment as a database hands it over raw or inside JSON, aware; None for none."""
    if isinstance(at, str):
        at = datetime.fromisoformat(at)
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at
