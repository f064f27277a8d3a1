"""Who hears of it: the first of owner, deputy, lead and chair who is present, never a loop; and when they work."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db.models import F, Q

from accounts.models import Absence, Role, User
from cases.models import CalendarVersion, Case, Due
from cases.policy import calendar_of
from cases.worktime import Calendar


class Roll:
    """Who is away at one moment, and whose hours are which, read once for many people.

    Costs three statements: the chair, absences, calendars of teams.
    """

    def __init__(self, people: Iterable[User | None], now: datetime) -> None:
        self.now = now
        self.chair = chair()
        known = {person.pk: person for person in (*people, self.chair) if person is not None}
        for person in list(known.values()):
            if person.deputy_id and person.deputy is not None:
                known[person.deputy_id] = person.deputy
        self._away = {pk for pk, person in known.items() if _has_left(person)} | _absent(known, now)
        self._known = set(known)
        self._calendars = _calendars({person.team_id for person in known.values()})

    def is_away(self, person: User) -> bool:
        """Tell whether somebody is absent on the day it now is where they are, or has left."""
        return person.pk in self._away if person.pk in self._known else is_away(person, self.now)

    def first_present(self, person: User | None, case: Case) -> User | None:
        """Return the first who is present of the person, their deputy, the lead and the chair."""
        return next((one for one in _line(person, case, self.chair) if not self.is_away(one)), None)

    def hearers(self, names: Iterable[str], due: Due, case: Case) -> list[User]:
        """Return who is told on a rung that names `owner` or `lead`, each person once."""
        asked = ((due.owner or case.owner) if name == "owner" else lead_of(case) for name in names)
        present = (self.first_present(person, case) for person in asked)
        return list({person.pk: person for person in present if person is not None}.values())

    def hours_of(self, person: User) -> Calendar:
        """Return when somebody works: their team's hours, else the default ones, in their own time zone."""
        return _in_zone(self._calendars.get(person.team_id) or self._calendars[None], person.zone)


def is_away(user: User, now: datetime) -> bool:
    """Tell whether somebody is absent on the day it now is where they are, or has left."""
    return _has_left(user) or bool(_absent({user.pk: user}, now))


def first_present(user: User | None, case: Case, now: datetime) -> User | None:
    """Return the first who is present of the person, their deputy, the lead and the chair; None if nobody is."""
    return next((person for person in _line(user, case, chair()) if not is_away(person, now)), None)


def lead_of(case: Case) -> User | None:
    """Return the lead of the case's team, or None; the chair where the complaint is about the lead."""
    lead = case.team.lead if case.team else None
    if lead is None or lead.pk != case.about_user_id:
        return lead
    return User.objects.working_here().with_role(Role.CHAIR).exclude(pk=lead.pk).first()


def reader_of(case: Case) -> User | None:
    """Return who reads what the customer writes: its owner; the lead where the complaint is about a person here."""
    lead = lead_of(case)
    return (lead or case.owner) if case.about_person else (case.owner or lead)


def chair() -> User | None:
    """Return who chairs the council, or None."""
    return User.objects.working_here().with_role(Role.CHAIR).select_related("deputy").first()


def council_members() -> list[User]:
    """Return those who sit on the council and can sign in; the sponsor alone where there is no council."""
    members = list(User.objects.working_here().with_role(Role.COUNCIL, Role.CHAIR))
    return members or list(User.objects.working_here().with_role(Role.SPONSOR))


def docket_keeper() -> User | None:
    """Return whose clock a decision is: the chair's, without one a member's, without a council the sponsor's."""
    members = council_members()
    return next((member for member in members if member.has_role(Role.CHAIR)), next(iter(members), None))


def is_ours(address: str) -> bool:
    """Tell whether an e-mail address belongs to somebody of ours, with or without a tag after a plus."""
    local, _, domain = address.lower().rpartition("@")
    return User.objects.filter(email__in={f"{local}@{domain}", f"{local.partition('+')[0]}@{domain}"}).exists()


def _has_left(user: User) -> bool:
    return not user.is_active or user.left_at is not None


def _absent(people: dict[int, User], now: datetime) -> set[int]:
    """Return who is away on their own today. One statement."""
    today = {pk: now.astimezone(ZoneInfo(person.zone)).date() for pk, person in people.items()}
    if not today:
        return set()
    near = Absence.objects.filter(user__in=today, from_on__lte=max(today.values()), to_on__gte=min(today.values()))
    rows = near.values_list("user_id", "from_on", "to_on")
    return {user for user, first, last in rows if first <= today[user] <= last}


def _line(user: User | None, case: Case, last: User | None) -> Iterator[User]:
    deputy = user.deputy if user else None
    seen: set[int | None] = {case.about_user_id}  # a complaint about somebody is nothing to remind them of
    for person in (user, deputy, lead_of(case), last):
        if person is not None and person.pk not in seen:
            seen.add(person.pk)
            yield person


def _calendars(teams: set[int | None]) -> dict[int | None, int]:
    """Return the calendar version in force for each team, and for None the default one. One statement."""
    mine = Q(calendar__uses__team__in=[team for team in teams if team])
    rows = CalendarVersion.objects.filter(mine | Q(calendar__is_default=True)).order_by("number")
    found: dict[int | None, int] = {}
    for pk, team, is_default in rows.values_list("pk", F("calendar__uses__team"), "calendar__is_default"):
        if team in teams:
            found[team] = pk
        if is_default:
            found[None] = pk
    return found


@lru_cache(maxsize=512)
def _in_zone(version_id: int, zone: str) -> Calendar:
    calendar = calendar_of(version_id)
    return calendar if calendar.zone == zone else replace(calendar, zone=zone)
