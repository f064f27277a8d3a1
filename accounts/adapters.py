"""How sign-in behaves here: people are entered by an administrator, nobody signs up."""

import base64
import hashlib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest

from accounts.models import User

# Said by the page one lands on anyway.
_SILENT = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}


class StaffDoor(DefaultAccountAdapter):
    """The door for people of ours."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: an account is made by an administrator."""
        return False

    def add_message(self, request, level, message_template=None, *args, **kwargs) -> None:
        """Say what happened, except where the page itself shows it."""
        if message_template not in _SILENT:
            super().add_message(request, level, message_template, *args, **kwargs)

    def get_from_email(self) -> str:
        """Write as the installation."""
        return settings.DEFAULT_FROM_EMAIL


class CompanyDoor(DefaultSocialAccountAdapter):
    """The door of the company's own sign-in (OpenID Connect): it opens for people an administrator has entered."""

    def pre_social_login(self, request: HttpRequest, sociallogin) -> None:
        """Join a first sign-in to the person with that address, if the company's service vouches for the address."""
        if sociallogin.is_existing:
            return
        vouched = [one.email.lower() for one in sociallogin.email_addresses if one.verified]
        person = User.objects.working_here().filter(email__in=vouched).first()
        if person is not None:
            sociallogin.connect(request, person)

    def populate_user(self, request: HttpRequest, sociallogin, data: dict) -> User:
        """Return the person as the service describes them; never stored, since nobody signs up."""
        sociallogin.user.email, sociallogin.user.name = data.get("email") or "", data.get("name") or ""
        return sociallogin.user

    def is_open_for_signup(self, request: HttpRequest, sociallogin) -> bool:
        """Refuse: an account is made by an administrator."""
        return False


class SecondFactor(DefaultMFAAdapter):
    """Second factors, whose secrets rest encrypted: a copy of the database signs nobody in."""

    def build_totp_svg(self, url: str) -> str:
        """Return the picture for inline use, dark on white in either theme: the policy refuses data: images."""
        picture = super().build_totp_svg(url)
        opening, _, rest = picture[picture.index("<svg") :].partition(">")
        return f'{opening}><rect width="100%" height="100%" fill="#fff"/>{rest}'

    def encrypt(self, text: str) -> str:
        """Return `text` sealed with a key derived from SECRET_KEY."""
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` sealed."""
        return _seal().decrypt(encrypted_text.encode()).decode()


def _seal() -> Fernet:
    key = hashlib.sha256(b"goldseam second factors" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def shown_name(user: User) -> str:
    """Return the name a person is greeted with."""
    return user.name or user.email
