"""Before it breaks: what is in sight, and signals of our own books that may be failures."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cases import access, signals
from cases.forms.signals import DismissForm, SignalsFileForm
from cases.importing.reading import Unreadable, rows_of
from cases.importing.signals import take_in
from cases.models import Signal
from cases.queries import desk
from cases.queries import signals as query
from cases.refusals import Refused
from cases.views.desk import NAMES
from cases.views.doors import took
from mail.pages import page_of


@require_safe
def before(request: HttpRequest) -> HttpResponse:
    """Show everything in sight, of the reader, their team or everyone; as a fragment the nearest few."""
    now = timezone.now()
    scope = request.GET.get("scope", "")
    scope = scope if scope in desk.SCOPES else desk.default_scope(request.user)
    sights = desk.ahead(request.user, scope, now)
    if request.htmx:
        return render(request, "cases/_before_card.html", {"sights": sights, "scope": scope, "now": now})
    switches = [{"name": NAMES[one], "url": f"?scope={one}", "current": one == scope} for one in desk.SCOPES]
    shown = {"sights": sights, "switches": switches, "signals": query.waiting_count(), "nav": "today", "now": now}
    return render(request, "cases/before.html", shown)


@require_safe
def signals_page(request: HttpRequest) -> HttpResponse:
    """List the signals to look at, or with `?state=` those decided on."""
    return _page(request)


@require_POST
def read_in(request: HttpRequest) -> HttpResponse:
    """Read signals from a file; every row that cannot be taken is named."""
    _only_loggers(request)
    form, taken = SignalsFileForm(request.POST, request.FILES), None
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            taken = take_in(lines=rows_of(file.read()), name=file.name, actor=request.user, now=timezone.now())
        except Unreadable as unreadable:
            form.add_error("file", str(unreadable))
    return _page(request, file_form=form if form.errors else None, taken=taken, status=422 if form.errors else 200)


@require_POST
def open_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a case for a signal and lead to its first step: tell them first."""
    _only_loggers(request)
    signal = get_object_or_404(Signal, pk=pk)
    try:
        case = signals.open_case(signal=signal, actor=request.user, now=timezone.now())
    except Refused as no:
        messages.error(request, no.message)
        return redirect("cases:signals")
    messages.success(request, f"{case.number} is open, found by us. Now tell them, before they find it themselves.")
    return redirect(f"{case.get_absolute_url()}?step=1")


@require_POST
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Say why a signal makes no case."""
    _only_loggers(request)
    form = DismissForm(request.POST, prefix=f"s{pk}")
    about = {"signal": get_object_or_404(Signal, pk=pk), "actor": request.user, "now": timezone.now()}
    if form.is_valid() and took(form, signals.dismiss, **form.cleaned_data, **about):
        messages.success(request, "No case. The reason stands with it under “No case”.")
        return redirect("cases:signals")
    return _page(request, wrong=pk, typed=form, status=422)


def _only_loggers(request: HttpRequest) -> None:
    if not access.may_log(request.user):
        raise PermissionDenied("Signals are looked at by those who may log a complaint.")


def _page(request: HttpRequest, *, status: int = 200, file_form: Any = None, **more: Any) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in Signal.State.values else Signal.State.PROPOSED.value
    shown = {
        "page": page_of(query.signals(state, request.user), request.GET),
        "state": state,
        "states": Signal.State.choices,
        "file_form": file_form or SignalsFileForm(),
        "may_act": access.may_log(request.user),
        "nav": "today",
        "now": timezone.now(),
        **more,
    }
    return render(request, "cases/signals.html", shown, status=status)
