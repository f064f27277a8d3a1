"""Days, moments and names as customers read them; each language has its own way (locale/…/django.po)."""

from datetime import date, datetime

from django import template
from django.utils.translation import pgettext

from accounts import days
from cases.models import Contact

register = template.Library()
FULL_NAME = "full name"


@register.filter
def day(at: datetime | date | None) -> str:
    """Write a day: 4 December."""
    return _written(at, pgettext("how a day is written", "j F"))


@register.filter
def weekday(at: datetime | date | None) -> str:
    """Write a day with its name: Friday 4 December."""
    return _written(at, pgettext("how a day with its name is written", "l j F"))


@register.filter
def moment(at: datetime | None) -> str:
    """Write a moment: Friday 4 December, 14:30."""
    return _written(at, pgettext("how a moment is written", "l j F, H:i"))


@register.filter
def moment_short(at: datetime | None) -> str:
    """Write a moment for narrow places: Fri 4 Dec, 14:30."""
    return _written(at, pgettext("how a moment is written in a narrow place", "D j M, H:i"))


@register.filter
def dear(contact: Contact) -> str:
    """Return the name by which somebody is spoken to: the first name in English, the full one where that is usual."""
    by = pgettext("how somebody is spoken to: write 'first name' or 'full name', untranslated", "first name")
    return contact.name if by == FULL_NAME else contact.first_name


def _written(at: datetime | date | None, pattern: str) -> str:
    return days.written(at, pattern) if at else ""
