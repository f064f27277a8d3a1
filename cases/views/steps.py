"""The one door to the nine steps: what was sent is an act of a step; refused, it comes back with its reason."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import drafts
from cases import access
from cases.enums import StepNumber
from cases.forms.steps.base import StepForm
from cases.forms.steps.leaving import LetterStep
from cases.models import Case, Step
from cases.views import step_letters
from cases.views.case import show
from cases.views.doors import SeeOther, took
from cases.views.step_acts import ACTS, Act

WITH = ("customer", "owner", "team", "reporter", "confirmer")
NUMBERS = {number.slug: number for number in StepNumber}


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Do one act of a step and show the case again; by GET only show it.

    Raise Http404 for a case not seen, an unknown step or act; PermissionDenied for somebody who may not do it.
    """
    case = access.case_for(request.user, pk, select=WITH)
    number = _number(step)
    page = f"{case.get_absolute_url()}?step={number.value}"
    if request.method != "POST":
        return redirect(page)
    act = _act(number, request.POST.get("act", ""))
    form = act.form(request.POST, request.FILES, case=case, number=number, row=_row(request))
    _admit(request, case, act, form)
    if form.is_valid() and isinstance(form, LetterStep) and form.by_letter:
        return step_letters.answer(request, form)
    if not form.is_valid() or not _took(request, act, form):
        return show(request, pk, step=number.value, bound={form.key: form}, status=422)
    drafts.drop(user=request.user, key=form.draft_key)
    messages.success(request, act.said)
    return SeeOther(f"{page}#step")


@require_safe
def letter(request: HttpRequest, pk: int, step: str, name: str) -> HttpResponse:
    """Show the letter of a kept draft as the customer would get it, for the frame under its form.

    Raise as `step` does, and Http404 for an act that writes no letter.
    """
    case = access.case_for(request.user, pk, select=WITH)
    act = _act(_number(step), name)
    if not issubclass(act.form, LetterStep):
        raise Http404
    form = act.form(case=case, number=_number(step))
    _admit(request, case, act, form)
    return step_letters.framed_letter(request, form)


def _number(slug: str) -> StepNumber:
    if slug not in NUMBERS:
        raise Http404
    return NUMBERS[slug]


def _act(number: StepNumber, name: str) -> Act:
    act = ACTS.get((number, name))
    if act is None:
        raise Http404
    return act


def _row(request: HttpRequest) -> int:
    given = request.POST.get("row", "")
    return int(given) if given.isdecimal() and len(given) < 19 else 0


def _admit(request: HttpRequest, case: Case, act: Act, form: StepForm) -> None:
    """Let in whoever works the case, holds the step, owns the row, or for waivers decides them."""
    user = request.user
    if act.decides:
        allowed = access.may_lead(user, case) or user.on_council
    else:
        held = Step.objects.filter(case=case, number=form.number).order_by("-round").first()
        own = not user.only_reads and act.is_own(case, form.row, user)
        allowed = own or access.may_work_step(user, case, held)
    if not allowed:
        raise PermissionDenied("You can read this case. Its owner and their team work it.")


def _took(request: HttpRequest, act: Act, form: StepForm) -> bool:
    facts = {"case": form.case, "row": form.row, "actor": request.user, "now": timezone.now()}
    return took(form, act.verb, **facts, **form.given)
