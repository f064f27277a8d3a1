"""Writing different values into many rows at once: one statement on PostgreSQL, one prepared statement on SQLite.

`bulk_update` builds an expression for each value of each row and costs as much as a row by itself.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model


def update(model: type[Model], columns: Sequence[str], rows: Iterable[tuple[Any, ...]], *, key: str = "id") -> int:
    """Set `columns` of the rows found by `key`; each of `rows` holds the key's value first. Return how many rows.

    Belongs inside a transaction that has locked them. Nothing is done for no rows.
    """
    given = list(rows)
    if not given:
        return 0
    fields = [model._meta.get_field(name) for name in (key, *columns)]
    prepared = [tuple(_ready(field, value) for field, value in zip(fields, row, strict=True)) for row in given]
    with connection.cursor() as cursor:
        (_on_postgresql if connection.vendor == "postgresql" else _on_sqlite)(cursor, model, fields, prepared)
    return len(given)


def _ready(field: Field, value: Any) -> Any:
    return field.get_db_prep_save(value, connection)


def _on_postgresql(cursor, model: type[Model], fields: list[Field], rows: list[tuple]) -> None:
    names = [_quoted(field.column) for field in fields]
    arrays = ", ".join(f"%s::{field.cast_db_type(connection)}[]" for field in fields)
    sets = ", ".join(f"{name} = given.{name}" for name in names[1:])
    table = _quoted(model._meta.db_table)
    sql = f"UPDATE {table} SET {sets} FROM unnest({arrays}) AS given({', '.join(names)}) "
    cursor.execute(
        sql + f"WHERE {table}.{names[0]} = given.{names[0]}", [list(column) for column in zip(*rows, strict=True)]
    )


def _on_sqlite(cursor, model: type[Model], fields: list[Field], rows: list[tuple]) -> None:
    names = [_quoted(field.column) for field in fields]
    sets = ", ".join(f"{name} = %s" for name in names[1:])
    sql = f"UPDATE {_quoted(model._meta.db_table)} SET {sets} WHERE {names[0]} = %s"
    cursor.executemany(sql, [(*row[1:], row[0]) for row in rows])


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
