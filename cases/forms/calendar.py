"""The form of the working calendar: weekly hours, the zone, holidays of our own, and days with other hours."""

import re
import zoneinfo
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cases import holiday_places
from cases.forms.rules import RulesForm
from cases.holidays import own
from cases.refusals import Refused
from cases.rulebook import check_calendar

DAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
FIRST_YEAR, LAST_YEAR = 1990, 2070
MOST_LINES = 600
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})[\s,;]*(.*)")
_WINDOW = re.compile(r"(\d{1,2}:\d{2})\s*(?:-|–|to|bis)\s*(\d{1,2}:\d{2})")

Windows = list[list[str]]


class HoursField(forms.CharField):
    """The windows of one day: 08:00–12:00, 13:00–17:00. Empty is closed. Cleans to pairs of times."""

    def to_python(self, value) -> Windows:
        """Read the windows."""
        return read_windows(super().to_python(value) or "")


def read_windows(text: str) -> Windows:
    """Read `08:00–12:00, 13:00-17:00`. Raise ValidationError for anything else."""
    parts = [part.strip() for part in re.split(r"[,;]| and ", text) if part.strip()]
    matches = [_WINDOW.fullmatch(part) for part in parts]
    if None in matches:
        raise ValidationError("Write hours like 08:00–12:00, 13:00–17:00. Leave it empty when closed.")
    return [[_padded(match[1]), _padded(match[2])] for match in matches]


def _padded(clock: str) -> str:
    return clock.zfill(5)


def written_windows(windows: Windows) -> str:
    """Write windows as `read_windows` reads them."""
    return ", ".join(f"{opens}–{closes}" for opens, closes in windows)


class LinesField(forms.CharField):
    """One day a line, each with something behind it. Cleans to pairs of day and text, in order, each day once."""

    def __init__(self, **kwargs):
        super().__init__(required=False, max_length=40_000, widget=forms.Textarea(attrs={"rows": 8}), **kwargs)

    def to_python(self, value) -> list[tuple[str, str]]:
        """Read the lines; the first that cannot be read is named."""
        found: dict[str, str] = {}
        lines = [line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise ValidationError(f"At most {MOST_LINES} days. Take out years that are over.")
        for line in lines:
            on, text = _day(line)
            found[on] = text
        return sorted(found.items())


def _day(line: str) -> tuple[str, str]:
    match = _DAY.fullmatch(line)
    try:
        on = date.fromisoformat(match[1]) if match else None
    except ValueError:
        on = None
    if match is None or on is None or not FIRST_YEAR <= on.year <= LAST_YEAR:
        raise ValidationError(f"“{line[:60]}” does not begin with a day like 2026-12-25.")
    return on.isoformat(), match[2].strip()


def _regions_said(country: str) -> str:
    known, name = holiday_places.regions(country), holiday_places.name_of(country)
    if not known:
        return f"No region of {name} has holidays of its own that we know. Leave it empty."
    some = ", ".join(f"{code} {called}" if code != called else code for code, called in known[:40])
    return f"Regions of {name} are: {some}{', …' if len(known) > 40 else ''}."


class CalendarForm(RulesForm):
    """One version of the calendar."""

    zone = forms.ChoiceField(label="Time zone", choices=lambda: _zones())
    country = forms.ChoiceField(
        label="Country of the public holidays",
        choices=lambda: [("", "None are copied"), *holiday_places.countries()],
        required=False,
        error_messages={"invalid_choice": "Choose a country of the list."},
        help_text="They are copied in within the hour, and each year by themselves.",
    )
    region = forms.CharField(
        label="Region",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"list": "regions", "autocomplete": "off"}),
        help_text="Where its holidays differ: its name or code, such as Zürich or ZH.",
    )
    holidays = LinesField(
        label="Holidays of our own", help_text="One a line: the day, then its name. 2026-12-25 Christmas Day"
    )
    special = LinesField(
        label="Days with other hours", help_text="One a line: the day, then its hours. 2026-12-24 08:00–12:00"
    )

    @staticmethod
    def check(facts: dict[str, Any]) -> None:
        """Refuse a calendar without hours at its first day."""
        try:
            check_calendar(facts)
        except Refused as refused:
            raise Refused(refused.message, field="mon") from refused

    def add_fields(self) -> None:
        """Add the seven weekdays."""
        for day, label in DAYS.items():
            attrs = {"placeholder": "closed", "autocomplete": "off"}
            self.fields[day] = HoursField(
                label=label, required=False, max_length=200, widget=forms.TextInput(attrs=attrs)
            )

    @property
    def regions(self) -> list[tuple[str, str]]:
        """The regions that can be named for the country shown."""
        return holiday_places.regions(self["country"].value() or "")

    def clean_region(self) -> str:
        """Take a region by name or code, and only one of the country."""
        given, country = self.cleaned_data["region"].strip(), self.cleaned_data.get("country")
        if not given:
            return ""
        if not country:
            raise ValidationError("Choose the country as well.")
        code = holiday_places.region_of(country, given)
        if code is None:
            raise ValidationError(_regions_said(country))
        return code

    def clean_special(self) -> list[tuple[str, Windows]]:
        """Read the hours behind each day."""
        return [(on, read_windows(text)) for on, text in self.cleaned_data["special"]]

    def said(self, facts: dict[str, Any]) -> dict[str, Any]:
        """Return facts as the fields show them."""
        facts = own(facts)
        names, special = facts.get("names", {}), facts.get("special_hours") or {}
        hours = {day: written_windows(facts["hours"].get(day, [])) for day in DAYS}
        return hours | {
            "zone": facts["timezone"],
            "country": facts.get("country", ""),
            "region": facts.get("region", ""),
            "holidays": "\n".join(f"{on} {names.get(on, '')}".strip() for on in sorted(facts.get("holidays", []))),
            "special": "\n".join(f"{on} {written_windows(windows)}".strip() for on, windows in sorted(special.items())),
        }

    def read(self) -> dict[str, Any]:
        """Return what was typed as facts of a version."""
        typed = self.cleaned_data
        facts: dict[str, Any] = {
            "timezone": typed["zone"],
            "hours": {day: typed[day] for day in DAYS if typed[day]},
            "holidays": [on for on, _ in typed["holidays"]],
            "names": {on: name for on, name in typed["holidays"] if name},
        }
        facts |= {name: typed[name] for name in ("country", "region") if typed[name]}
        if typed["special"]:
            facts["special_hours"] = dict(typed["special"])
        return facts

    def worded(self, value: Any) -> str:
        """Write a day's hours, or a list of days, for people."""
        return "closed" if value == "" else super().worded(value).replace("\n", "; ")

    def days(self) -> list[forms.BoundField]:
        """Return the fields of the weekdays."""
        return [self[day] for day in DAYS]


def _zones() -> list[tuple[str, str]]:
    names = (name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in sorted(names))]
