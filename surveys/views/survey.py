"""The survey page: one minute on a phone. Links only preselect; every act is a press."""

from datetime import datetime
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone

from cases.refusals import Refused
from surveys import answering, extras, languages, opting, pages, queries, questions
from surveys.doors import customer_page, is_one_click
from surveys.forms import SurveyForm, WordForm, preselected
from surveys.models import Invitation


@customer_page("GET", "HEAD", "POST", halfway=True)
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the five questions, with what is kept already; take the answer as final."""
    now = timezone.now()
    invitation = pages.opened(request, purpose="survey", token=token, now=now)
    if invitation is None:
        return pages.unknown(request, purpose="survey", token=token)
    if request.method != "POST" or languages.asked_for(request):
        return show(request, token, invitation, now)
    form = SurveyForm(request.POST, initial=_initial(request, invitation), version=invitation.form)
    if form.is_valid() and _sent(form, invitation, now):
        return redirect("surveys:survey", token=token)
    return show(request, token, invitation, now, form=form)


@customer_page("POST")
def keep(request: HttpRequest, token: str) -> JsonResponse:
    """Keep what is filled in so far."""
    now = timezone.now()
    invitation = pages.opened(request, purpose="survey", token=token, now=now)
    form = SurveyForm(request.POST, version=invitation.form if invitation else None)
    if invitation is None or not form.is_valid():
        return JsonResponse({"kept": False}, status=422)
    try:
        answering.keep_part(invitation=invitation, now=now, **_given(form))
    except Refused as refused:
        return JsonResponse({"kept": False, "why": refused.message}, status=422)
    return JsonResponse({"kept": True})


@customer_page("GET", "HEAD", "POST", one_click=True)
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether no more questions are wanted, and spare them once that is pressed."""
    now = timezone.now()
    invitation = pages.opened(request, purpose="survey", token=token, now=now)
    if invitation is None:
        return pages.unknown(request, purpose="survey", token=token)
    if request.method == "POST":
        opting.opt_out(invitation=invitation, now=now)
        if is_one_click(request):
            return HttpResponse("No more surveys.", content_type="text/plain")
        return redirect("surveys:stop", token=token)
    return pages.show(request, "surveys/stop.html", queries.survey_page(invitation, now), purpose="survey", token=token)


def show(request: HttpRequest, token: str, invitation: Invitation, now: datetime, **refused: Form) -> HttpResponse:
    """Render the page; what was refused stands there with its reason, what else was typed as it was."""
    form = SurveyForm.of(request.POST, initial=_initial(request, invitation), version=invitation.form)
    shown = {**queries.survey_page(invitation, now), "form": form, **refused}
    shown.setdefault("word_form", _word_form(request, is_late=not shown["is_open"]))
    status = 422 if refused else 200
    return pages.show(request, "surveys/survey.html", shown, purpose="survey", token=token, status=status)


def _word_form(request: HttpRequest, *, is_late: bool) -> WordForm:
    """Return the form for a word of theirs; what was written into a survey that has closed meanwhile stands in it."""
    given = request.POST.copy()
    if is_late and not given.get("word-text"):
        given["word-text"] = given.get("words", "")
    return WordForm.of(given)


def _initial(request: HttpRequest, invitation: Invitation) -> dict[str, object]:
    """Return what is kept already; the number of a link in the letter stands in only where nothing is."""
    answer = getattr(invitation, "answer", None)
    if answer is None:
        return dict(preselected(request.GET.get("satisfied")))
    words = answer.words.text if answer.words else ""
    more = extras.given_to(answer, questions.extras(invitation.form))
    return {**preselected(request.GET.get("satisfied")), **answer.marks, **more, "words": words}


def _given(form: SurveyForm) -> dict[str, Any]:
    return {"marks": form.marks, "text": form.cleaned_data["words"], "more": form.more}


def _sent(form: SurveyForm, invitation: Invitation, now: datetime) -> bool:
    """Send the answer; False with the refusal in the form where it is not taken."""
    try:
        answering.send(invitation=invitation, now=now, **_given(form))
    except Refused as refused:
        form.add_error(None, refused.message)
    return not form.errors
