"""Where documents are kept and matched: FTS5 on SQLite, a text vector under GIN on PostgreSQL.

Words arrive folded and taken apart, so neither database cuts them again: both find the same.
"""

import json
from typing import Protocol

from django.db import connection as default_connection
from django.db.backends.base.base import BaseDatabaseWrapper

from cases.search.documents import Document

TABLE = "cases_search"
# How many of the newest cases are looked at one by one before the index is asked.
NEWEST = 3_000
# Up to so many expected hits are gathered and sorted; of more, only those among the cases allowed are looked at.
FEW = 20_000
# So few hits of the whole words are gathered without asking the index for the beginning of a word as well.
VERY_FEW = 5_000


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
        """Look through the newest cases; where they do not fill the page, ask the index.

        No single plan serves every word: at a million cases a common one takes 0.4 s from the index and nothing
        among the newest, an absent one the reverse. The beginning of a common word is dear to ask the index for.
        """
        whole = " & ".join(f"'{word}'" for word in words)
        wanted = " & ".join(filter(None, [whole, f"'{prefix}':*" if prefix else ""]))
        given = {"wanted": wanted, "before": before, "limit": limit, "newest": NEWEST}
        newest = self._ids(cursor, _NEWEST, visible, given)
        if len(newest) >= limit:
            return newest
        if prefix and whole and self._expected(cursor, whole) <= VERY_FEW:
            return self._ids(cursor, _GATHERED, visible, {**given, "gathered": whole})
        few = self._expected(cursor, wanted) <= FEW
        return self._ids(cursor, _GATHERED if few else _AMONG_VISIBLE, visible, {**given, "gathered": wanted})

    def _ids(self, cursor, template: str, visible: tuple, given: dict) -> list[int]:
        """Run a template with the statement of visible cases put in, its parameters named for the driver."""
        seen, values = visible
        names = {f"seen_{place}": value for place, value in enumerate(values)}
        seen = seen.replace("%%", "%%%%") % tuple(f"%({name})s" for name in names)
        cursor.execute(template.replace("{seen}", seen), {**given, **names})
        return [row[0] for row in cursor.fetchall()]

    def _expected(self, cursor, wanted: str) -> float:
        """Return how many cases the database's own statistics expect; nothing is searched for it."""
        cursor.execute(f"EXPLAIN (FORMAT JSON) SELECT 1 FROM {TABLE} WHERE document @@ %s::tsquery", [wanted])
        plan = cursor.fetchone()[0]
        plan = json.loads(plan) if isinstance(plan, str) else plan
        return plan[0]["Plan"]["Plan Rows"]


# A subquery with LIMIT is asked hit by hit: as a join, PostgreSQL would walk through all cases beside the hits.
_SEEN = "(SELECT true FROM ({seen}) AS seen WHERE seen.id = hit.case_id LIMIT 1)"
# IS TRUE keeps the text index out, so that the primary key gives the order.
_NEWEST = f"""
    SELECT hit.case_id FROM {TABLE} AS hit
    WHERE hit.case_id < %(before)s
    AND hit.case_id > (SELECT max(case_id) FROM {TABLE} WHERE case_id < %(before)s) - %(newest)s
    AND (hit.document @@ %(wanted)s::tsquery) IS TRUE AND {_SEEN}
    ORDER BY hit.case_id DESC LIMIT %(limit)s"""
# OFFSET 0 has hits sorted before they are checked, so that checking ends with the page.
_GATHERED = f"""
    WITH hits AS MATERIALIZED (
        SELECT case_id FROM {TABLE} WHERE document @@ %(gathered)s::tsquery
        AND (document @@ %(wanted)s::tsquery) IS TRUE AND case_id < %(before)s)
    SELECT hit.case_id FROM (SELECT case_id FROM hits ORDER BY case_id DESC OFFSET 0) AS hit
    WHERE {_SEEN} ORDER BY hit.case_id DESC LIMIT %(limit)s"""
# The sum keeps the primary key out: what is asked for is rare among the visible, so either end is better.
_AMONG_VISIBLE = f"""
    SELECT seen.id FROM ({{seen}}) AS seen JOIN {TABLE} AS hit ON hit.case_id = seen.id
    WHERE hit.document @@ %(wanted)s::tsquery AND seen.id < %(before)s
    ORDER BY seen.id + 0 DESC LIMIT %(limit)s"""
