"""The countries and regions whose public holidays the library knows. Write the list anew after an update of it:

python -m tests.cases.holiday_places > cases/holiday_places.json
"""

import json
import re

LONGEST_REGION = 10  # as the calendar keeps it
WRITTEN = {
    "AX": "Åland Islands",
    "BL": "Saint Barthélemy",
    "BQ": "Bonaire, Sint Eustatius and Saba",
    "CW": "Curaçao",
    "GW": "Guinea-Bissau",
    "HM": "Heard Island and McDonald Islands",
    "RE": "Réunion",
    "SH": "Saint Helena, Ascension and Tristan da Cunha",
    "ST": "São Tomé and Príncipe",
    "TL": "Timor-Leste",
}
SMALL = {"And": "and", "Of": "of", "The": "the"}


def gathered() -> dict[str, list]:
    """Return name and regions (code to name) of each country by its two letters. Imports the library."""
    import holidays
    from holidays.registry import COUNTRIES

    names = {codes[1]: codes[0] for codes in COUNTRIES.values()}
    known = holidays.list_supported_countries()
    return {
        code: [WRITTEN.get(code) or _spaced(names[code]), _regions(holidays, code, known[code])]
        for code in sorted(names)
    }


def _spaced(name: str) -> str:
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]*", name)
    return " ".join([words[0], *(SMALL.get(word, word) for word in words[1:])])


def _regions(holidays, code: str, codes: list[str]) -> dict[str, str]:
    aliases = getattr(getattr(holidays, code), "subdivisions_aliases", {})
    named: dict[str, str] = {}
    for name, known in aliases.items():
        named.setdefault(known, name)
    return {known: named.get(known, known) for known in sorted(codes) if len(known) <= LONGEST_REGION}


if __name__ == "__main__":
    print(json.dumps(gathered(), ensure_ascii=False, indent=0, sort_keys=True))
