"""What customers answered, for colleagues; the lead says whether a held answer counts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Role
from cases.access import may_log
from cases.refusals import Refused
from mail.pages import page_of
from surveys import access, judging, queries
from surveys.forms import DecideForm
from surveys.models import SurveyVerdict
from surveys.narrowing import NarrowForm


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """List answers, newest first, narrowed by `?verdict=` and the filters of the results."""
    now = timezone.now()
    verdict = request.GET.get("verdict", "")
    form = NarrowForm(request.GET, reader=request.user)
    asked = form.read()
    page = page_of(queries.answers(request.user, verdict, asked, now), request.GET)
    for answer in page.rows:
        answer.may_decide = queries.may_decide(request.user, answer)
        answer.more = queries.more_of(answer)
    shown = {
        "page": page,
        "verdict": verdict if verdict in SurveyVerdict.values else "",
        "verdicts": [one for one in SurveyVerdict if one != SurveyVerdict.PENDING],
        "summary": queries.summary(request.user, now),
        "form": form,
        "asked": asked,
        "query": _without(request, "verdict"),
        "tags": form.tags,
        "may_tag": may_log(request.user),
        "may_see_questions": request.user.has_role(Role.ADMIN, Role.AUDITOR),
        "nav": "surveys",
        "now": now,
    }
    return render(request, "surveys/list.html", shown)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether a held answer counts."""
    answer = access.answer_for(request.user, pk)
    form = DecideForm(request.POST)
    if form.is_valid():
        counts = form.cleaned_data["counts"]
        try:
            judging.decide_held(answer=answer, actor=request.user, counts=counts, now=timezone.now())
            messages.success(request, "The answer counts." if counts else "It is set aside. The survey stays open.")
        except Refused as refused:
            messages.error(request, refused.message)
    return redirect("surveys:list")


def _without(request: HttpRequest, *names: str) -> str:
    """Return the filters in force without `names` and without the place in the list."""
    kept = request.GET.copy()
    for name in (*names, "before", "after"):
        kept.pop(name, None)
    return kept.urlencode()
