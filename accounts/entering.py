"""Entering a person who may sign in."""

from collections.abc import Sequence

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts.models import User
from accounts.text import clean


class NotEntered(Exception):
    """The person was not entered; the message says why and what to do."""


@transaction.atomic
def enter(*, email: str, name: str, roles: Sequence[str], password: str | None) -> User:
    """Enter one person. Without a password they ask for a letter to choose one.

    Raises NotEntered for an address that is none or is taken, and for a password that is too easy.
    """
    _check_address(email)
    try:
        if password is not None:
            validate_password(password, User(email=email, name=name))
    except ValidationError as error:
        raise NotEntered(" ".join(error.messages)) from error
    return User.objects.create_user(email, password, name=clean(name), roles=roles)


def _check_address(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise NotEntered(f"{email!r} is no e-mail address.") from error
    if User.objects.filter(email=email.lower()).exists():
        raise NotEntered(f"{email} is entered already.")
