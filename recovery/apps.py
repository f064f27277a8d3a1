"""The project as an app, so that its commands and template tags are found."""

from django.apps import AppConfig


class RecoveryConfig(AppConfig):
    """Wires; owns no model."""

    name = "recovery"
    default_auto_field = "django.db.models.BigAutoField"
