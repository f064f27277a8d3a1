"""The seal: triggers of the database that keep the timeline append-only and closed cases finished (promise R8).

Events and administrative acts may be added, never changed, removed or replaced. A case closes only when none of its
current steps is planned; one let go, lost, withdrawn or not agreed may leave steps 5, 6 and 9 due. Installed by a
migration and again after each `migrate`: SQLite drops triggers with every table it rebuilds.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection as default_connection
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

SEALED = ("cases_event", "accounts_adminevent")
CLOSING = "cases_case_closing"
REFUSAL = "What happened is never changed or removed: this record only grows."
UNFINISHED = "A step of this case is still planned, so it cannot close like this."
_PLANNED_STEP = """
    SELECT 1 FROM cases_step AS step
    WHERE step.case_id = NEW.id AND step.state = 'planned'
    AND NOT (step.number IN (5, 6, 9) AND NEW.outcome IN ('let_go', 'customer_lost', 'withdrawn', 'not_agreed'))
    AND NOT EXISTS (
        SELECT 1 FROM cases_step AS later
        WHERE later.case_id = step.case_id AND later.number = step.number AND later.round > step.round)"""
_CLOSES = "NEW.state = 'closed' AND (OLD.state <> NEW.state OR OLD.outcome <> NEW.outcome)"


@dataclass(frozen=True)
class Guard:
    """A trigger of an app above, which knows tables this one does not. That app adds it in its `ready`."""

    table: str
    name: str
    needs: frozenset[str]
    sqlite: tuple[str, ...]
    postgresql: tuple[str, ...]


GUARDS: list[Guard] = []


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the whole seal in place; may be repeated. Tables that are not there yet are passed over."""
    with transaction.atomic(using=connection.alias):
        seal_records(connection)
        guard_closing(connection)
        for guard in GUARDS:
            _set(connection, guard)


def seal_records(connection: BaseDatabaseWrapper) -> None:
    """Let events and administrative acts only be added."""
    tables = _tables(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(function("goldseam_only_grows", f"RAISE EXCEPTION '{REFUSAL}' {AS_INTEGRITY};"))
        for table in filter(tables.__contains__, SEALED):
            for statement in _sealing(connection, cursor, table):
                cursor.execute(statement)


def guard_closing(connection: BaseDatabaseWrapper) -> None:
    """Refuse closing a case while one of its current steps is planned, but for what an act may leave due."""
    if not {"cases_case", "cases_step"} <= _tables(connection):
        return
    with connection.cursor() as cursor:
        for statement in _POSTGRESQL_CLOSING if connection.vendor == "postgresql" else _SQLITE_CLOSING:
            cursor.execute(statement)


def loosen(connection: BaseDatabaseWrapper) -> None:
    """Take the guard of closing away while migrations run on SQLite.

    SQLite refuses to rename a table while a trigger of another table names it, as each rebuild does.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for name in (CLOSING, *(guard.name for guard in GUARDS)):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def missing(connection: BaseDatabaseWrapper = default_connection) -> list[str]:
    """Return the names of triggers that should be there and are not, or do not fire; empty when sealed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')"
            if connection.vendor == "postgresql"
            else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        )
        present_ones = {row[0] for row in cursor.fetchall()}
    return [name for _, name in triggers(connection) if name not in present_ones]


def present(connection: BaseDatabaseWrapper = default_connection) -> bool:
    """Tell whether the whole seal is in place."""
    return not missing(connection)


def triggers(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    """Return table and name of every trigger the seal is made of."""
    third = "truncate" if connection.vendor == "postgresql" else "replace"
    acts = ("update", "delete", third)
    records = [(table, f"{table}_no_{act}") for table in SEALED for act in acts]
    return [*records, ("cases_case", CLOSING), *((guard.table, guard.name) for guard in GUARDS)]


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Take the seal off for the block and put it back after. For emptying a test database, nothing else."""
    _settle_keys(connection)
    with connection.cursor() as cursor:
        for table, name in triggers(connection):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
    try:
        yield
    finally:
        _settle_keys(connection)
        install(connection)


def _set(connection: BaseDatabaseWrapper, guard: Guard) -> None:
    if guard.needs <= _tables(connection):
        with connection.cursor() as cursor:
            for statement in guard.postgresql if connection.vendor == "postgresql" else guard.sqlite:
                cursor.execute(statement)


def _settle_keys(connection: BaseDatabaseWrapper) -> None:
    """Check foreign keys put off until the commit now: PostgreSQL alters no table with such checks pending."""
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        connection.check_constraints()


def _tables(connection: BaseDatabaseWrapper) -> set[str]:
    return set(connection.introspection.table_names())


def _sealing(connection: BaseDatabaseWrapper, cursor, table: str) -> Iterator[str]:
    if connection.vendor == "postgresql":
        for act, scope in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            yield (
                f"CREATE OR REPLACE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"FOR EACH {scope} EXECUTE FUNCTION goldseam_only_grows()"
            )
        return
    for act in ("UPDATE", "DELETE"):
        yield from sqlite_trigger(f"{table}_no_{act.lower()}", f"BEFORE {act} ON {table}", REFUSAL)
    taken = f"BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {_same(connection, cursor, table)})"
    yield from sqlite_trigger(f"{table}_no_replace", taken, REFUSAL)


def _same(connection: BaseDatabaseWrapper, cursor, table: str) -> str:
    """Say in SQL that a row there already would be replaced by the new one."""
    keys = connection.introspection.get_constraints(cursor, table).values()
    unique = {tuple(key["columns"]) for key in keys if key["unique"] and key["columns"]} | {("id",)}
    alike = (" AND ".join(f"{column} = NEW.{column}" for column in columns) for columns in sorted(unique))
    return " OR ".join(f"({condition})" for condition in alike)


def sqlite_trigger(name: str, when: str, refusal: str) -> Iterator[str]:
    """Return the statements that make a trigger of SQLite which refuses."""
    yield f"DROP TRIGGER IF EXISTS {name}"
    yield f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{refusal}'); END"


def function(name: str, body: str) -> str:
    """Return the statement that makes a trigger function of PostgreSQL."""
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"


AS_INTEGRITY = "USING ERRCODE = 'integrity_constraint_violation'"
# No column list and no WHEN: PostgreSQL would refuse later to change the type of a column named there.
_POSTGRESQL_CLOSING = (
    function(
        "goldseam_closing",
        f"IF {_CLOSES} AND EXISTS ({_PLANNED_STEP}) THEN "
        f"RAISE EXCEPTION '{UNFINISHED}' {AS_INTEGRITY}; END IF; RETURN NEW;",
    ),
    f"CREATE OR REPLACE TRIGGER {CLOSING} BEFORE UPDATE ON cases_case FOR EACH ROW EXECUTE FUNCTION goldseam_closing()",
)
_SQLITE_CLOSING = tuple(
    sqlite_trigger(
        CLOSING,
        f"BEFORE UPDATE OF state, outcome ON cases_case WHEN {_CLOSES} AND EXISTS ({_PLANNED_STEP})",
        UNFINISHED,
    )
)
