"""How lists are answered: a page of rows, and the addresses of the pages beside it. Nothing is counted or skipped."""

from collections.abc import Iterable
from typing import Any, Protocol

from django.forms import BooleanField, ChoiceField, DateField, Field, Form, IntegerField
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

_PLACE = "A place in the list, as the addresses next and previous name it."


class Page(Protocol):
    """What any list of ours gives: its neighbours as the end of an address, empty where there is none."""

    newer_url: str
    older_url: str


def pages_of(row: type[Serializer]) -> Serializer:
    """Return the shape of a page of such rows."""
    told = {"allow_null": True, "help_text": "Address of the page beside this one."}
    neighbours = {name: serializers.URLField(**told) for name in ("next", "previous")}
    return inline_serializer(f"{row.__name__}Page", {"results": row(many=True), **neighbours})


def page(request: Request, shape: type[Serializer], rows: Iterable[Any], found: Page) -> Response:
    """Answer one page of rows."""
    answer = {
        "results": shape(rows, many=True).data,
        "next": _address(request, found.older_url),
        "previous": _address(request, found.newer_url),
    }
    return Response(answer)


def _address(request: Request, end: str) -> str | None:
    return request.build_absolute_uri(request.path + end) if end else None


def filters_of(form: type[Form], *names: str, places: tuple[str, ...] = ("after", "before")) -> list[OpenApiParameter]:
    """Describe the filters of a list by the form its page has; `places` are the names of places in it."""
    described = [_filter(name, form.base_fields[name]) for name in names]
    return [*described, *(OpenApiParameter(place, str, description=_PLACE) for place in places)]


def _filter(name: str, field: Field) -> OpenApiParameter:
    kinds = {IntegerField: OpenApiTypes.INT, BooleanField: OpenApiTypes.BOOL, DateField: OpenApiTypes.DATE}
    kind = next((kind for form_kind, kind in kinds.items() if isinstance(field, form_kind)), OpenApiTypes.STR)
    values = [str(value) for value, _ in field.choices if value] if isinstance(field, ChoiceField) else None
    return OpenApiParameter(name, kind, description=str(field.label or ""), enum=values)
