"""A database of its own for each size: made from the migrations, filled without indexes, all checks put back after."""

import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2

BUILDERS = 2
_KEYS = """
    SELECT con.conrelid::regclass::text, con.conname, pg_get_constraintdef(con.oid)
    FROM pg_constraint AS con WHERE con.contype = %s AND con.connamespace = 'public'::regnamespace
    AND (con.conrelid::regclass::text = ANY(%s) OR con.confrelid::regclass::text = ANY(%s))"""
_INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY(%s)
    AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE contype IN ('p', 'u'))"""


def url_of(size: int) -> str:
    """Return where the database of this size lies: beside the one DATABASE_URL names."""
    given = os.environ.get("GOLDSEAM_SCALE_BESIDE") or os.environ["DATABASE_URL"]
    return urlunsplit(urlsplit(given)._replace(path=f"/{name_of(size)}"))


def name_of(size: int) -> str:
    """Return the name of the database of this size."""
    return f"goldseam_scale_{size}"


def exists(size: int) -> bool:
    """Tell whether it is there."""
    with connected(_beside()) as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name_of(size)])
        return cursor.fetchone() is not None


def create(size: int) -> None:
    """Make it anew, empty but for what the migrations make."""
    drop(size)
    with connected(_beside()) as cursor:
        cursor.execute(f"CREATE DATABASE {name_of(size)}")
    run(size, "manage.py", "migrate", "--verbosity", "0")


def run(size: int, *command: str) -> None:
    """Run a Python command on the database of this size. Raise CalledProcessError where it fails."""
    subprocess.run([sys.executable, *command], env={**os.environ, "DATABASE_URL": url_of(size)}, check=True)


def drop(size: int) -> None:
    """Remove it, where it is."""
    with connected(_beside()) as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name_of(size)} WITH (FORCE)")


def _beside() -> str:
    return urlunsplit(urlsplit(url_of(0))._replace(path="/postgres"))


@contextmanager
def connected(url: str) -> Iterator[Any]:
    """Give a cursor that commits each statement, and much memory for building indexes."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET maintenance_work_mem = '1GB'; SET synchronous_commit = off")
            yield cursor
    finally:
        connection.close()


class Bare:
    """Tables without their keys and indexes while they are filled; `dress` puts all of them back and checks them."""

    def __init__(self, url: str, tables: Iterable[str]) -> None:
        self.url, self.tables = url, list(tables)
        with connected(url) as cursor:
            self.foreign, *unique = [self._keys(cursor, kind) for kind in "fpu"]
            self.unique = [key for keys in unique for key in keys]
            cursor.execute(_INDEXES, [self.tables])
            self.indexes = cursor.fetchall()

    def undress(self) -> None:
        """Take keys and indexes off; CHECK constraints stay."""
        with connected(self.url) as cursor:
            for table, name, _ in [*self.foreign, *self.unique]:
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            for name, _ in self.indexes:
                cursor.execute(f"DROP INDEX {name}")

    def dress(self) -> None:
        """Put them back: what must be unique is, and every key leads somewhere, or this fails."""
        self.together([f"ALTER TABLE {table} ADD CONSTRAINT {name} {what}" for table, name, what in self.unique])
        self.together([definition for _, definition in self.indexes])
        self.together([f"ALTER TABLE {table} ADD CONSTRAINT {name} {what}" for table, name, what in self.foreign])

    def together(self, statements: Iterable[str]) -> None:
        """Run statements, two at a time. Raise the first error there was."""
        waiting = deque(statements)
        with ThreadPoolExecutor(BUILDERS) as pool:
            list(pool.map(lambda _: self._work(waiting), range(BUILDERS)))

    def _work(self, waiting: deque) -> None:
        with connected(self.url) as cursor:
            while waiting:
                cursor.execute(waiting.popleft())

    def _keys(self, cursor, kind: str) -> list[tuple]:
        cursor.execute(_KEYS, [kind, self.tables, self.tables])
        return cursor.fetchall()
