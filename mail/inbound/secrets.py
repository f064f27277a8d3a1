"""Passwords of mailboxes: encrypted with a key made from SECRET_KEY, so that a copy of the database opens nothing."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class SecretLost(RuntimeError):
    """A password cannot be read any more, because SECRET_KEY is another one now."""


def hidden(password: str) -> str:
    """Return `password` encrypted, as it is stored."""
    return _box().encrypt(password.encode()).decode("ascii")


def shown(secret: str) -> str:
    """Return the password that `secret` holds. Raise `SecretLost` where it was made with another key."""
    try:
        return _box().decrypt(secret.encode("ascii", "replace")).decode()
    except InvalidToken as error:
        raise SecretLost("The password can no longer be read: SECRET_KEY has changed. Enter it again.") from error


def _box() -> Fernet:
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"goldseam mailboxes").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
