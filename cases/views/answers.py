"""Answers several views of the record give: an act on one row, accepted proposals, the open composer."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from accounts import drafts
from cases import discovery
from cases.enums import EntryKind
from cases.models import Case
from cases.queries import case_page, standing
from cases.queries import composer as queries
from cases.refusals import Refused
from cases.views import tabs
from cases.views.case import show
from cases.views.doors import SeeOther, back
from cases.wording import plain_sentence


def acted(request: HttpRequest, case: Case, verb: Callable[..., Any], /, *, tab: str, **facts) -> HttpResponse:
    """Let a verb act on one row and lead back to its tab; a refusal stands on top of the page."""
    try:
        verb(**facts)
    except Refused as refused:
        messages.warning(request, refused.message)
        return show(request, case.pk, tab=tab, status=422)
    return back(request, case, tab=tab, place="tab")


def accept(request: HttpRequest, case: Case, questions: Iterable[int]) -> HttpResponse:
    """Accept what the record proposes for these questions, its reason kept as the note."""
    now = timezone.now()
    page = case_page.read(request.user, case.pk, now=now)
    proposed = discovery.proposals(standing.record(page))
    with transaction.atomic():
        for question in questions:
            if question in proposed:
                given = proposed[question]
                note = plain_sentence("cases/proposals.html", given.why, given.facts)
                discovery.answer(
                    case=case, actor=request.user, question=question, answer=given.answer, note=note, now=now
                )
    return back(request, case, tab="discovery", place="tab")


def composer(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Open the composer in place, or on the whole page where no script asks for it."""
    if not request.htmx:
        request.GET = request.GET.copy()
        request.GET["write"] = kind
        return show(request, pk, tab="timeline")
    page = case_page.read(request.user, pk, now=timezone.now())
    texts = queries.parts(page.case, queries.language_of(page.case))
    page.people, page.beside = case_page.people_and(page.case, texts)
    draft = drafts.draft_of(request.user, case_page.draft_key(page.case, "entry"))
    return _fragment(request, page, tabs.entry_form(page, kind, draft))


def shown_composer(request: HttpRequest, pk: int, form: Form, *, status: int = 200) -> HttpResponse:
    """Show the composer with a form that was sent, in place or on the whole page."""
    if not request.htmx:
        return show(request, pk, record={"entry": form}, tab="timeline", status=status)
    return _fragment(request, case_page.read(request.user, pk, now=timezone.now()), form, status=status)


def to_composer(request: HttpRequest, case: Case) -> HttpResponse:
    """Lead to the open composer of a letter."""
    url = f"{case.get_absolute_url()}?write={EntryKind.EMAIL}#composer"
    return HttpResponseClientRedirect(url) if request.htmx else SeeOther(url)


def to_leaving(request: HttpRequest, case: Case, now: datetime) -> HttpResponse:
    """Lead to the letters that wait to leave. The moment makes it another address, so that a browser reads it anew."""
    url = f"{case.get_absolute_url()}?sent={int(now.timestamp())}#leaving"
    return HttpResponseClientRedirect(url) if request.htmx else SeeOther(url)


def _fragment(request: HttpRequest, page: case_page.Page, form: Form, *, status: int = 200) -> HttpResponse:
    context = {"page": page, "case": page.case, "entry_form": form}
    return render(request, "cases/_composer.html", context, status=status)
