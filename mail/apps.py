"""Letters out and in."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Letters out and in."""

    name = "mail"
    default_auto_field = "django.db.models.BigAutoField"
