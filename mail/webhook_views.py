"""The door for a mail provider: django-anymail checks its signature or password, then hands over what it brought."""

from anymail import urls
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

KINDS = {"inbound": "inbound", "inbound_mime": "inbound", "tracking": "tracking"}


@csrf_exempt
@login_not_required
def hook(request: HttpRequest, provider: str, kind: str) -> HttpResponse:
    """Take what the provider of this installation brings. Raise Http404 for any other, and without a secret."""
    known = {pattern.name: pattern.callback for pattern in urls.urlpatterns}
    view = known.get(f"{provider}_{KINDS.get(kind)}_webhook") or known.get(f"{provider}_webhook")
    if view is None or provider != settings.INBOUND_PROVIDER or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        raise Http404
    return view(request)
