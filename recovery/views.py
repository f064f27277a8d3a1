"""Answers for machines that watch over the installation."""

import hmac

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from recovery import health, metrics
from recovery.env import LOGO_TYPES


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer as long as the process is alive; touch nothing else."""
    return JsonResponse({"alive": True})


@login_not_required
@cache_control(public=True, max_age=3600)
@require_safe
def logo(request: HttpRequest) -> FileResponse:
    """Give the company's own picture, where the installation has one."""
    if settings.LOGO is None:
        raise Http404
    return FileResponse(settings.LOGO.open("rb"), content_type=LOGO_TYPES[settings.LOGO.suffix.lower()])


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when every part works, else 503 naming the parts at fault."""
    faults = health.faults(now=timezone.now())
    return JsonResponse({"ready": not faults, "faults": faults}, status=503 if faults else 200)


@login_not_required
@never_cache
@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Answer figures for Prometheus, to whoever has the token or sits on this machine."""
    if not may_read_metrics(request):
        return HttpResponse("Metrics need METRICS_TOKEN as bearer token.\n", status=403, content_type="text/plain")
    return HttpResponse(metrics.page(now=timezone.now()), content_type=metrics.CONTENT_TYPE)


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that cannot be read; where it is only too long, say what to do with so much text."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", {"most": settings.DATA_UPLOAD_MAX_MEMORY_SIZE}, status=413)
    return render(request, "400.html", status=400)


def may_read_metrics(request: HttpRequest) -> bool:
    """Tell whether the bearer token is right or, where none is set, the caller is on this very machine.

    A proxy on this machine makes everybody look local, so a forwarded request never counts as such.
    """
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    return request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1") and "X-Forwarded-For" not in request.headers
