"""Learnings: the register of causes and changes, and one cause with all it has taught us."""

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
from cases.views.doors import took

SHOWN = ("causes", "changes")


@require_safe
def learnings(request: HttpRequest) -> HttpResponse:
    """List causes, or changes with `?shown=changes`. At most 8 statements."""
    now, asked = timezone.now(), request.GET
    shown = asked.get("shown") if asked.get("shown") in SHOWN else "causes"
    state = asked.get("state", "") if asked.get("state") in CauseState.values else ""
    words, late = clean(asked.get("q", ""))[:200].strip(), asked.get("check") == "late"
    if shown == "changes":
        page = page_of(query.changes(request.user), query.CHANGES_FIRST, asked)
    else:
        rows = query.register(request.user, state=state, words=words, late=now if late else None)
        page = page_of(rows, query.NEWEST_FIRST, asked)
    context = {"page": page, "shown": shown, "state": state, "q": words, "late": late}
    return render(request, "cases/learnings.html", {**context, "nav": "learnings", "now": now})


@require_safe
def cause(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one cause."""
    return _cause(request, access.cause_for(request.user, pk))


def _cause(request: HttpRequest, row: Cause, *, status: int = 200, **more: Any) -> HttpResponse:
    about, user = query.about(row, request.user), request.user
    bound = more.pop("result_form", None)
    for check in about.checks:
        if check.result == CheckResult.PENDING and checks.may_settle(user, check):
            check.form = bound if bound and bound.action == _settle_url(check) else _result_form(check)
    for action in about.actions:
        action.may_finish = action.done_at is None and _may_finish(user, action)
    keeps = may_keep(user, row)
    staff = _staff() if keeps else []
    context = {
        "cause": row,
        "about": about,
        "may_keep": keeps,
        "check_form": _check_form(row, staff),
        "change_form": _change_form(row, staff),
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
    form = _result_form(planned, request.POST)
    if form.is_valid():
        facts = {"passed": form.cleaned_data["result"] == CheckResult.PASSED, "note": form.cleaned_data["note"]}
        if took(form, checks.settle_check, check=planned, **facts, **_who(request)):
            return redirect("cases:cause", pk=pk)
    return _cause(request, row, result_form=form, status=422)


@require_POST
def plan_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan one more check."""
    row = _cause_to_keep(request, pk)
    form = _check_form(row, _staff(), request.POST)
    if form.is_valid() and took(form, checks.plan_next, cause=row, **form.cleaned_data, **_who(request)):
        return redirect("cases:cause", pk=pk)
    return _cause(request, row, check_form=form, status=422)


@require_POST
def add_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter one more change."""
    row = _cause_to_keep(request, pk)
    form = _change_form(row, _staff(), request.POST)
    if form.is_valid() and took(form, adopting.adopt_further, cause=row, adoption=form.adoption(), **_who(request)):
        return redirect("cases:cause", pk=pk)
    return _cause(request, row, change_form=form, status=422)


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
    return row.owner_id == user.pk or user.on_council or user.has_role(Role.QUALITY, Role.LEAD)


def _cause_to_keep(request: HttpRequest, pk: int) -> Cause:
    row = access.cause_for(request.user, pk)
    if not may_keep(request.user, row):
        raise PermissionDenied("A cause is kept by its owner, quality, leads and the council.")
    return row


def _may_finish(user: User, action: Action) -> bool:
    return action.owner_id == user.pk or user.has_role(Role.QUALITY)


def _settle_url(check: Check) -> str:
    return reverse("cases:cause_check", args=[check.cause_id, check.pk])


def _result_form(check: Check, data: QueryDict | None = None) -> ResultForm:
    return ResultForm(data, action=_settle_url(check), auto_id=f"result_{check.pk}_%s")


def _check_form(row: Cause, staff: list[User], data: QueryDict | None = None) -> CheckForm:
    return CheckForm(data, staff=staff, action=reverse("cases:cause_checks", args=[row.pk]))


def _change_form(row: Cause, staff: list[User], data: QueryDict | None = None) -> ChangeForm:
    return ChangeForm(data, staff=staff, action=reverse("cases:cause_changes", args=[row.pk]))


def _staff() -> list[User]:
    return list(User.objects.working_here().exclude(role_marks="|auditor|").only("name").order_by("name"))


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"actor": request.user, "now": timezone.now()}
