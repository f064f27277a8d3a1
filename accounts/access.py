"""Who sees whom among the people of ours, and who enters and changes them."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.models import Role, User
from accounts.models.user import UserQuerySet


def people_for(user: User) -> UserQuerySet:
    """Return the people `user` may look up: all for administrators and auditors, their team for leads.

    Raises PermissionDenied for everybody else.
    """
    if user.has_role(Role.ADMIN, Role.AUDITOR):
        return User.objects.all()
    if user.has_role(Role.LEAD):
        return User.objects.filter(team=user.team_id) if user.team_id else User.objects.filter(pk=user.pk)
    raise PermissionDenied("People are looked after by administrators; a lead sees their team.")


def person_for(user: User, pk: int) -> User:
    """Return one person `user` may look up. Raises Http404 for an unknown or unseen one."""
    person = people_for(user).select_related("team", "deputy").filter(pk=pk).first()
    if person is None:
        raise Http404
    return person


def only_administrators(user: User) -> None:
    """Raise PermissionDenied unless `user` is an administrator."""
    if not user.has_role(Role.ADMIN):
        raise PermissionDenied("People, roles and rules are changed by administrators.")


def only_readers_of_rules(user: User) -> None:
    """Raise PermissionDenied unless `user` is an administrator, or an auditor, who reads and changes nothing."""
    if not user.has_role(Role.ADMIN, Role.AUDITOR):
        raise PermissionDenied("Administration is for administrators; auditors may read it.")
