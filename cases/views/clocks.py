"""Clocks in the browser: why this deadline, ending a pause by hand, putting one reminder off."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from cases import access, pausing, snoozing
from cases.forms.clocks import SnoozeForm
from cases.models import Case, Due, Pause
from cases.queries import why as query
from cases.queries.case_page import SELECT
from cases.refusals import Refused
from cases.views.doors import SeeOther, back, case_to_work, took


@require_safe
def why(request: HttpRequest, pk: int, due: int) -> HttpResponse:
    """Show the sum behind one due time: in a dialog where a script asks for it, else on a page of its own."""
    return _shown(request, access.case_for(request.user, pk, select=SELECT), due)


@require_safe
def why_next(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to the sum behind what falls due next; to the case where nothing does any more."""
    case = access.case_for(request.user, pk)
    due = query.next_clock(case)
    return redirect("cases:why", case.pk, due) if due else redirect(case.get_absolute_url())


@require_POST
def snooze(request: HttpRequest, pk: int, due: int) -> HttpResponse:
    """Put the next reminder of one clock off."""
    case = access.case_for(request.user, pk, select=SELECT)
    clock = get_object_or_404(Due, pk=due, case=case)
    form = SnoozeForm(request.POST, action=request.path)
    about = {"due": clock, "actor": request.user, "now": timezone.now()}
    if form.is_valid() and took(form, snoozing.snooze, **about, **form.cleaned_data):
        messages.success(request, "The reminder is put off. Everybody on the case sees why.")
        return SeeOther(request.path.removesuffix("snooze/"))
    return _shown(request, case, due, form)


@require_POST
def end_pause(request: HttpRequest, pk: int, pause: int) -> HttpResponse:
    """Let our clock run again."""
    case = case_to_work(request, pk)
    row = get_object_or_404(Pause, pk=pause, case=case, clock=None)
    try:
        pausing.resume(pause=row, actor=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
    return back(request, case)


def _shown(request: HttpRequest, case: Case, due: int, form: SnoozeForm | None = None) -> HttpResponse:
    found = query.why(case, due)
    if found is None:
        raise Http404
    form = form or _form(found.due, request.user, f"{request.path}snooze/")
    context = {"why": found, "case": case, "form": form, "nav": "cases", "now": timezone.now()}
    template = "cases/_why.html" if request.htmx else "cases/why.html"
    return render(request, template, context, status=422 if form is not None and form.is_bound else 200)


def _form(due: Due, user: User, action: str) -> SnoozeForm | None:
    """Return the form for putting the next reminder off, where this person may."""
    rung = snoozing.next_to_put_off(due, user, timezone.now())
    return SnoozeForm(action=action) if rung is not None else None
