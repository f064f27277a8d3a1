"""Counting no further than a page says, in the statement that reads the page."""

from django.db.models import IntegerField, QuerySet, Subquery


class Counted(Subquery):
    """How many rows a query has. Give it one that is cut off: what is cut off costs nothing."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def first(ordered: QuerySet, limit: int, most: int) -> tuple[Subquery, Counted]:
    """Return the ids of the first `limit` rows, for a condition, and how many rows there are, at most `most`."""
    ids = ordered.values("pk")
    return Subquery(ids[:limit]), Counted(ids[:most])
