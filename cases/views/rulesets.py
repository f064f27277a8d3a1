"""Administration of further calendars and policies: lists, for whom they count, applying one to open cases."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from accounts.models import Role
from cases import applying, rulesets
from cases.forms.calendar import CalendarForm
from cases.forms.rulesets import CalendarNameForm, PolicyNameForm, UseForm
from cases.holidays import merged
from cases.models import Calendar, CalendarUse, Policy
from cases.queries import manage as versions
from cases.queries import rulesets as query
from cases.views.doors import took
from cases.views.rulebook import CALENDAR

LISTS = {
    "calendars": (CalendarNameForm, rulesets.add_calendar, query.calendars, "cases:calendar_of"),
    "policies": (PolicyNameForm, rulesets.add_policy, query.policies, "cases:policy_of"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def calendars(request: HttpRequest) -> HttpResponse:
    """List the calendars, and add one."""
    return _list(request, "calendars")


@require_http_methods(["GET", "HEAD", "POST"])
def policies(request: HttpRequest) -> HttpResponse:
    """List the policies, and add one for a category or for a kind of customer."""
    return _list(request, "policies")


def _list(request: HttpRequest, what: str) -> HttpResponse:
    form_class, verb, rows, _ = LISTS[what]
    access.only_readers_of_rules(request.user)
    form = form_class(request.POST or None)
    if request.method == "POST":
        access.only_administrators(request.user)
        if form.is_valid() and took(form, verb, actor=request.user, now=timezone.now(), **form.cleaned_data):
            messages.success(request, "It begins as the default one is. Change what is different there.")
            return redirect(f"cases:{what}")
    context = {"form": form, "rows": rows(), "may_change": request.user.has_role(Role.ADMIN)}
    return _page(request, f"manage_{what}", status=422 if form.is_bound else 200, **context)


@require_POST
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a calendar count for a team or a customer."""
    access.only_administrators(request.user)
    calendar = get_object_or_404(Calendar, pk=pk)
    form = UseForm(request.POST)
    about = {"actor": request.user, "calendar": calendar, "now": timezone.now()}
    if form.is_valid() and took(form, rulesets.use_calendar, **about, **form.cleaned_data):
        messages.success(request, "It counts from the next case on. Open cases keep the calendar they have.")
        return redirect("cases:calendar_of", pk=pk)
    version = versions.calendar_versions(pk).first()
    rules = CALENDAR.form(facts=version.facts, base=version.number)
    context = {"form": rules, "use_form": form, "version": version, "may_change": True}
    context |= {"versions": versions.with_cases(versions.calendar_versions(pk), "calendar_version")}
    return _page(request, "manage_calendar", status=422, **context, **query.about_calendar(version, rules))


@require_POST
def leave(request: HttpRequest, pk: int, use: int) -> HttpResponse:
    """Let the default calendar count again for a team or a customer."""
    access.only_administrators(request.user)
    row = get_object_or_404(CalendarUse, pk=use, calendar=pk)
    rulesets.leave_calendar(actor=request.user, use=row, now=timezone.now())
    return redirect("cases:calendar_of", pk=pk)


@require_POST
def weeks(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the next weeks as they would be with what is typed so far. Nothing is saved."""
    access.only_readers_of_rules(request.user)
    version = versions.calendar_versions(pk).first() or get_object_or_404(Calendar, pk=pk)
    form = CalendarForm(request.POST, facts=version.facts, base=version.number)
    facts = merged(form.facts(), version.calendar) if form.is_valid() else {}
    shown = {"weeks": query.weeks(facts, timezone.localdate()) if facts else [], "typing": not facts}
    return render(request, "cases/_manage_weeks.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the newest version of a policy would move in open cases, then apply it to exactly those."""
    access.only_administrators(request.user)
    policy, now = get_object_or_404(Policy.objects.select_related("category"), pk=pk), timezone.now()
    cases = applying.behind(policy)
    if request.method == "POST":
        asked = {int(number) for number in request.POST.getlist("case") if number.isdecimal() and len(number) < 19}
        chosen = [case for case in cases if case.pk in asked]
        done = applying.apply(policy=policy, cases=chosen, actor=request.user, now=now)
        messages.success(request, f"{done} open case{'' if done == 1 else 's'} run by the newest version now.")
        return redirect("cases:policy_apply", pk=pk)
    moved = applying.preview(policy, cases, now)
    context = {"policy": policy, "cases": cases, "moved": moved, "most": applying.MOST}
    context |= {"late": sum(one.late_at_once for one in moved)}
    return _page(request, "manage_apply", **context)


def _page(request: HttpRequest, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, f"cases/{name}.html", {**context, "nav": "", "now": timezone.now()}, status=status)
