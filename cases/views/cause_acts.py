"""Acts on the page of a cause: its whys, a further action, proving it again, its guards, and its changes."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from cases import actions, adopting, tracing
from cases.enums import ActionKind, WhyChain
from cases.models import Action
from cases.queries import causes as query
from cases.refusals import Refused
from cases.views import tracing as pages
from cases.views.causes import cause_page, cause_to_keep, staff_here
from cases.views.doors import took


@require_POST
def whys(request: HttpRequest, pk: int, chain: str) -> HttpResponse:
    """Keep one chain of whys; or only show it with further lines."""
    cause = cause_to_keep(request, pk)
    if chain not in WhyChain.values:
        raise Http404
    form = pages.chain_form(cause, chain, request.POST)
    who = {"actor": request.user, "now": timezone.now()}
    keeps = form.is_valid() and "more" not in request.POST
    if keeps and took(form, tracing.write_chain, cause=cause, chain=WhyChain(chain), answers=form.answers(), **who):
        return redirect("cases:cause", pk=pk)
    return cause_page(request, cause, status=422 if form.errors else 200, **{f"{chain}_form": form})


@require_POST
def plan_action(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan one more corrective action."""
    cause = cause_to_keep(request, pk)
    form = pages.action_form(cause, staff_here(), request.POST)
    who = {"actor": request.user, "now": timezone.now()}
    if form.is_valid() and took(form, tracing.plan_corrective, cause=cause, **form.cleaned_data, **who):
        return redirect("cases:cause", pk=pk)
    return cause_page(request, cause, action_form=form, status=422)


@require_POST
def prove(request: HttpRequest, pk: int) -> HttpResponse:
    """Prove the cause again after a check had failed."""
    cause = cause_to_keep(request, pk)
    form = pages.proof_form(cause, request.POST)
    who = {"actor": request.user, "now": timezone.now()}
    if form.is_valid() and took(form, tracing.prove_again, cause=cause, **form.cleaned_data, **who):
        return redirect("cases:cause", pk=pk)
    return cause_page(request, cause, proof_form=form, status=422)


@require_POST
def remove_guard(request: HttpRequest, pk: int, action: int) -> HttpResponse:
    """Take a containment of one of its cases off the list."""
    cause = cause_to_keep(request, pk)
    seen = query.guards_of(cause, request.user)
    row = get_object_or_404(seen.filter(kind=ActionKind.CONTAINMENT), pk=action)
    _remove(request, row)
    return redirect("cases:cause", pk=pk)


@require_POST
def look_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a change was looked at again, and go back to where it was pressed."""
    change = get_object_or_404(query.changes(request.user), pk=pk)
    if not adopting.may_review(request.user, change):
        raise PermissionDenied("A change is looked at again by who keeps it, quality, leads and the council.")
    adopting.look_again(change=change, actor=request.user, now=timezone.now())
    messages.success(request, "Looked at again today.")
    back = request.POST.get("back", "")
    safe = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if safe else "/learnings/?shown=changes")


def _remove(request: HttpRequest, row: Action) -> None:
    why = Action.Removal.ADOPTED if request.POST.get("why") == Action.Removal.ADOPTED else Action.Removal.FIXED
    try:
        actions.remove_containment(action=row, actor=request.user, why=why, now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
