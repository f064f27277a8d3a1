"""Counsel's page: what waits for their word, with the words themselves; and what was decided lately."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Role
from cases import access, legal
from cases.forms.special import AnswerClearanceForm
from cases.models import Clearance
from cases.queries import special as query
from cases.views.doors import SeeOther, took

READS = (Role.COUNSEL, Role.AUDITOR)


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """List what waits for counsel and what was decided."""
    _check(request, *READS)
    return _page(request)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Clear a text, or refuse it with the reason."""
    _check(request, Role.COUNSEL)
    row = Clearance.objects.filter(case__in=access.visible_to(request.user), pk=pk).first()
    if row is None:
        raise Http404
    form = _form(row, request.POST)
    facts = {"clearance": row, "actor": request.user, "now": timezone.now()}
    if form.is_valid():
        said = {"cleared": form.cleaned_data["cleared"] == "yes", "reason": form.cleaned_data["reason"]}
        if took(form, legal.decide, **facts, **said):
            return SeeOther(reverse("cases:clearances"))
    return _page(request, bound=form, status=422)


def _check(request: HttpRequest, *roles: str) -> None:
    if not request.user.has_role(*roles):
        raise PermissionDenied("Counsel clears admissions and offers here.")


def _form(row: Clearance, data=None) -> AnswerClearanceForm:
    """Return the form of one text; its fields carry the row's number, so that several stand on one page."""
    form = AnswerClearanceForm(data, prefix=f"c{row.pk}", auto_id=f"clearance-{row.pk}-%s")
    form.action, form.row = reverse("cases:clearance", args=[row.pk]), row.pk
    form.draft = f"clearance-{row.pk}"
    return form


def _page(request: HttpRequest, *, bound: AnswerClearanceForm | None = None, status: int = 200) -> HttpResponse:
    waiting, decided = query.clearances(request.user)
    for row in waiting:
        row.form = bound if bound is not None and bound.row == row.pk else _form(row)
    shown = {"waiting": waiting, "decided": decided, "may_decide": request.user.has_role(Role.COUNSEL)}
    return render(request, "cases/clearances.html", {**shown, "nav": "", "now": timezone.now()}, status=status)
