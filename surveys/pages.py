"""Showing a page to a customer: in their language and zone, and one page for every link that opens nothing."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from cases.models import Case, Confirmation, Contact
from surveys import access, languages, limits
from surveys.access import Following
from surveys.forms import WishForm
from surveys.models import Invitation

FIND = {"confirm": access.confirmation_for, "survey": access.invitation_for, "status": access.status_for}
Opened = Confirmation | Invitation | Following


def opened(request: HttpRequest, *, purpose: str, token: str, now: datetime) -> Opened | None:
    """Return what a link opens, and go on in the language of its contact; None where it opens nothing."""
    row = FIND[purpose](token, now)
    if row is not None:
        languages.speak_to(request, row.contact.language)
    return row


def show(
    request: HttpRequest, template: str, shown: dict[str, Any], *, purpose: str, token: str, status: int = 200
) -> HttpResponse:
    """Render a customer page with times in the zone of its contact, and what was typed beside a person's name."""
    shown = {"wish_form": WishForm.of(request.POST), **shown, **_ways(request, purpose, token)}
    with timezone.override(_zone(shown["case"], shown["contact"])):
        return render(request, template, shown, status=status)


def unknown(request: HttpRequest, *, purpose: str, token: str, asked: bool = False) -> HttpResponse:
    """Answer a link that opens nothing: unknown, expired, revoked and meant for another page look the same."""
    if not asked:
        limits.missed(request)
    shown = {**_ways(request, purpose, token), "asked": asked}
    return render(request, "surveys/unknown.html", shown, status=200 if asked else 404)


def _ways(request: HttpRequest, purpose: str, token: str) -> dict[str, str]:
    """Return where this page leads: to a person, to a fresh link, and back to itself in another language."""
    return {
        "token": token,
        "person_url": f"surveys:{purpose}_person",
        "fresh_url": f"surveys:{purpose}_fresh",
        "back": _itself(request) or reverse(f"surveys:{purpose}", args=[token]),
    }


def _itself(request: HttpRequest) -> str:
    """Return the address of this page where it can be opened: what only takes a press is none."""
    readable = request.method in ("GET", "HEAD") or languages.asked_for(request)
    return request.get_full_path() if readable else ""


def _zone(case: Case, contact: Contact) -> ZoneInfo:
    owner = case.owner.zone if case.owner else ""
    for name in (contact.zone, owner):
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            continue
    return ZoneInfo(settings.HOME_ZONE)
