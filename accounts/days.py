"""How a day is written in a language: the pattern is the language's own, and two things no pattern can say."""

from datetime import date, datetime

from django.utils import timezone, translation
from django.utils.formats import date_format

FIRST = r"\1\e\r"  # French has an ordinal for the first of a month alone: 1er décembre


def written(at: datetime | date, pattern: str) -> str:
    """Write a day or moment by `pattern`, the letters of Django's `date` filter, in the language and zone in force.

    Another year than the present one is named: "4 December 2027".
    """
    here = timezone.localtime(at) if isinstance(at, datetime) else at
    if "Y" not in pattern and here.year != timezone.localtime().year:
        pattern = pattern.replace("F", "F Y").replace("M", "M Y").replace("b", "b Y")
    if here.day == 1 and (translation.get_language() or "").startswith("fr"):
        pattern = pattern.replace("j", FIRST)
    return date_format(here, pattern, use_l10n=False)
