"""Survey results: figures with n and interval, side by side, as a file, and the marks of trust behind theirs."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Role
from cases.refusals import Refused
from mail.pages import page_of
from surveys import access, exporting, past, queries, results, tagging
from surveys.narrowing import NarrowForm

KEPT = ("since", "until", "company", "customer", "owner", "category", "late")


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Show the figures of the answers chosen; each opens its answers."""
    now = timezone.now()
    form = NarrowForm(request.GET, reader=request.user)
    asked = form.read()
    by = request.GET.get("by", "")
    by = by if by in results.GROUPS else "month"
    shown = {
        "form": form,
        "asked": asked,
        "found": results.results(request.user, asked, now),
        "groups": results.groups(request.user, asked, by, now),
        "by": by,
        "past": past.nps_by_source(),
        "query": _query(request),
        "nav": "surveys",
        "may_see_questions": request.user.has_role(Role.ADMIN, Role.AUDITOR),
        "now": now,
    }
    return render(request, "surveys/results.html", shown)


@require_safe
def trust(request: HttpRequest) -> HttpResponse:
    """List the marks of trust behind the figure, newest first."""
    now = timezone.now()
    rows = results.trust_marks(request.user, _asked(request), now)
    rows = rows.select_related("case__customer", "words", "done_by")
    shown = {"page": page_of(rows, request.GET), "query": _query(request), "nav": "surveys", "now": now}
    return render(request, "surveys/trust.html", shown)


@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Give the answers chosen as a CSV file."""
    rows = queries.answers(request.user, request.GET.get("verdict", ""), _asked(request), timezone.now())
    found = rows.order_by("-pk").iterator(chunk_size=exporting.BATCH)
    response = StreamingHttpResponse(exporting.lines(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="survey-answers.csv"'
    return response


@require_POST
def tag(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a tag on an answer, or take one away."""
    answer = access.answer_for(request.user, pk)
    try:
        if request.POST.get("remove"):
            tagging.remove(answer=answer, name=request.POST["remove"], actor=request.user)
        else:
            name = request.POST.get("name", "")
            tagging.add(answer=answer, name=name, actor=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect(f"/surveys/{_back(request)}#answer-{pk}")


def _asked(request: HttpRequest) -> dict[str, Any]:
    return NarrowForm(request.GET, reader=request.user).read()


def _back(request: HttpRequest) -> str:
    """Return the filters they came with, as far as we know them."""
    return request.POST.get("query", "") if request.POST.get("query", "").startswith("?") else ""


def _query(request: HttpRequest, names: tuple[str, ...] = KEPT) -> str:
    kept: Any = request.GET.copy()
    for name in list(kept):
        if name not in names or not kept[name]:
            del kept[name]
    return kept.urlencode()
