"""The question to the customer, and the answer."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """The question to the customer, and the answer."""

    name = "surveys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what surveys hold of a person, for export and erasure."""
        from cases import erasure
        from surveys.erasing import SURVEYS

        erasure.register(SURVEYS)
