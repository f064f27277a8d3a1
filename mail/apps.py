"""Letters out and in."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Letters out and in."""

    name = "mail"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what a provider's webhooks bring."""
        from anymail import signals

        from mail.inbound import providing

        signals.inbound.connect(providing.received, dispatch_uid="goldseam.received")
        signals.tracking.connect(providing.tracked, dispatch_uid="goldseam.tracked")
