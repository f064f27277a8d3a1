"""The Customer Satisfaction Council."""

from django.apps import AppConfig


class CouncilConfig(AppConfig):
    """The Customer Satisfaction Council."""

    name = "council"
    default_auto_field = "django.db.models.BigAutoField"
