"""The decision log: what was decided, by whom, why; found by number or words."""

import re

from django.db.models import Q, QuerySet

from accounts.models import User
from cases import access
from council.models import Decision

NUMBER = re.compile(r"^(?:RC-?)?(\d{1,12})$", re.IGNORECASE)


def log(user: User, words: str = "") -> QuerySet[Decision]:
    """Return the decisions on cases this person may see; with `words`, those that hold them or the case's number."""
    rows = Decision.objects.filter(case__in=access.visible_to(user))
    rows = rows.select_related("case__customer", "words", "author", "owner", "escalation", "question__answer")
    number = NUMBER.match(words.strip())
    if number:
        return rows.filter(case=int(number[1]))
    for word in words.split()[:8]:
        rows = rows.filter(
            Q(words__text__icontains=word)
            | Q(case__title__icontains=word)
            | Q(case__customer__name__icontains=word)
            | Q(author__name__icontains=word)
        )
    return rows
