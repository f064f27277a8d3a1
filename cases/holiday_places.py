"""Whose public holidays can be copied: countries by their two letters, and the regions that have days of their own.

A list kept beside this file, so that no page asks a library for it; a test compares the two. It is written anew by
`python -m tests.cases.holiday_places`.
"""

import json
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_suffix(".json")


@cache
def _places() -> dict[str, tuple[str, dict[str, str]]]:
    return {code: (name, regions) for code, (name, regions) in json.loads(_FILE.read_text(encoding="utf-8")).items()}


def countries() -> list[tuple[str, str]]:
    """Return (two letters, name) of every country, by name."""
    return sorted(((code, name) for code, (name, _) in _places().items()), key=lambda one: one[1].casefold())


def name_of(country: str) -> str:
    """Return the name of a country, or its letters where it is not in the list."""
    return _places()[country][0] if country in _places() else country


def regions(country: str) -> list[tuple[str, str]]:
    """Return (code, name) of the regions of a country that have days of their own, by name; none for an unknown one."""
    known = _places()[country][1] if country in _places() else {}
    return sorted(known.items(), key=lambda one: one[1].casefold())


def region_of(country: str, text: str) -> str | None:
    """Return the code of the region meant by its code or name, however it is written; None for no such region."""
    typed = text.strip().casefold()
    return next((code for code, name in regions(country) if typed in (code.casefold(), name.casefold())), None)
