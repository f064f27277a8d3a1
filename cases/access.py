"""The only way from a URL to a row: who sees a case, and who may do what with it (promise S2).

Everyone who signs in sees every case that is not confidential. A confidential one is seen by its owner, the team's
lead, the council, auditors, owners of an open step or action on it (and a deputy, for as long as the person is away),
and named readers. Whom a complaint is about never sees it, whatever their role.
"""

from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.utils import timezone

from accounts.models import Role, User
from cases.enums import Severity
from cases.models import Action, Case, CaseCause, Cause, Check, Customer, Exposure, Step
from cases.sight import Sees

SEES_ALL = (Role.COUNCIL, Role.CHAIR, Role.SPONSOR, Role.AUDITOR, Role.COUNSEL)


def visible_to(user: User):
    """Return the cases somebody may read."""
    cases = Case.objects.exclude(about_user=user)
    if user.has_role(*SEES_ALL):
        return cases
    today = timezone.now().astimezone(ZoneInfo(user.zone)).date()
    return cases.filter(Q(confidential=False) | Sees(user, today))


def sees(user: User, case: Case) -> bool:
    """Tell whether this person may read the case; of one that is not confidential without asking the database."""
    if case.about_user_id == user.pk:
        return False
    return not case.confidential or user.has_role(*SEES_ALL) or visible_to(user).filter(pk=case.pk).exists()


def case_for(user: User, pk: int, *, select: tuple[str, ...] = ()) -> Case:
    """Return one case this person may read. Raise Http404 otherwise: an unseen case and no case look alike."""
    case = visible_to(user).filter(pk=pk).select_related(*(select or ("customer",))).first()
    if case is None:
        raise Http404
    return case


def may_work(user: User, case: Case) -> bool:
    """Tell whether this person may write on the case: owner, deputy, team colleagues, the lead, quality."""
    if user.only_reads or case.about_user_id == user.pk:
        return False
    return works_near(user, case) or _stands_in(user, case)


def works_near(user: User, case: Case) -> bool:
    """Tell whether they may write on a case they see, by owner, team and role alone: whatever a row of a list holds."""
    if user.only_reads:
        return False
    if case.owner_id == user.pk or user.has_role(Role.QUALITY):
        return True
    near = case.owner_id is None or (case.team_id is not None and case.team_id == user.team_id)
    return near and user.has_role(Role.MANAGER, Role.LEAD)


def _stands_in(user: User, case: Case) -> bool:
    return case.owner is not None and case.owner.deputy_id == user.pk


def may_work_step(user: User, case: Case, step: Step | None) -> bool:
    """Tell whether this person may work one step: whoever may work the case, and whom the step was given to."""
    given = step is not None and step.owner_id == user.pk and not user.only_reads
    return given or may_work(user, case) or may_lead(user, case)


def may_lead(user: User, case: Case) -> bool:
    """Tell whether this person decides as lead: waivers, lowering severity, moving the moment of receipt."""
    if not user.has_role(Role.LEAD) or case.about_user_id == user.pk:
        return False
    return case.team_id is None or case.team_id == user.team_id


def council_decides(case: Case) -> bool:
    """Tell whether waivers of the case are the council's: from high up, and where the owner leads the team.

    Nobody grants on their own case.
    """
    strict = case.severity in (Severity.HIGH, Severity.CRITICAL)
    return strict or (case.owner is not None and may_lead(case.owner, case))


def judges(user: User, case: Case) -> bool:
    """Tell whether this person judges the case: lead or council, but nobody their own.

    A lower severity, another moment of receipt, an end, a mark taken off: what makes a case look better than it is.
    """
    return case.owner_id != user.pk and (may_lead(user, case) or user.on_council)


def may_assign(user: User, case: Case) -> bool:
    """Tell whether this person may give the case to somebody: its owner, a lead, or the council."""
    unowned = case.owner_id is None and may_log(user)
    return unowned or case.owner_id == user.pk or may_lead(user, case) or user.on_council


def may_log(user: User) -> bool:
    """Tell whether this person may log a complaint."""
    return user.has_role(Role.MANAGER, Role.LEAD, Role.QUALITY, Role.COUNCIL, Role.CHAIR, Role.SPONSOR)


def customer_for(user: User, pk: int) -> Customer:
    """Return one customer. Everyone who signs in sees customers. Raise Http404 where there is none."""
    customer = Customer.objects.select_related("account_manager", "team").filter(pk=pk).first()
    if customer is None:
        raise Http404
    return customer


def causes_for(user: User):
    """Return the causes somebody may read: not those that stand only under cases this person may not see.

    Whoever owns the cause, an action, a check or a customer to look at has to see it to do their part. One that stands
    under no case any more may have stood under a confidential one: it is for those who see every case.
    """
    cases = visible_to(user).filter(case_causes__cause=OuterRef("pk"))
    bare = ~Exists(CaseCause.objects.filter(cause=OuterRef("pk"))) if user.has_role(*SEES_ALL) else Q(pk__in=())
    mine = Q(owner=user) | Exists(Check.objects.filter(cause=OuterRef("pk"), checker=user))
    for part in (Action, Exposure):
        mine |= Exists(part.objects.filter(cause=OuterRef("pk"), owner=user))
    return Cause.objects.filter(bare | mine | Exists(cases))


def cause_for(user: User, pk: int) -> Cause:
    """Return one cause. Raise Http404 where there is none this person may read."""
    cause = causes_for(user).select_related("kind", "owner", "proof").filter(pk=pk).first()
    if cause is None:
        raise Http404
    return cause
