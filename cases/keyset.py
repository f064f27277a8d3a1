"""Pages of a list by sort key and id: they cost the same at any depth, and nothing is counted or skipped.

A place is written `<key>~<id>` in the address, both whole numbers; anything else there counts as no place. The
condition is `a >= x AND (a > x OR id > y)`: written as `a > x OR (a = x AND id > y)` a database walks the index
from its beginning.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

SIZE = 25
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LAST = (datetime(9998, 1, 1, tzinfo=UTC) - _EPOCH) // _MICROSECOND
_LARGEST = 2**63 - 1
_PLACES = ("after", "before")


@dataclass(frozen=True)
class Order:
    """One way to sort: a NOT NULL column with the id as tie-breaker, both rising or both falling."""

    column: str
    falling: bool
    write: Callable[[Any], int]
    read: Callable[[int], Any | None]

    def names(self, *, turned: bool = False) -> tuple[str, str]:
        """Return what `order_by` takes; `turned` reads the list from its end."""
        sign = "-" if self.falling != turned else ""
        return f"{sign}{self.column}", f"{sign}id"

    def beyond(self, value: Any, pk: int, *, turned: bool = False) -> Q:
        """Return the condition for rows after a place, or before it when `turned`."""
        way = "lt" if self.falling != turned else "gt"
        further = Q(**{f"{self.column}__{way}": value}) | Q(**{f"id__{way}": pk})
        return Q(**{f"{self.column}__{way}e": value}) & further


@dataclass(frozen=True)
class Page:
    """The rows of one page, and the addresses of its neighbours; empty where there is none."""

    rows: list
    newer_url: str
    older_url: str


def moment_order(column: str, *, falling: bool) -> Order:
    """Sort by an aware datetime."""
    return Order(column, falling, lambda at: (at - _EPOCH) // _MICROSECOND, _moment)


def number_order(column: str, *, falling: bool) -> Order:
    """Sort by a whole number."""
    return Order(column, falling, int, lambda number: number)


def page_of(rows: QuerySet, order: Order, asked: QueryDict, size: int = SIZE) -> Page:
    """Return the page `asked` for: `after` or `before` a place, else the first. One statement."""
    place = _place(order, asked.get("before"))
    if place is not None:
        found = list(rows.filter(order.beyond(*place, turned=True)).order_by(*order.names(turned=True))[: size + 1])
        more_before, found = len(found) > size, found[:size][::-1]
        return _page(found, order, asked, more_before, True)
    place = _place(order, asked.get("after"))
    later = rows if place is None else rows.filter(order.beyond(*place))
    found = list(later.order_by(*order.names())[: size + 1])
    return _page(found[:size], order, asked, place is not None, len(found) > size)


def _page(found: list, order: Order, asked: QueryDict, before: bool, after: bool) -> Page:
    if not found:
        return Page([], _address(asked) if before or after else "", "")
    return Page(
        found,
        _address(asked, before=_written(order, found[0])) if before else "",
        _address(asked, after=_written(order, found[-1])) if after else "",
    )


def _written(order: Order, row: Any) -> str:
    return f"{order.write(getattr(row, order.column))}~{row.pk}"


def _place(order: Order, given: str | None) -> tuple[Any, int] | None:
    parts = [_whole(part) for part in (given or "").split("~")]
    if len(parts) != 2 or None in parts:
        return None
    value = order.read(parts[0])
    return None if value is None else (value, parts[1])


def _whole(part: str) -> int | None:
    digits = part.removeprefix("-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 19:
        return None
    number = int(part)
    return number if abs(number) <= _LARGEST else None


def _moment(microseconds: int) -> datetime | None:
    return _EPOCH + microseconds * _MICROSECOND if 0 <= microseconds <= _LAST else None


def _address(asked: QueryDict, **place: str) -> str:
    kept = asked.copy()
    for name in _PLACES:
        kept.pop(name, None)
    kept.update(place)
    return "?" + kept.urlencode()
