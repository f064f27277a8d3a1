"""What happens to few cases: ends that are asked for, related cases, who sees a case. Each act has one door."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts import drafts
from cases import access, legal, relating, secrecy
from cases import ending as ends_of
from cases.forms.special import RefuseEndForm, RelateForm, SpecialForm
from cases.models import Case, CaseReader, Ending, Relation
from cases.queries import special as query
from cases.queries.case_page import SELECT, draft_key, rights_of
from cases.refusals import Refused
from cases.views.doors import SeeOther, case_with, took
from cases.views.special_acts import ACTS, TYPED, Act


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Show the form of one act (a dialog where a script asks for it), or do it."""
    chosen = ACTS.get(what)
    if chosen is None:
        raise Http404
    case = case_with(request, pk, lambda rights: chosen.may(rights, request.user))
    key = draft_key(case, f"act-{what}")
    form = chosen.form(request.POST or None, case=case, action=request.path, draft=key)
    form.in_dialog = bool(request.htmx)
    if request.method != "POST":
        form.initial |= {**_typed(request, case, what), **drafts.draft_of(request.user, key)}
        return _form(request, case, what, form)
    if not (form.is_valid() and took(form, chosen.verb, **_facts(request, case), **form.cleaned_data)):
        return _form(request, case, what, form, status=422)
    drafts.drop(user=request.user, key=key)
    messages.success(request, chosen.said)
    return _back(request, case, chosen)


@require_safe
def ends(request: HttpRequest, pk: int) -> HttpResponse:
    """Show in which ways the case may end, what was asked for, and to whoever decides, the decision."""
    return _ends(request, _read(request, pk))


@require_POST
def decide_end(request: HttpRequest, pk: int, ending: int) -> HttpResponse:
    """Confirm an end that was asked for, or refuse it with the reason."""
    case = _read(request, pk)
    facts = {"ending": get_object_or_404(Ending, case=case, pk=ending), "actor": request.user, "now": timezone.now()}
    form = RefuseEndForm(None if "confirm" in request.POST else request.POST, case=case)
    if "confirm" in request.POST:
        done = _told(request, ends_of.confirm, **facts)
    else:
        done = form.is_valid() and took(form, ends_of.refuse, **facts, **form.cleaned_data)
    return SeeOther(case.get_absolute_url()) if done else _ends(request, case, refuse=form, status=422)


@require_safe
def related(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the cases that have to do with this one, and how to link, split or merge."""
    case = _read(request, pk)
    shown = {"bonds": query.bonds(case, request.user), "form": _relate_form(case)}
    return _page(request, case, "cases/special/related.html", shown)


@require_POST
def unrelate(request: HttpRequest, pk: int, relation: int) -> HttpResponse:
    """Take a link away."""
    case = case_with(request, pk, lambda rights: rights.work)
    found = get_object_or_404(Relation, pk=relation, kind=Relation.Kind.RELATED)
    if case.pk not in (found.from_case_id, found.to_case_id):
        raise Http404
    _told(request, relating.unrelate, relation=found, actor=request.user, now=timezone.now())
    return SeeOther(reverse("cases:related", args=[case.pk]))


@require_safe
def seen_by(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who sees the case, and what makes it special."""
    case = _read(request, pk, *SELECT, "about_user", "counsel", "owner__deputy")
    shown = {"readers": query.readers(case), "counsel": legal.counsel_of(case) if case.sensitive else None}
    return _page(request, case, "cases/special/seen_by.html", shown)


@require_POST
def remove_reader(request: HttpRequest, pk: int, reader: int) -> HttpResponse:
    """Take somebody off the readers."""
    case = case_with(request, pk, lambda rights: rights.work or request.user.on_council)
    row = get_object_or_404(CaseReader.objects.select_related("user"), case=case, pk=reader)
    facts = {"case": case, "actor": request.user, "reader": row.user, "now": timezone.now()}
    _told(request, secrecy.remove_reader, **facts)
    return SeeOther(reverse("cases:seen_by", args=[case.pk]))


def _read(request: HttpRequest, pk: int, *select: str) -> Case:
    return access.case_for(request.user, pk, select=select or SELECT)


def _facts(request: HttpRequest, case: Case) -> dict[str, Any]:
    return {"case": case, "actor": request.user, "now": timezone.now()}


def _typed(request: HttpRequest, case: Case, what: str) -> dict[str, Any]:
    """Return the words already typed in the step's form, so that nobody writes them twice."""
    if what not in TYPED:
        return {}
    kept = drafts.draft_of(request.user, draft_key(case, TYPED[what][0]))
    return {"text": kept["text"]} if kept.get("text") else {}


def _form(request: HttpRequest, case: Case, what: str, form: SpecialForm, *, status: int = 200) -> HttpResponse:
    template = "cases/special/_act.html" if request.htmx else "cases/special/act.html"
    shown = {"what": what, "help_block": f"{what}_help", "form": form}
    return _page(request, case, template, shown, status=status)


def _back(request: HttpRequest, case: Case, chosen: Act) -> HttpResponse:
    url = reverse(chosen.back, args=[case.pk]) if chosen.back else case.get_absolute_url()
    return HttpResponseClientRedirect(url) if request.htmx else SeeOther(url)


def _ends(request: HttpRequest, case: Case, *, refuse: SpecialForm | None = None, status: int = 200) -> HttpResponse:
    asked = query.endings(case)
    pending = next((one for one in asked if one.state == "asked"), None)
    shown = {
        "pending": pending,
        "decided": [one for one in asked if one is not pending],
        "why_not": _why_not(request, case, pending),
        "refuse": refuse or RefuseEndForm(case=case),
        "refusals": ends_of.refused_results(case),
        "refusals_needed": ends_of.REFUSALS_NEEDED,
    }
    if pending is not None:
        shown["refuse"].action = reverse("cases:ending", args=[case.pk, pending.pk])
    return _page(request, case, "cases/special/ends.html", shown, status=status)


def _why_not(request: HttpRequest, case: Case, pending: Ending | None) -> str:
    """Return why the reader does not decide on the end that is asked for; empty where they do."""
    if pending is None:
        return ""
    try:
        ends_of.check_decider(pending, case, request.user)
    except Refused as refused:
        return refused.message
    return ""


def _relate_form(case: Case) -> RelateForm:
    return RelateForm(case=case, action=reverse("cases:act", args=[case.pk, "relate"]))


def _told(request: HttpRequest, verb, **facts) -> bool:
    """Do an act that has no form; its refusal stands on top of the page. Tell whether it was done."""
    try:
        verb(**facts)
    except Refused as refused:
        messages.warning(request, refused.message)
        return False
    return True


def _page(request: HttpRequest, case: Case, template: str, shown: dict[str, Any], *, status: int = 200) -> HttpResponse:
    about = {"case": case, "rights": rights_of(request.user, case), "nav": "cases", "now": timezone.now()}
    return render(request, template, {**about, **shown}, status=status)
