"""The farewell letter: a respectful draft to begin from, and the end date put where the writer left room for it."""

from datetime import date

from django.template.loader import render_to_string
from django.utils.formats import date_format

from cases.models import Case

ROOM = "{end}"


def draft(case: Case) -> str:
    """Return the text a member begins from."""
    return render_to_string("council/farewell.txt", {"case": case, "end": ROOM}).strip()


def filled(text: str, ends_on: date) -> str:
    """Return the letter as it is read, with the day in it."""
    return text.replace(ROOM, date_format(ends_on, "j F Y"))
