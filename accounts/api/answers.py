"""What is answered when something is not taken: always `message`, in words for people, and `fields` where it is at one.

400 cannot be read · 401 no or an unknown token · 403 not yours to do · 404 nothing there that you may see ·
409 somebody saved in between · 422 not taken, each reason at its field, nothing was written · 429 too often.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.forms import Form
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import exception_handler

from accounts.text import clean

MESSAGES = {
    403: "You may not do this.",
    404: "There is nothing here that you may see.",
    405: "This address cannot be asked in this way.",
    429: "This token asks too often. Wait as many seconds as the header Retry-After says.",
}
NOT_TAKEN = "This was not taken, and nothing was written. See why at each field."


class Problem(Serializer):
    """Why something was not taken."""

    message = serializers.CharField(help_text="Why, and what to do.")
    fields_ = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="The reasons by field, in the same words as on the form.",
    )

    def get_fields(self) -> dict[str, serializers.Field]:
        """`fields` is a name the framework keeps for itself."""
        found = super().get_fields()
        return {name.rstrip("_"): field for name, field in found.items()}


class NotTaken(APIException):
    """A form or a rule said no; nothing has been written."""

    status_code = 422

    def __init__(self, fields: dict[str, list[str]], message: str = "") -> None:
        super().__init__(message or NOT_TAKEN)
        self.fields = fields


def not_taken(form: Form) -> NotTaken:
    """Return the refusals of a form, those of the whole act as the message."""
    found = {name: [str(error) for error in errors] for name, errors in form.errors.items()}
    return NotTaken(found, " ".join(found.pop("__all__", [])))


def read(body: type[Serializer], data: Any) -> dict[str, Any]:
    """Return what was sent, each part of its right kind. Raise `NotTaken` at the parts that are not, or not known."""
    given = body(data=data)
    only_known(data, given.fields)
    if given.is_valid():
        return dict(given.validated_data)
    errors = {name: _flat(found) for name, found in given.errors.items()}
    raise NotTaken(errors, " ".join(errors.pop("non_field_errors", [])))


def asked(form: Form, query: Mapping[str, str], places: Iterable[str] = ("after", "before")) -> Form:
    """Return the form of a list's filters once all of them were understood; raise `NotTaken` otherwise.

    A page may pass over what it does not understand: its reader sees that. A program would take all for some.
    """
    only_known(query, (*form.fields, *places))
    if not form.is_valid():
        raise not_taken(form)
    return form


def only_known(given: Any, known: Iterable[str]) -> None:
    """Raise `NotTaken` for parts nobody here knows: a misspelt one would be lost without a word."""
    unknown = sorted(set(given) - set(known)) if isinstance(given, Mapping) else []
    if unknown:
        raise NotTaken({name: ["This is not known here. See the description of the API."] for name in unknown})


def _flat(found: Any) -> list[str]:
    """Return the reasons below one field as a list, however deep they lie."""
    parts = found.values() if isinstance(found, dict) else found if isinstance(found, list) else [str(found)]
    return [str(one) for part in parts for one in (_flat(part) if isinstance(part, (dict, list)) else [part])]


def worded(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Answer a refusal in one shape; None for what is a fault of ours."""
    response = exception_handler(exception, context)
    if response is None:
        return None
    said = str(getattr(exception, "detail", "")) if isinstance(exception, APIException) else str(exception)
    message = MESSAGES.get(response.status_code, "") if response.status_code in (404, 405, 429) else said
    response.data = {"message": clean(message or MESSAGES.get(response.status_code, ""))}
    if isinstance(exception, NotTaken) and exception.fields:
        response.data["fields"] = {clean(name): [clean(one) for one in why] for name, why in exception.fields.items()}
    return response
