"""Promise S9: nobody adds a field for words without saying how they go when a person asks to be forgotten."""

from django.apps import apps
from django.db import models

from tests.architecture.personal import COLLEAGUES, ERASED, PLAIN
from tests.architecture.test_arrows import ORDER

_TEXTS = (models.TextField, models.CharField, models.JSONField, models.BinaryField, models.FileField)


def named(listed: dict[str, str]) -> list[str]:
    """Return "app.Model.field" for everything in a list."""
    return [f"{model}.{field}" for model, fields in listed.items() for field in fields.split()]


def there() -> set[str]:
    """Return every field of ours that holds text, JSON, bytes or a file, but for choices from a closed list."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in ORDER
        for field in model._meta.concrete_fields
        if isinstance(field, _TEXTS) and not field.choices
    }


def test_s9_every_text_field_is_personal_or_not():
    assert sorted(named(ERASED) + named(COLLEAGUES) + named(PLAIN)) == sorted(there())
