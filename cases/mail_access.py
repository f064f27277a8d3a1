"""Who reads a message that reached us: with its case, in the intake, or, of machines, those who run the house."""

from django.db.models import Q
from django.http import Http404

from accounts.models import Role, User
from cases import access
from cases.models import Case, IntakeItem
from mail.models import Inbound

HOUSE = (Role.ADMIN, Role.AUDITOR, Role.LEAD)


def may_read_intake(user: User) -> bool:
    """Tell whether this person sees messages that belong to no case: who may open one, and auditors."""
    return access.may_log(user) or user.has_role(Role.AUDITOR)


def may_decide(user: User) -> bool:
    """Tell whether this person takes messages in or sets them aside."""
    return access.may_log(user)


def may_sample(user: User) -> bool:
    """Tell whether this person looks at the weekly sample of what was set aside: a lead."""
    return user.has_role(Role.LEAD)


def may_read_house_mail(user: User) -> bool:
    """Tell whether this person sees what machines wrote and what could not be read."""
    return user.has_role(*HOUSE)


def message_for(user: User, pk: int) -> Inbound:
    """Return one message this person may read. Raise Http404 otherwise: unseen and missing look alike."""
    inbound = Inbound.objects.select_related("raw").filter(pk=pk).first()
    if inbound is None or not _sees(user, inbound):
        raise Http404
    return inbound


def _sees(user: User, inbound: Inbound) -> bool:
    mine = Q(entries__inbound=inbound) | Q(intake_items__inbound=inbound)
    if inbound.thread_id:
        mine |= Q(thread=inbound.thread_id)
    cases = set(Case.objects.filter(mine).values_list("pk", flat=True))
    if cases:
        return access.visible_to(user).filter(pk__in=cases).exists()
    item = IntakeItem.objects.filter(inbound=inbound).first()
    if item is not None:
        meant = item.meant_for_id
        return may_read_intake(user) and (not meant or access.visible_to(user).filter(pk=meant).exists())
    return may_read_house_mail(user)


def item_for(user: User, pk: int) -> IntakeItem:
    """Return one intake item this person may read. Raise Http404 otherwise."""
    related = ("inbound__raw", "customer", "contact", "case", "meant_for", "reason", "decided_by", "sampled_by")
    item = IntakeItem.objects.select_related(*related).filter(pk=pk).first()
    if item is None or not may_read_intake(user):
        raise Http404
    cases = {pk for pk in (item.case_id, item.meant_for_id) if pk}
    if cases and access.visible_to(user).filter(pk__in=cases).count() < len(cases):
        raise Http404
    return item
