"""Pages of the council that only show: docket, log, mandate, brief."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Role
from accounts.text import clean
from cases import access
from cases.models import PolicyVersion
from cases.policy import Rules, rules_of
from council import bench, undoing, walls
from council import mandate as mandates
from council.figures.strip import strip
from council.letgo import filing
from council.queries import brief as briefs
from council.queries import docket as dockets
from council.queries import log as logs
from council.queries import review
from mail.pages import page_of


@require_safe
def docket(request: HttpRequest) -> HttpResponse:
    """Show the docket with its figures; whoever signs in sees the entries of cases they may see."""
    now = timezone.now()
    members = bench.sitting()
    items, total = dockets.waiting(request.user, members, now)
    shown = {
        "items": items,
        "total": total,
        "capped": total == dockets.CAP,
        "bench": members,
        "undos": undoing.open_to(request.user, now) if request.user.on_council else [],
        "may_hang": walls.may_hang(request.user),
        "figures": strip(request.user, now),
        "review": review.unseen(request.user) if request.user.has_role(*access.SEES_ALL) else None,
        **_about(now),
    }
    return render(request, "council/docket.html", shown)


@require_safe
def review_page(request: HttpRequest) -> HttpResponse:
    """Show up to 100 cases the council has not seen yet, to be marked singly or in bulk."""
    found = review.unseen(request.user, limit=review.MOST)
    return render(request, "council/review.html", {"review": found, "whole": True, **_about(timezone.now())})


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Show the decisions taken, newest first; `?q=` finds by number or words."""
    words = clean(request.GET.get("q", ""))[:200]
    page = page_of(logs.log(request.user, words), request.GET)
    return render(request, "council/log.html", {"page": page, "words": words, **_about(timezone.now())})


@require_safe
def mandate(request: HttpRequest) -> HttpResponse:
    """Show all staff who sits on the council and what it may do."""
    version = PolicyVersion.objects.filter(policy__is_default=True).order_by("-number").first()
    rules = rules_of(version.pk) if version else Rules({})
    shown = {
        "bench": bench.sitting(),
        "mandate": mandates.newest(),
        "may_write": request.user.has_role(Role.SPONSOR),
        "limits": rules["gesture_limits"],
        "decision_time": rules.time("decision"),
        "seen_time": rules.step_time(8, "normal"),
        **_about(timezone.now()),
    }
    return render(request, "council/mandate.html", shown)


@require_safe
def brief(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one case on one page."""
    now = timezone.now()
    case = access.case_for(request.user, pk, select=("customer", "owner", "reporter", "category", "team"))
    read = briefs.brief(case, request.user, bench.sitting(), now)
    voting = any(item.entry.ballot for item in read.items)
    may_let_go = case.is_open and not voting and not filing.why_not(case, request.user)
    shown = {"brief": read, "case": case, "may_let_go": may_let_go, **_about(now)}
    return render(request, "council/brief.html", shown)


def _about(now: datetime) -> dict[str, Any]:
    return {"home_currency": settings.HOME_CURRENCY, "nav": "council", "now": now}
