"""The Customer Satisfaction Council."""

from django.apps import AppConfig


class CouncilConfig(AppConfig):
    """The Customer Satisfaction Council."""

    name = "council"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the database itself refuse to let a customer go without a vote."""
        from cases import seal
        from council import guard

        seal.GUARDS.extend(guard.GUARDS)
