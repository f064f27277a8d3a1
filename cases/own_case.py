"""Nobody judges a case of their own: who does it instead (product: Letting go, Severity, The council)."""

from collections.abc import Iterable

from django.db.models import Q

from accounts.models import Role, User
from cases import presence
from cases.models import Case
from cases.refusals import Refused


def check(actor: User, cases: Iterable[Case], what: str) -> None:
    """Raise `Refused`, naming whom to ask, where one of the cases is the actor's own; `what` is done to it."""
    cases = list(cases)
    own = next((case for case in cases if case.owner_id == actor.pk), None)
    if own is None:
        return
    other = instead(actor, cases)
    ask = f"Ask {other.name} to do it." if other else "An administrator can name another lead, or a chair, who may."
    raise Refused(f"{own.number} is your own case, and nobody {what} a case of their own. {ask}")


def instead(actor: User, cases: Iterable[Case]) -> User | None:
    """Return who may judge these cases in the actor's place: another lead of the team, else the chair or sponsor."""
    cases = list(cases)
    barred = {actor.pk, *(case.owner_id for case in cases), *(case.about_user_id for case in cases)}
    here = User.objects.working_here().exclude(pk__in={pk for pk in barred if pk})
    teams = {case.team_id for case in cases if case.team_id}
    leads = here.with_role(Role.LEAD).filter(Q(team__in=teams) if teams else Q())
    roles = ((Role.CHAIR,), (Role.SPONSOR,), (Role.COUNCIL,))
    return leads.first() or next((one for role in roles if (one := here.with_role(*role).first())), None)


def stands_in(actor: User, case: Case) -> bool:
    """Tell whether a member of the council acts for the lead, because the case is the lead's own."""
    lead = presence.lead_of(case)
    return actor.on_council and lead is not None and case.owner_id == lead.pk
