"""People and sign-in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and sign-in."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
