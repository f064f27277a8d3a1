"""What the pages of calendars and policies show: all of them, for whom each counts, and the weeks to come."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max
from django.utils import timezone

from accounts.models import Team
from cases import holidays
from cases.models import Calendar, CalendarUse, Policy
from cases.worktime import BadCalendar
from cases.worktime import Calendar as WorkingCalendar

WEEKS = 4


@dataclass(frozen=True)
class Day:
    """One day of the preview: its windows in local time; `why` names a holiday or says that other hours hold."""

    on: date
    windows: list[tuple[datetime, datetime]]
    why: str = ""


def calendars() -> list[Calendar]:
    """Return every calendar with its newest version's number and for how many it counts. The default first."""
    rows = Calendar.objects.annotate(number=Max("versions__number"), used=Count("uses", distinct=True))
    return list(rows.order_by("-is_default", "name"))


def policies() -> list[Policy]:
    """Return every policy with its newest version's number. The default first."""
    rows = Policy.objects.select_related("category").annotate(number=Max("versions__number"))
    return list(rows.order_by("-is_default", "name"))


def about_calendar(version: Any, form: Any) -> dict[str, Any]:
    """Return what the page of one calendar shows beside its form."""
    calendar = version.calendar
    facts = form.facts() if form.is_bound and form.is_valid() else version.facts
    uses = CalendarUse.objects.filter(calendar=calendar).select_related("team", "customer").order_by("pk")
    taken = CalendarUse.objects.filter(team__isnull=False).values("team")
    return {
        "calendar": calendar,
        "uses": list(uses),
        "teams": list(Team.objects.exclude(pk__in=taken)),
        "copied": [(on, version.facts.get("names", {}).get(on, "")) for on in version.facts.get("copied", [])],
        "trouble": holidays.trouble(calendar),
        "weeks": weeks(holidays.merged(facts, calendar), timezone.localdate()),
    }


def about_policy(version: Any, form: Any) -> dict[str, Any]:
    """Return what the page of one policy shows beside its form."""
    return {"policy": version.policy}


def weeks(facts: dict[str, Any], today: date) -> list[list[Day]]:
    """Return the days of the next weeks, from this Monday on, as a calendar of these facts opens; none if it cannot."""
    try:
        calendar = WorkingCalendar.from_facts(facts)
    except BadCalendar:
        return []
    monday = today - timedelta(days=today.weekday())
    names = facts.get("names", {})
    return [
        [_day(calendar, monday + timedelta(days=7 * week + day), names) for day in range(7)] for week in range(WEEKS)
    ]


def _day(calendar: WorkingCalendar, on: date, names: dict[str, str]) -> Day:
    tz = calendar.tz
    windows = [(opened.astimezone(tz), closed.astimezone(tz)) for opened, closed in calendar.stretches(on)]
    if on in calendar.holidays:
        return Day(on, windows, names.get(on.isoformat(), "Holiday"))
    return Day(on, windows, "other hours" if on in calendar.special else "")
