"""The API describes itself: as OpenAPI for programs, and as a page for people."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from recovery import api_page


@login_not_required
@require_safe
def schema(request: HttpRequest) -> JsonResponse:
    """Answer the description in OpenAPI 3. It shows nothing of anybody."""
    return JsonResponse(described(), json_dumps_params={"indent": 1})


@require_safe
def explained(request: HttpRequest) -> HttpResponse:
    """Explain the API to whoever is about to use it."""
    shown = {"groups": api_page.groups(described()), "shapes": api_page.shapes(described())}
    return render(request, "api.html", {**shown, "base": f"{settings.PUBLIC_URL}/api/v1", "nav": ""})


@lru_cache(maxsize=1)
def described() -> dict[str, Any]:
    """Return the description; put together once in each process."""
    return SchemaGenerator(api_version="1").get_schema(request=None, public=True)
