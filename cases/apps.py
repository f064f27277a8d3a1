"""The case and its nine steps."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The case and its nine steps."""

    name = "cases"
    default_auto_field = "django.db.models.BigAutoField"
