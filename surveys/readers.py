"""Who of us reads an answer and hears of it."""

from django.conf import settings

from accounts.models import User
from cases import presence
from cases.models import Case
from cases.presence import reader_of


def reader_name(case: Case) -> str:
    """Return the reader's first name as a customer reads it, or the company's name where nobody owns the case."""
    reader = reader_of(case)
    return reader.first_name if reader else settings.COMPANY_NAME


def reader_full_name(case: Case) -> str:
    """Return the reader's name, or the company's where nobody owns the case."""
    reader = reader_of(case)
    return reader.name if reader else settings.COMPANY_NAME


def reader_and_lead(case: Case) -> list[User]:
    """Return who hears of a low answer: its reader and the lead, each once."""
    people = (reader_of(case), presence.lead_of(case))
    return list({person.pk: person for person in people if person is not None}.values())
