"""What is done on the council's pages: decide, take back, answer, see."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.text import clean
from cases import access
from cases.models import Escalation
from cases.refusals import Refused
from council import asking, bench, gestures, seeing, together, undoing
from council.forms import AnswerForm, DecideForm
from council.models import Decision, DecisionKind, Question
from council.queries import docket
from council.queries.item import Item


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Show the form of one decision, and take it."""
    item = _item(request, pk)
    if isinstance(item, HttpResponse):
        return item
    if item.why_not:
        raise PermissionDenied(item.why_not)
    if kind not in item.kinds:
        raise Http404
    form = DecideForm(request.POST or None, item=item, kind=DecisionKind(kind))
    if request.method == "POST" and form.is_valid() and _taken(request, form):
        return _back(request)
    return _form(request, form)


def _item(request: HttpRequest, pk: int) -> Item | HttpResponse:
    """Return the entry, or the way back to the docket where it was decided in the meantime."""
    item = docket.one(request.user, bench.sitting(), pk, timezone.now())
    if item is not None:
        return item
    if docket.was_decided(request.user, pk):
        messages.info(request, "This has been decided in the meantime. The decision log says how.")
        return _back(request)
    raise Http404


def _taken(request: HttpRequest, form: DecideForm) -> bool:
    """Decide; False with the refusal at its field where a rule forbids it."""
    try:
        decision = together.decide(
            item=form.item, shown=form.shown, actor=request.user, kind=form.kind, facts=form.facts(), now=timezone.now()
        )
    except Refused as no:
        form.add_error(no.field if no.field in form.fields else None, no.message)
        return False
    if decision is None:
        messages.info(request, "Your approval is kept. A second member has to approve, because of what it costs.")
    elif form.kind == DecisionKind.SEND_BACK:
        messages.success(request, f"The question is with the owner of {form.item.case.number}.")
    else:
        messages.success(request, f"Decided: {form.kind.label.lower()}, {form.item.case.number}. It counts from now.")
    return True


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own decision back, and go to the docket where the case lies again."""
    decision = Decision.objects.filter(pk=pk, case__in=access.visible_to(request.user)).first()
    if decision is None:
        raise Http404
    act = partial(undoing.undo, decision=decision, actor=request.user, now=timezone.now())
    return _taken_back(request, act, "Taken back. The case lies here as before, and no letter has left.")


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own approval of a gesture back, before a second member's, and go to the docket."""
    entry = Escalation.objects.filter(pk=pk, case__in=access.visible_to(request.user)).first()
    if entry is None:
        raise Http404
    act = partial(gestures.withdraw_approval, entry=entry, actor=request.user, now=timezone.now())
    return _taken_back(request, act, "Taken back. The gesture waits for a decision as before.")


def _taken_back(request: HttpRequest, act: Callable[[], object], said: str) -> HttpResponse:
    """Do what takes something back, say so or why not, and go to the docket."""
    try:
        act()
        messages.success(request, said)
    except Refused as no:
        messages.error(request, no.message)
    return redirect("council:docket")


def _form(request: HttpRequest, form: DecideForm) -> HttpResponse:
    name = "council/_decide.html" if request.htmx else "council/decide.html"
    shown = {
        "form": form,
        "item": form.item,
        "kind": form.kind,
        "home_currency": settings.HOME_CURRENCY,
        "nav": "council",
        "now": timezone.now(),
    }
    return render(request, name, shown, status=422 if form.is_bound else 200)


def _back(request: HttpRequest) -> HttpResponse:
    answer = redirect("council:docket")
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": answer.url})
    return answer


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a question of the council and go back to the case."""
    question = Question.objects.select_related("decision__words", "decision__author").filter(pk=pk).first()
    if question is None:
        raise Http404
    case = access.case_for(request.user, question.decision.case_id, select=("customer", "owner"))
    form = AnswerForm(request.POST, question=question)
    if form.is_valid():
        try:
            asking.answer(question=question, actor=request.user, text=form.cleaned_data["text"], now=timezone.now())
        except Refused as no:
            form.add_error(no.field or None, no.message)
    if not form.errors:
        messages.success(request, "The council has your answer. Its clock runs again.")
        return redirect(case)
    shown = {"form": form, "question": question, "case": case, "nav": "cases", "now": timezone.now()}
    return render(request, "council/answer.html", shown, status=422)


@require_POST
def see(request: HttpRequest) -> HttpResponse:
    """Mark the ticked cases as seen."""
    given = request.POST.getlist("case")
    numbers = {int(number) for number in given if number.isascii() and number.isdigit() and len(number) < 19}
    cases = list(access.visible_to(request.user).filter(pk__in=list(numbers)[:200]))
    try:
        note = clean(request.POST.get("note", ""))[:2000]
        seen = seeing.see(cases=cases, actor=request.user, now=timezone.now(), note=note)
    except Refused as no:
        messages.error(request, no.message)
        return redirect("council:docket")
    own = sum(case.owner_id == request.user.pk for case in cases)
    messages.success(request, f"{len(seen)} seen." + (" Your own are left to another member." if own else ""))
    return redirect("council:docket")
