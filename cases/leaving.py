"""Somebody leaves: only once nobody waits for them."""

from datetime import datetime

from django.db import transaction

from accounts import people
from accounts.models import User
from cases.models import Action, Case
from cases.refusals import Refused


def unfinished(person: User) -> tuple[int, int]:
    """Return how many live cases that are not closed, and how many open actions, somebody owns."""
    cases = Case.objects.live().unfinished().filter(owner=person)
    return cases.count(), Action.objects.filter(owner=person, done_at=None, removed_at=None).count()


@transaction.atomic
def leave(*, actor: User, person: User, now: datetime) -> None:
    """Let somebody leave. Raise `Refused` while they own cases that are not closed, or where `people.leave` does."""
    cases, _ = unfinished(person)
    if cases:
        number = "a case that is" if cases == 1 else f"{cases} cases that are"
        raise Refused(f"{person.name} still owns {number} not closed. Give them to a colleague first.")
    try:
        people.leave(actor=actor, person=person, now=now)
    except people.Refused as refused:
        raise Refused(refused.message) from refused
