"""Public holidays by country and region, copied into rows once a year, so that no page ever asks a library.

A calendar's version is a snapshot: it holds the days that were known when it was made. New days make a new version,
which new cases open with; open cases keep theirs (product: Deadlines).
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Count

from cases import sweeping
from cases.models import Calendar, CalendarVersion, Holiday, SetAside

SWEEP = "holidays"
Reader = Callable[[str, str, Iterable[int]], Mapping[date, str]]


class NoHolidays(LookupError):
    """Nobody knows the public holidays of this country or region."""


def copy_due(now: datetime, *, read: Reader) -> int:
    """Copy this and the next year's holidays for each calendar that lacks them; return for how many calendars.

    `read` returns the days of country, region and years, or raises `NoHolidays`. Two statements when nothing lacks.
    """
    years = (now.year, now.year + 1)
    aside = sweeping.set_aside(SWEEP, "Calendar")
    named = Calendar.objects.exclude(country="").exclude(pk__in=aside)
    known = Holiday.objects.filter(own=False, on__year__in=years).order_by().values_list("calendar", "on__year")
    there = {(calendar, year) for calendar, year, _ in known.annotate(Count("pk"))}
    lacking = [one for one in named if any((one.pk, year) not in there for year in years)]
    return sweeping.each(SWEEP, lacking, lambda one: copy(one, read(one.country, one.region, years), now), now=now)


def copy(calendar: Calendar, days: Mapping[date, str], now: datetime) -> CalendarVersion | None:
    """Write the days of a country down and make the version that knows them. Raise `NoHolidays` for none."""
    if not days:
        raise NoHolidays(f"No public holidays are known for {calendar.country} {calendar.region}".strip() + ".")
    held = Calendar.objects.select_for_update(no_key=True).get(pk=calendar.pk)
    rows = [Holiday(calendar=held, on=on, name=name[:120], own=False) for on, name in days.items()]
    Holiday.objects.bulk_create(rows, ignore_conflicts=True)
    newest = held.versions.order_by("-number").first()
    facts = merged(newest.facts, held)
    if facts == newest.facts:
        return None
    return CalendarVersion.objects.create(calendar=held, number=newest.number + 1, facts=facts, made_at=now)


def merged(facts: dict[str, Any], calendar: Calendar) -> dict[str, Any]:
    """Return facts with the copied days of the calendar's country in them. Days of our own come first."""
    kept = own(facts)
    if kept.get("country", calendar.country) != calendar.country:
        return kept  # typed, not saved yet: the days of that country are still to be copied
    ours = set(kept.get("holidays", [])) | set(kept.get("special_hours") or {})
    rows = Holiday.objects.filter(calendar=calendar, own=False).values_list("on", "name")
    copied = {on.isoformat(): name for on, name in rows if on.isoformat() not in ours}
    if not copied:
        return kept
    return {
        **kept,
        "holidays": sorted({*kept.get("holidays", []), *copied}),
        "names": {**copied, **kept.get("names", {})},
        "copied": sorted(copied),
    }


def own(facts: dict[str, Any]) -> dict[str, Any]:
    """Return facts without the copied days."""
    copied = set(facts.get("copied", []))
    kept = {name: value for name, value in facts.items() if name != "copied"}
    kept["holidays"] = [on for on in facts.get("holidays", []) if on not in copied]
    if "names" in facts:
        kept["names"] = {on: name for on, name in facts["names"].items() if on not in copied}
    return kept


def keep_rows(calendar: Calendar, facts: dict[str, Any]) -> None:
    """Keep the rows of our own days, and the calendar's country, as a new version says them."""
    place = (facts.get("country", ""), facts.get("region", ""))
    if place != (calendar.country, calendar.region):
        calendar.country, calendar.region = place
        calendar.save(update_fields=["country", "region"])
        Holiday.objects.filter(calendar=calendar, own=False).delete()
        SetAside.objects.filter(sweep=SWEEP, kind="Calendar", ref=calendar.pk).delete()
    kept, special = own(facts), facts.get("special_hours") or {}
    names = kept.get("names", {})
    ours = {**{on: [] for on in kept.get("holidays", [])}, **special}
    Holiday.objects.filter(calendar=calendar, own=True).delete()
    rows = [Holiday(calendar=calendar, on=on, name=names.get(on, "")[:120], hours=hours) for on, hours in ours.items()]
    Holiday.objects.bulk_create(rows, ignore_conflicts=True)  # a copied day stays a row; ours comes first in `merged`


def trouble(calendar: Calendar) -> str:
    """Return why the holidays of a calendar's country could not be copied, or nothing."""
    row = SetAside.objects.filter(sweep=SWEEP, kind="Calendar", ref=calendar.pk).first()
    return row.error.partition(": ")[2] if row else ""
