"""Learnings: the register of causes and changes, and one cause with all it has taught us."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Role, User
from accounts.text import clean
from cases import access, actions, adopting, checks
from cases.enums import CauseState, CheckResult
from cases.forms.causes import ChangeForm, CheckForm, ResultForm
from cases.keyset import page_of
from cases.models import Action, Cause, Check
from cases.queries import causes as query
from cases.refusals import Refused
from cases.views import tracing
from cases.views.doors import took

SHOWN = ("causes", "changes")
REVIEWED_EVERY = timedelta(days=365)


@require_safe
def learnings(request: HttpRequest) -> HttpResponse:
    """List causes, or changes with `?shown=changes`. At most 8 statements."""
    now, asked = timezone.now(), request.GET
    shown = asked.get("shown") if asked.get("shown") in SHOWN else "causes"
    state = asked.get("state", "") if asked.get("state") in CauseState.values else ""
    words, late = clean(asked.get("q", ""))[:200].strip(), asked.get("check") == "late"
    stale = asked.get("review") == "due"
    if shown == "changes":
        since = now - REVIEWED_EVERY if stale else None
        page = page_of(query.changes(request.user, unseen_since=since), query.CHANGES_FIRST, asked)
        for row in page.rows:
            row.may_review = adopting.may_review(request.user, row)
    else:
        rows = query.register(request.user, state=state, words=words, late=now if late else None)
        page = page_of(rows, query.NEWEST_FIRST, asked)
    context = {"page": page, "shown": shown, "state": state, "q": words, "late": late, "stale": stale}
    return render(request, "cases/learnings.html", {**context, "nav": "learnings", "now": now})


@require_safe
def cause(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one cause."""
    return cause_page(request, access.cause_for(request.user, pk))


def cause_page(request: HttpRequest, row: Cause, *, status: int = 200, **more: Any) -> HttpResponse:
    """Show a cause; `more` holds forms that were sent and refused, in place of fresh ones."""
    about, user = query.about(row, request.user), request.user
    bound = more.pop("result_form", None)
    for check in about.checks:
        if check.result == CheckResult.PENDING and checks.may_settle(user, check):
            check.form = bound if bound and bound.action == _settle_url(check) else _result_form(check, user)
    for action in about.actions:
        action.may_finish = action.done_at is None and _may_finish(user, action)
    keeps = may_keep(user, row)
    staff = staff_here() if keeps else []
    context = {
        "cause": row,
        "about": about,
        "may_keep": keeps,
        "check_form": _check_form(row, staff),
        "change_form": _change_form(row, staff),
        **(tracing.forms_of(row, about, staff) if keeps else {}),
        "names": [person.name for person in staff],
        **more,
    }
    context |= {"nav": "learnings", "now": timezone.now()}
    return render(request, "cases/cause.html", context, status=status)


@require_POST
def settle(request: HttpRequest, pk: int, check: int) -> HttpResponse:
    """Enter the result of a check."""
    row = access.cause_for(request.user, pk)
    planned = get_object_or_404(Check.objects.select_related("cause__owner"), pk=check, cause=row)
    if not checks.may_settle(request.user, planned):
        raise PermissionDenied("The result is entered by whoever was named to look, or by quality.")
    form = _result_form(planned, request.user, request.POST)
    if form.is_valid():
        passed = form.cleaned_data["result"] == CheckResult.PASSED
        facts = {"passed": passed, "note": form.cleaned_data["note"], "hit": form.hit()}
        if took(form, checks.settle_check, check=planned, **facts, **_who(request)):
            return redirect("cases:cause", pk=pk)
    return cause_page(request, row, result_form=form, status=422)


@require_POST
def plan_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan one more check."""
    row = cause_to_keep(request, pk)
    form = _check_form(row, staff_here(), request.POST)
    if form.is_valid() and took(form, checks.plan_next, cause=row, **form.cleaned_data, **_who(request)):
        return redirect("cases:cause", pk=pk)
    return cause_page(request, row, check_form=form, status=422)


@require_POST
def add_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter one more change."""
    row = cause_to_keep(request, pk)
    form = _change_form(row, staff_here(), request.POST)
    if form.is_valid() and took(form, adopting.adopt_further, cause=row, adoption=form.adoption(), **_who(request)):
        return redirect("cases:cause", pk=pk)
    return cause_page(request, row, change_form=form, status=422)


@require_POST
def finish_action(request: HttpRequest, pk: int, action: int) -> HttpResponse:
    """Mark a corrective action done."""
    row = access.cause_for(request.user, pk)
    planned = get_object_or_404(Action, pk=action, cause=row)
    if not _may_finish(request.user, planned):
        raise PermissionDenied("An action is marked done by its owner, or by quality.")
    try:
        actions.finish_action(action=planned, **_who(request))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("cases:cause", pk=pk)


def may_keep(user: User, row: Cause) -> bool:
    """Tell whether this person may add checks and changes: the cause's owner, quality, leads and the council."""
    mine = row.owner_id == user.pk and not user.only_reads
    return mine or user.on_council or user.has_role(Role.QUALITY, Role.LEAD)


def cause_to_keep(request: HttpRequest, pk: int) -> Cause:
    """Return a cause this person may add to. Raise Http404 where there is none, PermissionDenied otherwise."""
    row = access.cause_for(request.user, pk)
    if not may_keep(request.user, row):
        raise PermissionDenied("A cause is kept by its owner, quality, leads and the council.")
    return row


def _may_finish(user: User, action: Action) -> bool:
    return not user.only_reads and (action.owner_id == user.pk or user.has_role(Role.QUALITY))


def _settle_url(check: Check) -> str:
    return reverse("cases:cause_check", args=[check.cause_id, check.pk])


def _result_form(check: Check, user: User, data: QueryDict | None = None) -> ResultForm:
    hit = checks.may_be_hit(check.cause, user)
    return ResultForm(data, cases=hit, action=_settle_url(check), auto_id=f"result_{check.pk}_%s")


def _check_form(row: Cause, staff: list[User], data: QueryDict | None = None) -> CheckForm:
    return CheckForm(data, staff=staff, action=reverse("cases:cause_checks", args=[row.pk]))


def _change_form(row: Cause, staff: list[User], data: QueryDict | None = None) -> ChangeForm:
    return ChangeForm(data, staff=staff, action=reverse("cases:cause_changes", args=[row.pk]))


def staff_here() -> list[User]:
    """Return everybody who works here but those who only read."""
    return list(User.objects.taking_work().only("name").order_by("name"))


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"actor": request.user, "now": timezone.now()}
