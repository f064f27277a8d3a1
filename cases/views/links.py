"""The list of links: what customers share, so that a cause finds everybody it could hit."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.text import clean
from cases import customers, linking
from cases.forms.links import LinksFileForm, RenameForm
from cases.importing.reading import Unreadable, rows_of
from cases.keyset import page_of
from cases.models import Link
from cases.queries import links as query
from cases.views.doors import took


@require_safe
def links(request: HttpRequest) -> HttpResponse:
    """List what customers share, with how many share it. At most 8 statements."""
    return _page(request)


@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a link another name."""
    _only_editors(request)
    link, form = get_object_or_404(Link, pk=pk), RenameForm(request.POST)
    who = {"actor": request.user, "now": timezone.now()}
    if form.is_valid() and took(form, linking.rename, link=link, **form.cleaned_data, **who):
        messages.success(request, "Renamed. Whoever shares it keeps it.")
        return redirect("cases:links")
    return _page(request, wrong=pk, typed=form, status=422)


@require_POST
def read_in(request: HttpRequest) -> HttpResponse:
    """Read links from a file; every row that cannot be taken is named."""
    _only_editors(request)
    form, taken = LinksFileForm(request.POST, request.FILES, action=request.path), None
    if form.is_valid():
        try:
            rows = [(line.number, line.cells) for line in rows_of(form.cleaned_data["file"].read())]
            taken = linking.take_in(rows=rows, actor=request.user, now=timezone.now())
        except Unreadable as unreadable:
            form.add_error("file", str(unreadable))
    return _page(request, file_form=form if form.errors else None, taken=taken, status=422 if form.errors else 200)


def _page(
    request: HttpRequest, *, status: int = 200, file_form: LinksFileForm | None = None, **more: Any
) -> HttpResponse:
    kind, words = request.GET.get("kind", ""), clean(request.GET.get("q", ""))[:120].strip()
    kind = kind if kind in Link.Kind.values else ""
    page = page_of(query.register(request.user, kind=kind, words=words), query.NEWEST, request.GET)
    may_edit = customers.may_edit(request.user)
    context = {"page": page, "kind": kind, "q": words, "kinds": Link.Kind.choices, "may_edit": may_edit, **more}
    context["file_form"] = file_form or LinksFileForm(action=reverse("cases:links_file"))
    return render(request, "cases/links.html", {**context, "nav": "learnings", "now": timezone.now()}, status=status)


def _only_editors(request: HttpRequest) -> None:
    if not customers.may_edit(request.user):
        raise PermissionDenied("Links are kept by account managers, leads and administrators.")
