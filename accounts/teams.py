"""Teams and who leads them."""

from datetime import datetime

from django.db import transaction

from accounts import admin_log
from accounts.models import Role, Team, User
from accounts.people import Refused


@transaction.atomic
def add(*, actor: User, name: str, now: datetime) -> Team:
    """Add a team; its lead is named once people are in it. Raise `Refused` for a name that is taken."""
    _check_name(name, None)
    team = Team.objects.create(name=name)
    admin_log.record(actor=actor, kind="team_added", facts={"team": team.pk}, now=now)
    return team


@transaction.atomic
def edit(*, actor: User, team: Team, name: str, lead: User | None, now: datetime) -> None:
    """Rename a team and name its lead, who is in the team and holds the role. Raise `Refused` otherwise."""
    _check_name(name, team)
    if lead is not None and (lead.team_id != team.pk or not lead.has_role(Role.LEAD)):
        message = f"{lead.name} is not in this team as a team lead. Give them the team and the role first."
        raise Refused(message, field="lead")
    if (team.name, team.lead_id) == (name, lead.pk if lead else None):
        return
    facts = {"team": team.pk, "lead": lead.pk if lead else None, "lead_before": team.lead_id}
    team.name, team.lead = name, lead
    team.save(update_fields=["name", "lead"])
    admin_log.record(actor=actor, kind="team_edited", facts=facts, now=now)


def _check_name(name: str, team: Team | None) -> None:
    if Team.objects.filter(name__iexact=name).exclude(pk=team.pk if team else None).exists():
        raise Refused("There is a team of this name already.", field="name")
