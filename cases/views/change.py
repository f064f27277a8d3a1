"""Changing what a case says of itself, in a dialog or on a page of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import drafts
from accounts.models import User
from cases import editing, escalation, pausing, words
from cases.enums import CaseState, EscalationReason
from cases.forms import change as forms
from cases.forms.clocks import PauseForm
from cases.forms.record import RecordForm
from cases.models import Case, Event
from cases.queries.case_page import Rights, draft_key
from cases.refusals import Refused
from cases.steps import asking_anew
from cases.timeline import Kind
from cases.views.doors import back, case_with, took

Verb = Callable[..., Any]


@dataclass(frozen=True)
class Change:
    """One thing that can be changed: form, verb, what is said when it is done, who may, whether a draft is kept.

    Fields saved against a revision keep none: an old draft would quietly undo what was saved since.
    """

    form: type[RecordForm]
    verb: Verb
    said: str
    may: Callable[[Rights], bool] = lambda rights: rights.work
    drafted: bool = True


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Show the form for `what` (a dialog where a script asks for it), or make the change."""
    chosen = CHANGES.get(what)
    if chosen is None:
        raise Http404
    case = case_with(request, pk, chosen.may)
    key = draft_key(case, what)
    form = chosen.form(request.POST or None, case=case, action=request.path, draft=key if chosen.drafted else "")
    form.in_dialog = bool(request.htmx)
    if request.method == "GET":
        form.initial |= drafts.draft_of(request.user, key) if chosen.drafted else {}
        return _form(request, case, what, form)
    return _made(request, case, what, form)


def _made(request: HttpRequest, case: Case, what: str, form: RecordForm) -> HttpResponse:
    """Make the change and lead back to the case; else show the form with what was typed and why it was not taken."""
    try:
        done = form.is_valid() and took(form, CHANGES[what].verb, form=form, **_about(request, case))
    except editing.Overtaken as overtaken:
        return _both_versions(request, overtaken.theirs, form)
    if not done:
        return _form(request, case, what, form, status=422)
    drafts.drop(user=request.user, key=draft_key(case, what))
    messages.success(request, CHANGES[what].said)
    return back(request, case)


def _about(request: HttpRequest, case: Case) -> dict[str, Any]:
    return {"case": case, "actor": request.user, "now": timezone.now()}


def _form(request: HttpRequest, case: Case, what: str, form: RecordForm, *, status=200, **more) -> HttpResponse:
    context = {"case": case, "what": what, "help_block": f"{what}_help", "form": form, "nav": "cases", **more}
    context["now"] = timezone.now()
    template = "cases/_change.html" if request.htmx else "cases/change.html"
    return render(request, template, context, status=status)


def _both_versions(request: HttpRequest, theirs: Case, form: forms.EditForm) -> HttpResponse:
    """Show what somebody saved meanwhile beside what was typed; saving again keeps what is in the form."""
    last = Event.objects.filter(case=theirs, kind=Kind.EDITED).select_related("actor").order_by("-seq").first()
    form.data = form.data.copy()
    form.data["rev"] = theirs.rev
    form.errors.clear()
    more = {"theirs": forms.shown(theirs), "mine": forms.shown_typed(form), "last": last}
    return _form(request, theirs, "edit", form, status=409, **more)


def _assign(*, case: Case, actor: User, now: datetime, form: RecordForm) -> None:
    editing.assign(case=case, actor=actor, now=now, **form.cleaned_data)


@transaction.atomic
def _escalate(*, case: Case, actor: User, now: datetime, form: RecordForm) -> None:
    if case.state == CaseState.CLOSED:
        raise Refused(f"{case.number} is closed. There is nothing left to decide.")
    row = words.write(text=form.cleaned_data["reason"], now=now, case=case)
    entry = escalation.escalate(case=case, reason=EscalationReason.BY_HAND, asked_by=actor, words=row, now=now)
    if entry is None:
        raise Refused("You have asked the council already. It lies on the docket until it is decided.")


def _edit(*, case: Case, actor: User, now: datetime, form: RecordForm) -> None:
    editing.edit(case=case, actor=actor, changes=form.changes(), rev=form.cleaned_data["rev"], now=now)


def _severity(*, case: Case, actor: User, now: datetime, form: RecordForm) -> None:
    editing.set_severity(case=case, actor=actor, now=now, **form.cleaned_data)


def _fault(*, case: Case, actor: User, now: datetime, form: RecordForm) -> None:
    editing.set_fault(case=case, actor=actor, now=now, **form.cleaned_data)


def _remedy(*, case: Case, actor: User, now: datetime, form: RecordForm) -> None:
    given = form.cleaned_data
    editing.record_remedy(case=case, actor=actor, now=now, state=given["state"], text=given["remedy"])


def _pause(*, case: Case, actor: User, now: datetime, form: PauseForm) -> None:
    pausing.pause(case=case, actor=actor, now=now, **form.facts())


def _confirmer(*, case: Case, actor: User, now: datetime, form: RecordForm) -> None:
    asking_anew.change_confirmer(case=case, actor=actor, now=now, **form.cleaned_data)


CHANGES = {
    "assign": Change(
        forms.AssignForm, _assign, "Handed over. Whoever owns it now has been told.", lambda rights: rights.assign
    ),
    "escalate": Change(forms.EscalateForm, _escalate, "The council is asked. It answers on its docket."),
    "edit": Change(forms.EditForm, _edit, "Saved.", drafted=False),
    "severity": Change(
        forms.SeverityForm,
        _severity,
        "Severity changed. Steps still open have their new time.",
        lambda rights: rights.raise_severity,
    ),
    "fault": Change(forms.FaultForm, _fault, "Noted whose fault it was."),
    "remedy": Change(forms.RemedyForm, _remedy, "Noted what would make it right, in their words."),
    "confirmer": Change(forms.ConfirmerForm, _confirmer, "Noted who confirms."),
    "pause": Change(PauseForm, _pause, "Paused until they answer.", drafted=False),
}
