"""Showing a page to a customer: in their own zone, and one page for every link that opens nothing."""

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cases.models import Case, Contact
from surveys import limits


def show(request: HttpRequest, template: str, shown: dict[str, Any], *, token: str, status: int = 200) -> HttpResponse:
    """Render a customer page with times in the zone of its contact."""
    with timezone.override(_zone(shown["case"], shown["contact"])):
        return render(request, template, {**shown, "token": token}, status=status)


def unknown(request: HttpRequest, *, purpose: str, token: str, asked: bool = False) -> HttpResponse:
    """Answer a link that opens nothing: unknown, expired, revoked and meant for another page look the same."""
    if not asked:
        limits.missed(request)
    shown = {"purpose": purpose, "token": token, "asked": asked}
    return render(request, "surveys/unknown.html", shown, status=200 if asked else 404)


def _zone(case: Case, contact: Contact) -> ZoneInfo:
    owner = case.owner.zone if case.owner else ""
    for name in (contact.zone, owner):
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            continue
    return ZoneInfo(settings.HOME_ZONE)
