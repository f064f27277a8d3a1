"""Administration of rules: the policy and the calendar in versions, categories, kinds of causes, rates."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from accounts.models import Role
from cases import rulebook, taxonomy
from cases.forms.calendar import CalendarForm
from cases.forms.customers import written
from cases.forms.manage import EntryForm, RateForm
from cases.forms.policy import PolicyForm
from cases.forms.rules import RulesForm
from cases.keyset import number_order, page_of
from cases.models import Rate
from cases.queries import manage as query
from cases.queries import rulesets
from cases.refusals import Refused
from cases.views.doors import took


@dataclass(frozen=True)
class Book:
    """A set of rules kept in versions."""

    name: str
    form: type[RulesForm]
    versions: Callable[[int | None], QuerySet]
    save: Callable[..., Any]
    column: str
    more: Callable[[Any, RulesForm], dict[str, Any]]


POLICY = Book(
    "policy", PolicyForm, query.policy_versions, rulebook.save_policy, "policy_version", rulesets.about_policy
)
CALENDAR = Book(
    "calendar",
    CalendarForm,
    query.calendar_versions,
    rulebook.save_calendar,
    "calendar_version",
    rulesets.about_calendar,
)


@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Show a policy in force, the default one unless told; show what a new version changes, then save it."""
    return _book(request, POLICY, pk)


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Show a calendar in force, the default one unless told; show what a new version changes, then save it."""
    return _book(request, CALENDAR, pk)


def _book(request: HttpRequest, book: Book, pk: int | None) -> HttpResponse:
    _reader(request)
    version = book.versions(pk).first()
    if version is None:
        raise Http404
    form = book.form(request.POST or None, facts=version.facts, base=version.number, readonly=not _changes(request))
    if request.method != "POST" or not form.is_valid():
        return _rules(request, book, form, version)
    if form.cleaned_data["base"] != version.number:
        return _both_versions(request, book, form, version)
    if not form.differences(version.facts, form.facts()):
        messages.info(request, "Nothing is different, so no version was made.")
        return redirect(request.path)
    if form.cleaned_data["previewed"] != form.mark() or request.POST.get("act") != "save":
        return _preview(request, book, form, version)
    return _saved(request, book, form, version)


def _preview(request: HttpRequest, book: Book, form: RulesForm, version: Any, **more: Any) -> HttpResponse:
    """Show what changes; saving is offered for exactly what is shown."""
    form.data = form.data.copy()
    form.data["previewed"] = form.mark()
    changes = form.differences(version.facts, form.facts())
    return _rules(request, book, form, version, changes=changes, number=version.number + 1, **more)


def _saved(request: HttpRequest, book: Book, form: RulesForm, version: Any) -> HttpResponse:
    of = getattr(version, f"{book.name}_id")
    about = {"actor": request.user, "facts": form.facts(), "base": version.number, "now": timezone.now(), "of": of}
    try:
        if not took(form, book.save, **about):
            return _rules(request, book, form, version)
    except rulebook.Overtaken as overtaken:
        return _both_versions(request, book, form, overtaken.newest)
    messages.success(request, f"Version {version.number + 1} is in force for cases logged from now on.")
    return redirect(request.path)


def _both_versions(request: HttpRequest, book: Book, form: RulesForm, newest: Any) -> HttpResponse:
    """Show what was saved meanwhile beside what was typed; saving again makes a version of what is in the form."""
    versions = book.versions(getattr(newest, f"{book.name}_id"))
    base = versions.filter(number=form.cleaned_data["base"]).first() or newest
    both = {
        "theirs": form.differences(base.facts, newest.facts),
        "mine": form.differences(base.facts, form.facts()),
        "who": newest.made_by.name if newest.made_by else "Somebody",
        "at": newest.made_at,
    }
    form.data = form.data.copy()
    form.data["base"] = newest.number
    return _rules(request, book, form, newest, status=409, **both)


def _rules(
    request: HttpRequest, book: Book, form: RulesForm, version: Any, *, status: int = 0, **more: Any
) -> HttpResponse:
    context = {
        "form": form,
        "version": version,
        "versions": query.with_cases(book.versions(getattr(version, f"{book.name}_id")), book.column),
        **book.more(version, form),
        "may_change": _changes(request),
        "home": settings.HOME_CURRENCY,
        **more,
    }
    status = status or (422 if form.is_bound and form.errors else 200)
    return _page(request, f"manage_{book.name}", status=status, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def entries(request: HttpRequest, what: str) -> HttpResponse:
    """List the categories or the kinds of causes, and add one."""
    _known(request, what)
    form = EntryForm(request.POST or None, action=request.path)
    if request.method == "POST" and form.is_valid():
        about = {"what": what, "name": form.cleaned_data["name"], "actor": request.user}
        if took(form, taxonomy.add, now=timezone.now(), **about):
            return redirect("cases:entries", what=what)
    return _entries(request, what, form)


@require_POST
def entry(request: HttpRequest, what: str, pk: int) -> HttpResponse:
    """Rename, move, retire or offer again one entry, by the button pressed."""
    _known(request, what)
    row = get_object_or_404(taxonomy.LISTS[what], pk=pk)
    about = {"what": what, "entry": row, "actor": request.user, "now": timezone.now()}
    act = request.POST.get("act", "")
    if act in ("up", "down"):
        taxonomy.move(up=act == "up", **about)
    elif act in ("retire", "offer"):
        _try(request, taxonomy.retire, retired=act == "retire", **about)
    else:
        form = EntryForm(request.POST)
        if not form.is_valid() or not took(form, taxonomy.rename, **form.cleaned_data, **about):
            return _entries(request, what, None, wrong=row.pk, typed=form)
    return redirect("cases:entries", what=what)


def _entries(request: HttpRequest, what: str, form: EntryForm | None, **more: Any) -> HttpResponse:
    rows = query.entries(what)
    context = {
        "what": what,
        "offered": [row for row in rows if not row.retired],
        "retired": [row for row in rows if row.retired],
        "form": form or EntryForm(action=request.path.rpartition(f"{what}/")[0] + f"{what}/"),
        "may_change": _changes(request),
        **more,
    }
    wrong = "wrong" in more or (form is not None and form.is_bound)
    return _page(request, "manage_entries", status=422 if wrong else 200, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def rates(request: HttpRequest) -> HttpResponse:
    """List rates, newest entry first, and enter one."""
    _reader(request)
    form = RateForm(request.POST or None, initial={"on": timezone.localdate()})
    sent = request.method == "POST" and form.is_valid()
    if sent and took(form, taxonomy.enter_rate, actor=request.user, now=timezone.now(), **form.cleaned_data):
        return redirect("cases:rates")
    page = page_of(Rate.objects.all(), number_order("id", falling=True), request.GET)
    for rate in page.rows:
        rate.worth = written(Decimal(rate.micros) / taxonomy.MILLION)
    context = {"form": form, "page": page, "home": settings.HOME_CURRENCY, "may_change": _changes(request)}
    return _page(request, "manage_rates", status=422 if form.is_bound else 200, **context)


def _known(request: HttpRequest, what: str) -> None:
    _reader(request)
    if what not in taxonomy.LISTS:
        raise Http404


def _reader(request: HttpRequest) -> None:
    """Let auditors read, and only administrators post."""
    access.only_readers_of_rules(request.user)
    if request.method == "POST":
        access.only_administrators(request.user)


def _changes(request: HttpRequest) -> bool:
    return request.user.has_role(Role.ADMIN)


def _try(request: HttpRequest, verb: Callable[..., Any], **about: Any) -> None:
    try:
        verb(**about)
    except Refused as refused:
        messages.error(request, refused.message)


def _page(request: HttpRequest, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    shown = {**context, "nav": "", "now": timezone.now()}
    return render(request, f"cases/{name}.html", shown, status=status)
