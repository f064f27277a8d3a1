"""The question to the customer, and the answer."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """The question to the customer, and the answer."""

    name = "surveys"
    default_auto_field = "django.db.models.BigAutoField"
