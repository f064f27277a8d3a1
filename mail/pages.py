"""Pages of a list by id, newest first: they cost the same at any depth and count nothing."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict

SIZE = 25


@dataclass(frozen=True)
class Page:
    """The rows of one page, and the addresses of its neighbours; empty where there is none."""

    rows: list
    newer_url: str
    older_url: str


def page_of(rows: QuerySet, asked: QueryDict) -> Page:
    """Return the page `asked` for: `before` an id (older), `after` one (newer), or the newest."""
    before, after = _id(asked.get("before")), _id(asked.get("after"))
    if after is not None and before is None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: SIZE + 1])
        more_newer, more_older = len(found) > SIZE, True
        found = found[:SIZE][::-1]
    else:
        older = rows if before is None else rows.filter(pk__lt=before)
        found = list(older.order_by("-pk")[: SIZE + 1])
        more_newer, more_older = before is not None, len(found) > SIZE
        found = found[:SIZE]
    if not found:
        return Page([], "" if before is after is None else _with(asked), "")
    return Page(
        found,
        _with(asked, after=found[0].pk) if more_newer else "",
        _with(asked, before=found[-1].pk) if more_older else "",
    )


def _id(given: str | None) -> int | None:
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 19 else None


def _with(asked: QueryDict, **place: int) -> str:
    kept = asked.copy()
    for name in ("before", "after"):
        kept.pop(name, None)
    kept.update({name: str(value) for name, value in place.items()})
    return "?" + kept.urlencode()
