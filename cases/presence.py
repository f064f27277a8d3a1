"""Who hears of it: the first of owner, deputy, lead and chair who is present, never a loop."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from accounts.models import Absence, Role, User
from cases.models import Case, Due


def is_away(user: User, now: datetime) -> bool:
    """Tell whether somebody is absent on the day it now is where they are, or has left."""
    today = now.astimezone(ZoneInfo(user.zone)).date()
    left = not user.is_active or user.left_at is not None
    return left or Absence.objects.filter(user=user, from_on__lte=today, to_on__gte=today).exists()


def first_present(user: User | None, case: Case, now: datetime) -> User | None:
    """Return the first who is present of the person, their deputy, the lead and the chair; None if nobody is."""
    return next((person for person in _line(user, case) if not is_away(person, now)), None)


def hearers(names: tuple[str, ...], due: Due, case: Case, now: datetime) -> list[User]:
    """Return who is told on a rung that names `owner` or `lead`, each person once."""
    people: dict[int, User] = {}
    for name in names:
        person = due.owner or case.owner if name == "owner" else lead_of(case)
        present = first_present(person, case, now)
        if present is not None:
            people[present.pk] = present
    return list(people.values())


def lead_of(case: Case) -> User | None:
    """Return the lead of the case's team, or None."""
    return case.team.lead if case.team else None


def council_members() -> list[User]:
    """Return those who sit on the council and can sign in; the sponsor alone where there is no council."""
    members = list(User.objects.working_here().with_role(Role.COUNCIL, Role.CHAIR))
    return members or list(User.objects.working_here().with_role(Role.SPONSOR))


def _line(user: User | None, case: Case) -> Iterator[User]:
    chair = User.objects.working_here().with_role(Role.CHAIR).first()
    deputy = user.deputy if user else None
    seen: set[int] = set()
    for person in (user, deputy, lead_of(case), chair):
        if person is not None and person.pk not in seen:
            seen.add(person.pk)
            yield person
