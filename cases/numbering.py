"""Case numbers begin at 2001: the row's id is the public number."""

from django.db.backends.base.base import BaseDatabaseWrapper

from cases.models.case import FIRST_NUMBER

_TABLE = "cases_case"


def start(connection: BaseDatabaseWrapper) -> None:
    """Let the first case be RC-2001. Changes nothing where numbers are there already; may be repeated.

    SQLite forgets the counter of an empty table when a migration rebuilds it, hence the repetition.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _start_postgresql(cursor)
        else:
            _start_sqlite(cursor)


def _start_postgresql(cursor) -> None:
    cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [_TABLE])
    sequence = cursor.fetchone()[0]
    cursor.execute(f"SELECT last_value FROM {sequence}")
    if cursor.fetchone()[0] < FIRST_NUMBER:
        cursor.execute("SELECT setval(%s, %s, false)", [sequence, FIRST_NUMBER])


def _start_sqlite(cursor) -> None:
    last = FIRST_NUMBER - 1
    cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s AND seq < %s", [last, _TABLE, last])
    cursor.execute(
        "INSERT INTO sqlite_sequence (name, seq) SELECT %s, %s "
        "WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = %s)",
        [_TABLE, last, _TABLE],
    )
