"""Sheets: the numbers of standard periods, counted each minute for whole audiences and read in one statement.

They are for who reads everything or everything not confidential, unfiltered. A reader whom a case is about, a filter,
days of one's own choice, or a sheet that is not fresh: then the page counts for itself. The result is the same.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import Exists

from cases import sweeping
from council.figures import catalogue
from council.figures.asked import ALL, NAMES, NOT_CONFIDENTIAL, Asked, of_everybody
from council.figures.counting import Reading
from council.figures.medians import Clocks, Median
from council.figures.pareto import Bar
from council.figures.value import Worth
from council.models.sheet import Sheet
from council.models.tally import Tally

_KNOWN = {known.__name__: known for known in (Clocks, Median, Bar, Worth)}
Count = Callable[[Asked], Any]


def fresh(page: str, asked: Asked, count: Count) -> tuple[Any, datetime]:
    """Return what `count` returns for this question, and when it was counted.

    From a sheet that is still good where one fits, else counted now.
    """
    if asked.filters or asked.history or asked.name not in NAMES:
        return count(asked), asked.now
    about_me = Exists(Tally.objects.filter(about=asked.reader))
    kept = Sheet.objects.filter(~about_me, name=f"{page}-{asked.name}", audience=asked.audience, first=asked.first)
    sheet = kept.filter(at__lte=asked.now).first()
    is_good = sheet is not None and asked.now < sheet.good_until
    return (unpack(sheet.body), sheet.at) if is_good else (count(asked), asked.now)


def make(pages: dict[str, tuple[Count, tuple[str, ...]]], now: datetime) -> int:
    """Count every page for every period it has and both audiences, where it is time; return how many were made."""
    there = {(sheet.name, sheet.audience): sheet for sheet in Sheet.objects.defer("body")}
    made = 0
    for page, (count, names) in pages.items():
        for asked in (of_everybody(audience, name, now) for name in names for audience in (ALL, NOT_CONFIDENTIAL)):
            known = there.get((f"{page}-{asked.name}", asked.audience))
            if known is None or known.first != asked.first or known.due_at <= now or known.at > now:
                _keep(page, asked, count)
                made += 1
                sweeping.rest()
    return made


def _keep(page: str, asked: Asked, count: Count) -> None:
    began = monotonic()
    body = pack(count(asked))
    took = int(1000 * (monotonic() - began))
    with transaction.atomic():
        Sheet.objects.update_or_create(
            name=f"{page}-{asked.name}",
            audience=asked.audience,
            defaults={"first": asked.first, "at": asked.now, "took_ms": took, "body": body},
        )


def pack(value: Any) -> Any:
    """Turn numbers as the pages hold them into what JSON holds."""
    if isinstance(value, Reading):
        return {"measure": value.measure.slug, "counts": dict(value.counts), "marks": value.marks, "base": value.base}
    if is_dataclass(value):
        return {"kind": type(value).__name__, **{one.name: pack(getattr(value, one.name)) for one in fields(value)}}
    if isinstance(value, list | tuple):
        return [pack(one) for one in value]
    return value


def unpack(value: Any) -> Any:
    """Turn it back."""
    if isinstance(value, list):
        return [unpack(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "measure" in value:
        return Reading(catalogue.MEASURES[value["measure"]], value["counts"], value["marks"], value.get("base", 0))
    known = _KNOWN[value["kind"]]
    return known(**{one.name: _fitting(known, one.name, unpack(value[one.name])) for one in fields(known)})


def _fitting(known: type, name: str, value: Any) -> Any:
    return tuple(value) if (known, name) == (Bar, "filter") else value
