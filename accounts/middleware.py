"""What a signed-in reader brings to every page."""

import zoneinfo
from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

# The pages of signing in, out and of second factors themselves.
_SIGNING_IN = ("account_", "mfa_", "draft")


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


def second_factor_first(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """Lead people whose role must use a second factor to setting one up, before any other page (promise S4)."""

    def answer(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def before(request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        name = request.resolver_match.url_name or ""
        if name.startswith(_SIGNING_IN) or not lacks_second_factor(request):
            return None
        messages.warning(
            request, "Your role needs a second factor. Set up an app or a passkey here; then you can go on."
        )
        return redirect("mfa_index")

    answer.process_view = before
    return answer


def lacks_second_factor(request: HttpRequest) -> bool:
    """Tell whether the reader's role must use a second factor and there is none. One statement at most."""
    user = request.user
    if not (user.is_authenticated and user.has_role(*settings.SECOND_FACTOR_ROLES)):
        return False
    enough = {"mfa", "socialaccount"} if settings.OIDC_SECOND_FACTOR else {"mfa"}
    if any(record.get("method") in enough for record in get_authentication_records(request)):
        return False
    return not is_mfa_enabled(user)
