"""Where documents are kept and matched: FTS5 on SQLite, a text vector under GIN on PostgreSQL.

Words arrive folded and taken apart, so neither database cuts them again: both find the same.
"""

import json
from typing import Protocol

from django.db import connection as default_connection
from django.db.backends.base.base import BaseDatabaseWrapper

from cases.search.documents import Document

TABLE = "cases_search"
# Up to so many hits are gathered and sorted; more are met soon enough when walking from the newest case down.
FEW = 20_000


class Store(Protocol):
    """What a database must be able to do."""

    def create(self, cursor) -> None:
        """Create what is missing."""

    def write(self, cursor, documents: list[Document]) -> None:
        """Keep these documents instead of what was kept of their cases."""

    def match(self, cursor, words: list[str], prefix: str, visible: tuple, before: int, limit: int) -> list[int]:
        """Return ids below `before` of cases with all `words` and one that begins with `prefix`, newest first.

        `visible` is a statement with its parameters that yields the ids allowed.
        """


def store_of(connection: BaseDatabaseWrapper = default_connection) -> Store:
    """Return the store that goes with a database."""
    return PostgreSQL() if connection.vendor == "postgresql" else SQLite()


class SQLite:
    """FTS5 with rows numbered like cases, so that newest first is the order it is kept in."""

    def create(self, cursor) -> None:
        """Create what is missing. The tokenizer `ascii` splits at spaces and leaves every other sign whole."""
        cursor.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {TABLE} USING fts5"
            "(words, tokenize = 'ascii', detail = 'none', columnsize = 0, prefix = '2 3')"
        )

    def write(self, cursor, documents: list[Document]) -> None:
        """Keep these documents instead of what was kept of their cases."""
        rows = [(document.case_id, " ".join(document.words)) for document in documents]
        cursor.executemany(f"INSERT OR REPLACE INTO {TABLE} (rowid, words) VALUES (%s, %s)", rows)

    def match(self, cursor, words: list[str], prefix: str, visible: tuple, before: int, limit: int) -> list[int]:
        """Walk the hits from the newest down until enough visible ones are met."""
        wanted = [f'"{word}"' for word in words] + ([f'"{prefix}" *'] if prefix else [])
        seen, given = visible
        cursor.execute(
            f"SELECT hit.rowid FROM {TABLE} AS hit WHERE hit.{TABLE} MATCH %s AND hit.rowid < %s "
            f"AND EXISTS (SELECT 1 FROM ({seen}) AS seen WHERE seen.id = hit.rowid) "
            "ORDER BY hit.rowid DESC LIMIT %s",
            [" AND ".join(wanted), before, *given, limit],
        )
        return [row[0] for row in cursor.fetchall()]


class PostgreSQL:
    """A text vector a case under a GIN index."""

    def create(self, cursor) -> None:
        """Create what is missing. Without a pending list a search costs the same right after writing."""
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} (case_id bigint PRIMARY KEY, document tsvector NOT NULL)")
        cursor.execute(
            f"CREATE INDEX IF NOT EXISTS {TABLE}_document ON {TABLE} USING gin (document) WITH (fastupdate = off)"
        )

    def write(self, cursor, documents: list[Document]) -> None:
        """Keep these documents instead of what was kept of their cases; equal ones are left untouched."""
        rows = ", ".join(["(%s, array_to_tsvector(%s::text[]))"] * len(documents))
        cursor.execute(
            f"INSERT INTO {TABLE} (case_id, document) VALUES {rows} "
            f"ON CONFLICT (case_id) DO UPDATE SET document = excluded.document "
            f"WHERE {TABLE}.document IS DISTINCT FROM excluded.document",
            [value for document in documents for value in (document.case_id, document.words)],
        )

    def match(self, cursor, words: list[str], prefix: str, visible: tuple, before: int, limit: int) -> list[int]:
        """Gather few hits and sort them, or walk down from the newest case where there are many.

        No single plan serves both: at a million cases a common word takes 0.4 s gathered, a rare one as long walked.
        """
        wanted = " & ".join([f"'{word}'" for word in words] + ([f"'{prefix}':*"] if prefix else []))
        few = self._expected(cursor, wanted) <= FEW
        seen, given = visible
        cursor.execute((_GATHER if few else _WALK).format(seen=seen), [wanted, before, *given, limit])
        return [row[0] for row in cursor.fetchall()]

    def _expected(self, cursor, wanted: str) -> float:
        """Return how many cases the database's own statistics expect; nothing is searched for it."""
        cursor.execute(f"EXPLAIN (FORMAT JSON) SELECT 1 FROM {TABLE} WHERE document @@ %s::tsquery", [wanted])
        plan = cursor.fetchone()[0]
        plan = json.loads(plan) if isinstance(plan, str) else plan
        return plan[0]["Plan"]["Plan Rows"]


_GATHER = f"""
    WITH hits AS MATERIALIZED (
        SELECT case_id FROM {TABLE} WHERE document @@ %s::tsquery AND case_id < %s)
    SELECT case_id FROM hits WHERE EXISTS (SELECT 1 FROM ({{seen}}) AS seen WHERE seen.id = hits.case_id)
    ORDER BY case_id DESC LIMIT %s"""
# IS TRUE keeps the GIN index out, so that the primary key gives the order.
_WALK = f"""
    SELECT hit.case_id FROM {TABLE} AS hit
    WHERE (hit.document @@ %s::tsquery) IS TRUE AND hit.case_id < %s
    AND EXISTS (SELECT 1 FROM ({{seen}}) AS seen WHERE seen.id = hit.case_id)
    ORDER BY hit.case_id DESC LIMIT %s"""
