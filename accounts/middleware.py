"""What a signed-in reader brings to every page."""

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone


def readers_zone(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """Show times in the reader's own zone; in UTC to whoever is not signed in."""

    def answer(request: HttpRequest) -> HttpResponse:
        with timezone.override(zone_of(request)):
            return get_response(request)

    return answer


def zone_of(request: HttpRequest) -> zoneinfo.ZoneInfo | None:
    """Return the zone of the signed-in person, or None for the installation's."""
    if not request.user.is_authenticated:
        return None
    try:
        return zoneinfo.ZoneInfo(request.user.zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return None
