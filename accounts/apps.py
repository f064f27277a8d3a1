"""People and sign-in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and sign-in."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """End other sessions when a second factor is added."""
        from allauth.mfa.signals import authenticator_added

        from accounts.other_sessions import end_on_first_factor

        authenticator_added.connect(end_on_first_factor)
