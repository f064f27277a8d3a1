"""What this app adds to every page."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from mail import notices


def bell(request: HttpRequest) -> dict:
    """Add `notices_unread`: 0 to 99, or 100 for more. Costs one query, and only on a page that shows it."""
    return {"notices_unread": SimpleLazyObject(lambda: _unread(request))}


def _unread(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return 0
    return notices.unread_count(user)
