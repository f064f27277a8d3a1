"""Who may see which letter. Mail knows no case: what it cannot judge it does not show."""

from django.core.exceptions import PermissionDenied

from accounts.models import Role, User
from mail.models import Message
from mail.models.message import MessageQuerySet


def letters_for(user: User) -> MessageQuerySet:
    """Return the letters whose envelopes `user` may see: all, for administrators and auditors.

    Raises PermissionDenied for everybody else.
    """
    if not user.has_role(Role.ADMIN, Role.AUDITOR):
        raise PermissionDenied("Letters are seen by administrators and auditors.")
    return Message.objects.all()


def may_read(user: User, message: Message) -> bool:
    """Tell whether `user` may read what stands in a letter whose envelope they see.

    Nobody reads sign-in letters here; confidential ones are for auditors, who see every case (promise S2).
    """
    return not message.sensitive and (not message.confidential or user.has_role(Role.AUDITOR))


def may_retry(user: User) -> bool:
    """Tell whether `user` may send a dead letter again: administrators. An auditor changes nothing."""
    return user.has_role(Role.ADMIN)
