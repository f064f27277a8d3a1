"""Pages of people and teams: administrators change them, auditors read, a lead sees the team."""

from collections.abc import Callable
from typing import Any

from allauth.account.forms import ResetPasswordForm
from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access, people, teams
from accounts.models import Absence, Role, Team, User
from accounts.people_forms import AbsenceForm, PersonForm, TeamForm, shown, shown_typed
from accounts.text import clean

SHOWN = 200


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """List people by name, narrowed by `?q=`, `?team=`, `?role=` and `?left=1`."""
    now = timezone.now()
    rows = _narrowed(access.people_for(request.user), request).select_related("team", "deputy")
    today = now.date()
    away = Count("absences", filter=Q(absences__from_on__lte=today, absences__to_on__gte=today))
    found = list(rows.annotate(away=away).order_by("name", "pk")[: SHOWN + 1])
    shown_here = {
        "people": found[:SHOWN],
        "more": len(found) > SHOWN,
        "teams": Team.objects.all(),
        "roles": Role.choices,
        "asked": request.GET,
        "may_change": request.user.has_role(Role.ADMIN),
    }
    return render(request, "accounts/people.html", {**shown_here, "nav": "", "now": now})


def _narrowed(rows, request: HttpRequest):
    asked = request.GET
    words, team, role = clean(asked.get("q", "")).strip()[:100], asked.get("team", ""), asked.get("role", "")
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(email__icontains=words))
    if team.isascii() and team.isdigit() and len(team) < 10:
        rows = rows.filter(team=int(team))
    if role in Role.values:
        rows = rows.with_role(role)
    return rows.filter(is_active=not asked.get("left"))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter a person; the letter with the link to choose a password leaves at once."""
    access.only_administrators(request.user)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = took(form, people.add, actor=request.user, fields=form.given(), now=timezone.now())
        if person:
            _invite(request, person)
            return redirect("accounts:person", pk=person.pk)
    return _page(request, "accounts/people_new.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a person; administrators change them here."""
    who = access.person_for(request.user, pk)
    form = PersonForm(request.POST or None, person=who) if request.user.has_role(Role.ADMIN) else None
    if request.method == "GET" or request.method == "HEAD":
        return _person(request, who, form)
    access.only_administrators(request.user)
    if not form.is_valid():
        return _person(request, who, form)
    try:
        facts = {"actor": request.user, "person": who, "fields": form.given(), "seen": form.cleaned_data["seen"]}
        done = took(form, people.edit, **facts, now=timezone.now())
    except people.Overtaken as overtaken:
        return _both_versions(request, overtaken.theirs, form)
    if done is None:
        return _person(request, who, form)
    messages.success(request, f"{form.cleaned_data['name']} is saved." if done else "Nothing was changed.")
    return redirect("accounts:person", pk=pk)


def _person(request: HttpRequest, who: User, form: PersonForm | None, *, status: int = 0, **more: Any) -> HttpResponse:
    context = {
        "person": who,
        "leading": Team.objects.filter(lead=who).values_list("name", flat=True),
        "absences": Absence.objects.filter(user=who, to_on__gte=timezone.now().date()),
        "absence_form": AbsenceForm() if form else None,
        "may_change": form is not None,
        **more,
    }
    return _page(request, "accounts/person.html", form, status=status, **context)


def _both_versions(request: HttpRequest, theirs: User, form: PersonForm) -> HttpResponse:
    """Show what was saved meanwhile beside what was typed; saving again keeps what is in the form."""
    form.data = form.data.copy()
    form.data["seen"] = people.mark_of(theirs)
    more = {"theirs": shown(theirs), "mine": shown_typed(form)}
    return _person(request, theirs, form, status=409, **more)


@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the link to choose a password once more."""
    access.only_administrators(request.user)
    _invite(request, access.person_for(request.user, pk))
    return redirect("accounts:person", pk=pk)


def _invite(request: HttpRequest, who: User) -> None:
    form = ResetPasswordForm({"email": who.email})
    if form.is_valid():
        form.save(request)
        messages.success(request, f"A letter with a link to choose a password goes to {who.email}.")
    else:
        messages.error(request, f"No link was sent to {who.email}: somebody who has left cannot sign in.")


@require_POST
def come_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody who left sign in again."""
    access.only_administrators(request.user)
    return _done(request, pk, people.come_back, person=access.person_for(request.user, pk))


@require_POST
def add_absence(request: HttpRequest, pk: int) -> HttpResponse:
    """Note days away."""
    access.only_administrators(request.user)
    who, form = access.person_for(request.user, pk), AbsenceForm(request.POST)
    if form.is_valid() and took(
        form, people.add_absence, actor=request.user, person=who, now=timezone.now(), **form.cleaned_data
    ):
        return redirect("accounts:person", pk=pk)
    return _person(request, who, PersonForm(person=who), status=422, absence_form=form)


@require_POST
def remove_absence(request: HttpRequest, pk: int, absence: int) -> HttpResponse:
    """Take back days away."""
    access.only_administrators(request.user)
    row = get_object_or_404(Absence, pk=absence, user=access.person_for(request.user, pk))
    return _done(request, pk, people.remove_absence, absence=row)


@require_http_methods(["GET", "HEAD", "POST"])
def team_list(request: HttpRequest) -> HttpResponse:
    """List the teams with their leads, and add one."""
    seen = access.people_for(request.user)
    changes = request.user.has_role(Role.ADMIN)
    if request.method == "POST":
        access.only_administrators(request.user)
    form = TeamForm(request.POST or None) if changes else None
    sent = request.method == "POST" and form.is_valid()
    if sent and took(form, teams.add, actor=request.user, now=timezone.now(), **form.cleaned_data):
        return redirect("accounts:teams")
    members = Count("members", filter=Q(members__left_at=None, members__in=seen))
    rows = Team.objects.select_related("lead").annotate(size=members)
    rows = rows if request.user.has_role(Role.ADMIN, Role.AUDITOR) else rows.filter(pk=request.user.team_id)
    return _page(request, "accounts/people_teams.html", form, teams=rows, may_change=changes)


@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a team and name its lead."""
    access.only_administrators(request.user)
    row = get_object_or_404(Team.objects.select_related("lead"), pk=pk)
    form = TeamForm(request.POST or None, team=row)
    if request.method == "POST" and form.is_valid():
        facts = {"actor": request.user, "team": row, "now": timezone.now(), **form.cleaned_data}
        if took(form, lambda **given: teams.edit(**given) or True, **facts):
            messages.success(request, f"{form.cleaned_data['name']} is saved.")
            return redirect("accounts:teams")
    members = row.members.filter(left_at=None)
    return _page(request, "accounts/people_team.html", form, team=row, members=members)


def took(form: forms.Form, verb: Callable[..., Any], **facts: Any) -> Any:
    """Let the verb act and return what it returns; put a refusal at its field and return None."""
    try:
        return verb(**facts)
    except people.Overtaken:
        raise
    except people.Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return None


def _done(request: HttpRequest, pk: int, verb: Callable[..., Any], **facts: Any) -> HttpResponse:
    try:
        verb(actor=request.user, now=timezone.now(), **facts)
    except people.Refused as refused:
        messages.error(request, refused.message)
    return redirect("accounts:person", pk=pk)


def _page(
    request: HttpRequest, template: str, form: forms.Form | None, *, status: int = 0, **more: Any
) -> HttpResponse:
    status = status or (422 if form is not None and form.is_bound and form.errors else 200)
    return render(request, template, {"form": form, "nav": "", "now": timezone.now(), **more}, status=status)
