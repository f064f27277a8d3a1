"""The questions of the survey, for administrators: wording, optional questions, a look, and a letter to try it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from accounts.models import Role
from cases.refusals import Refused
from surveys import languages, letters, questions
from surveys.forms import SurveyForm, preselected
from surveys.staff_forms import LanguageChoice, QuestionsForm


@require_http_methods(["GET", "HEAD", "POST"])
def wording(request: HttpRequest) -> HttpResponse:
    """Show the questions as they are, and make the next version of them."""
    access.only_readers_of_rules(request.user)
    version = questions.current()
    form = QuestionsForm(request.POST or None, version=version)
    if request.method == "POST":
        access.only_administrators(request.user)
        if form.is_valid() and _adopted(request, form):
            return redirect("surveys:questions")
    may_change = request.user.has_role(Role.ADMIN)
    shown = {"form": form, "version": version, "may_change": may_change, "nav": "surveys", "now": timezone.now()}
    return render(request, "surveys/questions.html", shown, status=422 if form.is_bound else 200)


@require_safe
def preview(request: HttpRequest, language: str) -> HttpResponse:
    """Show the questions as a customer reads them; nothing can be sent from here."""
    access.only_readers_of_rules(request.user)
    if not languages.is_known(language):
        raise Http404
    with translation.override(language):
        form = SurveyForm(version=questions.current(), initial=preselected(request.GET.get("satisfied")))
        return render(request, "surveys/preview.html", {"form": form})


@require_POST
def test_letter(request: HttpRequest) -> HttpResponse:
    """Send the survey's letter to whoever asks, with a look at the questions behind its numbers."""
    access.only_administrators(request.user)
    form = LanguageChoice(request.POST)
    if form.is_valid():
        letters.test_survey(user=request.user, language=form.cleaned_data["language"], now=timezone.now())
        messages.success(request, f"It is on its way to {request.user.email}.")
    return redirect("surveys:questions")


def _adopted(request: HttpRequest, form: QuestionsForm) -> bool:
    """Make the next version; False with the refusal in the form where it is not made."""
    try:
        version = questions.adopt(wordings=form.wordings, asked=form.asked, actor=request.user, now=timezone.now())
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return False
    messages.success(request, f"Version {version.number} is asked from now on. Surveys already sent keep theirs.")
    return True
