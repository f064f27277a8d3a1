"""What was signed in by a password alone ends when its owner adds a second factor (promise S4).

Whoever knew the password could otherwise wait: once a factor is there, a session that never gave one would pass.
"""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.http import HttpRequest

from accounts.models import User


def end_on_first_factor(sender, request: HttpRequest, user: User, **kwargs) -> None:
    """End every other session of a person who has just added their first second factor."""
    factors = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    if factors.count() > 1:
        return
    for session in UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key):
        session.end()
