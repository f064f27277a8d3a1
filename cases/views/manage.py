"""Administration: the hub, the log, sweeps and rows set aside, imports, leaving, and taking up history."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import access as people_access
from accounts.models import AdminEvent, Role, User
from cases import access, leaving, retrying, taking_up
from cases.enums import CaseState
from cases.forms.manage import ticked
from cases.keyset import number_order, page_of
from cases.models import ImportRefusal, ImportRun, SetAside, Sweep
from cases.queries import listing
from cases.queries import manage as query
from cases.refusals import Refused

NEWEST = number_order("id", falling=True)
TAKERS = (Role.LEAD, Role.MANAGER)
VIEWERS = (*TAKERS, Role.ADMIN, Role.AUDITOR)


@require_safe
def hub(request: HttpRequest) -> HttpResponse:
    """Show what can be administered, each with where it stands."""
    people_access.only_readers_of_rules(request.user)
    return _page(request, "manage", **query.hub())


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """List administrative acts, newest first."""
    people_access.only_readers_of_rules(request.user)
    page = page_of(AdminEvent.objects.select_related("actor"), NEWEST, request.GET)
    return _page(request, "manage_log", page=page, events=query.named(page.rows))


@require_safe
def sweeps(request: HttpRequest) -> HttpResponse:
    """Show when each sweep ran, how it ended, and the rows set aside."""
    people_access.only_readers_of_rules(request.user)
    page = page_of(SetAside.objects.all(), NEWEST, request.GET)
    changes = request.user.has_role(Role.ADMIN)
    return _page(request, "manage_sweeps", sweeps=Sweep.objects.order_by("name"), page=page, may_change=changes)


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a row set aside back to its sweep."""
    people_access.only_administrators(request.user)
    retrying.retry(row=get_object_or_404(SetAside, pk=pk), actor=request.user, now=timezone.now())
    messages.success(request, "The next sweep tries this row again, within a minute.")
    return redirect("cases:sweeps")


@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """List the files read in, newest first."""
    people_access.only_readers_of_rules(request.user)
    return _page(request, "manage_imports", page=page_of(ImportRun.objects.select_related("by"), NEWEST, request.GET))


@require_safe
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one import with the rows it refused."""
    people_access.only_readers_of_rules(request.user)
    run = get_object_or_404(ImportRun.objects.select_related("by"), pk=pk)
    refusals = page_of(ImportRefusal.objects.filter(run=run), number_order("line", falling=False), request.GET)
    return _page(request, "manage_import", run=run, page=refusals)


@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a person leave, once they own no case that is not closed."""
    people_access.only_administrators(request.user)
    person = people_access.person_for(request.user, pk)
    try:
        leaving.leave(actor=request.user, person=person, now=timezone.now())
    except Refused as refused:
        return _still_needed(request, person, refused)
    messages.success(request, f"{person.name} cannot sign in any more. What they did keeps their name.")
    return redirect("accounts:person", pk=pk)


def _still_needed(request: HttpRequest, person: User, refused: Refused) -> HttpResponse:
    cases, actions = leaving.unfinished(person)
    about = {"person": person, "why": refused.message, "cases": cases, "actions": actions}
    return _page(request, "manage_leave", status=409, **about)


@require_safe
def open_history(request: HttpRequest) -> HttpResponse:
    """List imported cases that were still in progress, to be taken up singly or several at once."""
    if not request.user.has_role(*VIEWERS):
        raise PermissionDenied("Imported cases are taken up by leads and account managers.")
    cases = access.visible_to(request.user).filter(historical=True, state=CaseState.OPEN)
    page = page_of(listing.rows(cases), listing.ORDERS["received"], request.GET)
    takes = request.user.has_role(*TAKERS)
    staff = _owners() if takes else []
    return _page(request, "manage_take_up", page=page, may_take=takes, people=staff, nav="cases")


@require_POST
def take_up_some(request: HttpRequest) -> HttpResponse:
    """Take up the ticked cases for one owner; each that cannot be taken up is said with why."""
    _only_takers(request)
    owner, ids = _owner(request), ticked(request.POST.getlist("case"))
    if owner is None or not ids:
        messages.error(request, "Tick the cases and choose who owns them. Nothing was changed.")
        return redirect("cases:open_history")
    cases = access.visible_to(request.user).filter(pk__in=ids).order_by("pk")
    done, refusals = taking_up.take_up_many(cases=cases, actor=request.user, owner=owner, now=timezone.now())
    if done:
        messages.success(request, f"{done} case{'s' if done > 1 else ''} taken up for {owner.name}. The steps run now.")
    for refusal in refusals:
        messages.warning(request, refusal)
    return redirect("cases:open_history")


@require_POST
def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Take up one case, for the owner chosen or for oneself."""
    _only_takers(request)
    case = access.case_for(request.user, pk)
    try:
        taking_up.take_up(case=case, actor=request.user, owner=_owner(request) or request.user, now=timezone.now())
        messages.success(request, "The case is taken up. Its nine steps run from now.")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect(case.get_absolute_url())


def _only_takers(request: HttpRequest) -> None:
    if not request.user.has_role(*TAKERS):
        raise PermissionDenied("Imported cases are taken up by leads and account managers.")


def _owners() -> list[User]:
    """Return who may own a case: everybody who works here but those who only read."""
    return list(User.objects.taking_work().only("name").order_by("name"))


def _owner(request: HttpRequest) -> User | None:
    ids = ticked([request.POST.get("owner", "")])
    return User.objects.taking_work().filter(pk__in=ids).first()


def _page(request: HttpRequest, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    shown = {"nav": "", "now": timezone.now(), **context}
    return render(request, f"cases/{name}.html", shown, status=status)
