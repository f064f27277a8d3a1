"""What an act was given, kept as JSON until it is carried out: texts, numbers, moments, days, and rows by their key."""

from datetime import date, datetime
from typing import Any

from django.db.models import Model

from cases.models import Cause, CheckIn, Contact, Exposure
from cases.refusals import Refused
from mail.models import Blob

ROWS: dict[str, type[Model]] = {model._meta.label: model for model in (Blob, Cause, CheckIn, Contact, Exposure)}
GONE = "Something this letter was about is no longer here. Take it back and write it anew."


def packed(value: Any) -> Any:
    """Return `value` as JSON that `unpacked` reads. Raise TypeError for what it does not know."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    if isinstance(value, (list, tuple)):
        return [packed(one) for one in value]
    if type(value)._meta.label not in ROWS:
        raise TypeError(f"cannot keep {value!r} for later")
    return {"row": type(value)._meta.label, "pk": value.pk}


def unpacked(value: Any) -> Any:
    """Return what `packed` was given. Raise `Refused` where a row is gone."""
    if isinstance(value, list):
        return [unpacked(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "at" in value:
        return datetime.fromisoformat(value["at"])
    if "on" in value:
        return date.fromisoformat(value["on"])
    row = ROWS[value["row"]].objects.filter(pk=value["pk"]).first()
    if row is None:
        raise Refused(GONE)
    return row


def packed_all(given: dict[str, Any]) -> dict[str, Any]:
    """Return what a verb is given, by its names, as JSON."""
    return {name: packed(value) for name, value in given.items()}


def unpacked_all(kept: dict[str, Any]) -> dict[str, Any]:
    """Return what a verb was given, by its names."""
    return {name: unpacked(value) for name, value in kept.items()}
