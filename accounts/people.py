"""Entering people, giving them roles, letting them leave, and the days they are away.

Each act is checked, written and recorded in the administration log together.
"""

import hashlib
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts import admin_log
from accounts.entering import NotEntered, enter
from accounts.models import Absence, ApiToken, Role, Team, User

FIELDS = ("name", "email", "title", "phone", "roles", "team_id", "deputy_id", "level", "zone")


class Refused(Exception):
    """A rule said no; nothing has been written. `field` names the form field the message belongs to."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message, self.field = message, field


class Overtaken(Refused):
    """Somebody else saved in between; `theirs` is the person as they are now (promise R6)."""

    def __init__(self, theirs: User) -> None:
        super().__init__("Somebody changed this while you were writing. Both versions are shown.")
        self.theirs = theirs


def mark_of(person: User) -> str:
    """Return a short mark that changes with anything that can be edited of a person."""
    said = repr([(name, getattr(person, name)) for name in FIELDS])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@transaction.atomic
def add(*, actor: User, fields: dict[str, Any], now: datetime) -> User:
    """Enter a person without a password; a letter lets them choose one. Raise `Refused` at the field."""
    _check(None, fields)
    try:
        person = enter(email=fields["email"], name=fields["name"], roles=fields["roles"], password=None)
    except NotEntered as error:
        raise Refused(str(error), field="email") from error
    _put(person, fields)
    facts = {"person": person.pk, "roles": list(person.roles)}
    admin_log.record(actor=actor, kind="person_added", facts=facts, now=now)
    return person


@transaction.atomic
def edit(*, actor: User, person: User, fields: dict[str, Any], seen: str, now: datetime) -> list[str]:
    """Save what changed of a person as read at the mark `seen`; return the names of the fields changed.

    Raise `Overtaken` if somebody else changed them since, `Refused` for what no rule allows.
    """
    kept = _hold(person)
    changed = [name for name in FIELDS if getattr(kept, name) != fields[name]]
    if not changed:
        return []
    if seen != mark_of(kept):
        raise Overtaken(kept)
    _check(kept, fields)
    before = list(kept.roles)
    _put(kept, fields)
    facts: dict[str, Any] = {"person": kept.pk, "fields": [name.removesuffix("_id") for name in changed]}
    if "roles" in changed:
        facts |= {"roles_before": before, "roles": list(kept.roles)}
    admin_log.record(actor=actor, kind="person_edited", facts=facts, now=now)
    return changed


@transaction.atomic
def leave(*, actor: User, person: User, now: datetime) -> None:
    """Let somebody leave: from this moment they cannot sign in, and their tokens have ended. What they did keeps their
    name.

    Raise `Refused` for oneself, the last administrator and the lead of a team. Cases they own are looked at by
    `cases.leaving`, which calls this.
    """
    kept = _hold(person)
    if kept.left_at is not None:
        raise Refused(f"{kept.name} has left already.")
    if kept.pk == actor.pk:
        raise Refused("You cannot let yourself leave. Ask another administrator.")
    _keep_an_administrator(kept, ())
    _keep_leads(kept, (), None)
    kept.left_at, kept.is_active = now, False
    kept.save(update_fields=["left_at", "is_active"])
    ApiToken.objects.filter(user=kept, revoked_at=None).update(revoked_at=now)
    admin_log.record(actor=actor, kind="person_left", facts={"person": kept.pk}, now=now)


@transaction.atomic
def come_back(*, actor: User, person: User, now: datetime) -> None:
    """Let somebody who left sign in again, with the roles they had."""
    kept = _hold(person)
    if kept.left_at is None and kept.is_active:
        raise Refused(f"{kept.name} works here.")
    kept.left_at, kept.is_active = None, True
    kept.save(update_fields=["left_at", "is_active"])
    admin_log.record(actor=actor, kind="person_returned", facts={"person": kept.pk}, now=now)


@transaction.atomic
def add_absence(*, actor: User, person: User, from_on: date, to_on: date, now: datetime) -> Absence:
    """Note days away, both ends included, in the person's own zone; their deputy hears instead of them.

    Raise `Refused` for days turned round, days that are over, and days noted already.
    """
    if to_on < from_on:
        raise Refused("The last day away lies before the first.", field="to_on")
    if to_on < now.astimezone(ZoneInfo(person.zone)).date():
        raise Refused("These days are over.", field="to_on")
    if Absence.objects.filter(user=person, from_on__lte=to_on, to_on__gte=from_on).exists():
        raise Refused("Some of these days are noted already.", field="from_on")
    absence = Absence.objects.create(user=person, from_on=from_on, to_on=to_on)
    facts = {"person": person.pk, "from": from_on.isoformat(), "to": to_on.isoformat()}
    admin_log.record(actor=actor, kind="absence_added", facts=facts, now=now)
    return absence


@transaction.atomic
def remove_absence(*, actor: User, absence: Absence, now: datetime) -> None:
    """Take back days away."""
    facts = {
        "person": absence.user_id,
        "from": absence.from_on.isoformat(),
        "to": absence.to_on.isoformat(),
    }
    absence.delete()
    admin_log.record(actor=actor, kind="absence_removed", facts=facts, now=now)


def _hold(person: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=person.pk)


def _put(person: User, fields: dict[str, Any]) -> None:
    for name in FIELDS:
        setattr(person, name, fields[name])
    person.save()


def _check(person: User | None, fields: dict[str, Any]) -> None:
    roles = fields["roles"]
    if not roles:
        raise Refused("Give at least one role; without one nothing can be done here.", field="roles")
    if Role.LEAD in roles and fields["team_id"] is None:
        raise Refused("A team lead needs a team. Choose it, or add it first.", field="team")
    if person is None:
        return
    if User.objects.filter(email=fields["email"].lower()).exclude(pk=person.pk).exists():
        raise Refused("Somebody else signs in with this address.", field="email")
    if fields["deputy_id"] == person.pk:
        raise Refused("Nobody stands in for themselves. Choose a colleague.", field="deputy")
    _keep_an_administrator(person, roles)
    _keep_leads(person, roles, fields["team_id"])


def _keep_an_administrator(person: User, roles: tuple[str, ...]) -> None:
    if Role.ADMIN not in person.roles or Role.ADMIN in roles:
        return
    others = User.objects.working_here().with_role(Role.ADMIN).exclude(pk=person.pk)
    if not others.exists():
        raise Refused(f"{person.name} is the last administrator. Make somebody else one first.", field="roles")


def _keep_leads(person: User, roles: tuple[str, ...], team_id: int | None) -> None:
    for team in Team.objects.filter(lead=person):
        if Role.LEAD not in roles or team.pk != team_id:
            raise Refused(f"{person.name} leads the team {team.name}. Name another lead there first.", field="roles")
