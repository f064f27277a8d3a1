"""The mandate, written by the sponsor; and the wall display, which needs a link and no sign-in."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Role
from accounts.text import clean
from cases.policy import rules_of
from cases.refusals import Refused
from council import mandate, walls
from council.mandate_form import MandateForm, initial_of
from council.models import Wall
from surveys import limits

UNSEEN = {"Cache-Control": "no-store, private", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}


@require_http_methods(["GET", "HEAD", "POST"])
def edit_mandate(request: HttpRequest) -> HttpResponse:
    """Let the executive sponsor write the mandate and the limits."""
    if not request.user.has_role(Role.SPONSOR):
        raise PermissionDenied("Only the executive sponsor writes the mandate.")
    policy = mandate.policy_in_force()
    known = rules_of(policy.pk)["gesture_limits"]
    form = MandateForm(request.POST or None, initial=initial_of(mandate.newest(), known, policy.number))
    if request.method == "POST" and form.is_valid():
        try:
            mandate.save(actor=request.user, now=timezone.now(), **form.facts())
            messages.success(request, "The mandate is in force. Everybody who works here can read it.")
            return redirect("council:mandate")
        except Refused as no:
            form.add_error(no.field if no.field in form.fields else None, no.message)
    return _page(request, "mandate_edit", status=422 if form.is_bound else 200, form=form)


@require_safe
def displays(request: HttpRequest) -> HttpResponse:
    """List the displays that hang somewhere, for those who hang them up."""
    _only_makers(request)
    return _page(request, "walls", walls=walls.hanging(timezone.now()))


@require_POST
def hang(request: HttpRequest) -> HttpResponse:
    """Make a link for one screen and show it this once."""
    _only_makers(request)
    place, now = clean(request.POST.get("place", ""))[:120], timezone.now()
    try:
        wall, token = walls.hang(actor=request.user, place=place, now=now)
    except Refused as no:
        return _page(request, "walls", status=422, walls=walls.hanging(now), place=place, wrong=no.message)
    link = settings.PUBLIC_URL.rstrip("/") + reverse("council:wall", args=[token])
    answer = _page(request, "walls", walls=walls.hanging(now), made=wall, link=link)
    answer["Cache-Control"] = "no-store, private"
    return answer


@require_POST
def take_down(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the link of one display useless."""
    _only_makers(request)
    try:
        walls.take_down(wall=get_object_or_404(Wall, pk=pk), actor=request.user, now=timezone.now())
        messages.success(request, "Taken down. The link opens nothing any more.")
    except Refused as no:
        messages.error(request, no.message)
    return redirect("council:walls")


@login_not_required
@require_safe
def wall(request: HttpRequest, token: str) -> HttpResponse:
    """Show the display to whoever holds its link; it loads itself anew every minute."""
    now = timezone.now()
    if limits.too_many_misses(request):
        return render(request, "surveys/too_many.html", status=429)
    found = walls.behind(token, now)
    if found is None:
        limits.missed(request)
        gone = _sealed(render(request, "council/wall_gone.html", status=404))
        if request.htmx:
            gone["HX-Refresh"] = "true"  # the screen shows that it was taken down, not the last numbers for ever
        return gone
    shown = {"wall": found, "shown": walls.shown(found, now), **_about(now)}
    with timezone.override(settings.HOME_ZONE):
        return _sealed(render(request, "council/wall.html", shown))


def _sealed(answer: HttpResponse) -> HttpResponse:
    for name, value in UNSEEN.items():
        answer[name] = value
    return answer


def _only_makers(request: HttpRequest) -> None:
    if not walls.may_hang(request.user):
        raise PermissionDenied("The chair, the sponsor and administrators hang up and take down displays.")


def _about(now: datetime) -> dict[str, Any]:
    return {"home_currency": settings.HOME_CURRENCY, "nav": "council", "now": now}


def _page(request: HttpRequest, name: str, *, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, f"council/{name}.html", {**_about(timezone.now()), **more}, status=status)
