"""The address a page sends what was typed to: on input pause, on blur, and when it is left."""

import json
import re

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import drafts

MAX_BYTES = 200_000
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,119}")
# Never part of a draft: the request's own token, and what nobody should store.
_NOT_TYPED = ("csrfmiddlewaretoken", "password")


@login_not_required  # answers for itself: a page that is being left cannot follow a redirect to the sign-in
@require_POST
def keep(request: HttpRequest, key: str) -> HttpResponse:
    """Keep a draft: 204. Signed out: 403 and nothing is kept, whoever signs in next. Too long: 413."""
    if not request.user.is_authenticated:
        return _refuse(403, "Sign in again to keep what you typed.")
    if not _KEY.fullmatch(key):
        return _refuse(400, "This form is not known.")
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES:
        return _refuse(413, "This is too long to be kept as a draft. Copy it before you leave the page.")
    body = _typed(request)
    if body is None:
        return _refuse(400, "This could not be read as a form.")
    drafts.keep(user=request.user, key=key, body=body, now=timezone.now())
    return HttpResponse(status=204)


def _refuse(status: int, words: str) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")


def _typed(request: HttpRequest) -> dict | None:
    if request.content_type == "application/json":
        return _typed_json(request.body)
    fields = {name: request.POST.getlist(name) for name in request.POST}
    return _kept({name: values[0] if len(values) == 1 else values for name, values in fields.items()})


def _typed_json(raw: bytes) -> dict | None:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return _kept(body) if isinstance(body, dict) and all(map(_is_field, body.values())) else None


def _is_field(value) -> bool:
    """Tell whether a browser's form can hold this: a text, or several under one name."""
    if isinstance(value, list):
        return all(isinstance(item, str) for item in value)
    return isinstance(value, str)


def _kept(body: dict) -> dict:
    return {name: value for name, value in body.items() if not name.startswith(_NOT_TYPED)}
