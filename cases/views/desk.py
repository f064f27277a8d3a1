"""Today: which customers wait, and what to do now."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases import access
from cases.queries import desk as query

NAMES = {"mine": "My cases", "team": "Team", "everyone": "Everyone"}
WHOSE = {"mine": "me", "team": "team", "everyone": ""}


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Show the desk of the reader, their team or everyone. At most 8 statements."""
    now = timezone.now()
    scope = request.GET.get("scope", "")
    if scope not in query.SCOPES:
        scope = query.default_scope(request.user)
    shown = {
        "desk": query.desk(request.user, scope, now),
        "scope": scope,
        "whose": WHOSE[scope],
        "hour": timezone.localtime(now).hour,
        "switches": [{"name": NAMES[one], "url": f"?scope={one}", "current": one == scope} for one in query.SCOPES],
        "may_retry": scope != "everyone" and access.may_log(request.user),
        "currency": settings.HOME_CURRENCY,
        "nav": "today",
        "now": now,
    }
    return render(request, "cases/today.html", shown)
