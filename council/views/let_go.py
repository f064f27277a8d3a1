"""The pages of the last option: the form that shows what was tried, and the vote."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import drafts
from cases import access
from cases.models import Case
from cases.refusals import Refused
from cases.views import letter_desk
from cases.views.doors import took
from council import let_go_form as forms
from council.letgo import filing, trials, voting
from council.models import Ballot, BallotState
from mail.rendering import render as render_letter


@require_http_methods(["GET", "HEAD", "POST"])
def let_go(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was tried and the form; read the letter; put the question to the vote."""
    case = access.case_for(request.user, pk, select=("customer", "owner", "confirmer"))
    why_not = filing.why_not(case, request.user)
    if why_not:
        raise PermissionDenied(why_not)
    form = _form(request, case)
    if request.method != "POST" or not form.is_valid():
        return _let_go(request, case, form)
    if "file" in request.POST and _filed(request, case, form):
        return redirect("council:ballot", pk=form.ballot.pk)
    return _let_go(request, case, form)


@require_http_methods(["GET", "HEAD", "POST"])
def ballot(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a vote with all that was said for it, and take the vote of a member."""
    found = _ballot(request, pk)
    mine = found.votes.filter(user=request.user).select_related("words").first()
    form = forms.VoteForm(request.POST or None, initial=forms.vote_of(mine), action=request.path)
    if request.method == "POST" and form.is_valid():
        facts = {"ballot": found, "actor": request.user, "now": timezone.now()}
        if took(form, voting.vote, **facts, **form.cleaned_data):
            messages.success(request, "Your vote is kept. You can change it until the vote closes.")
            return redirect("council:ballot", pk=pk)
    return _page(request, found, form)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own vote back while it is open, and show the vote again."""
    found = _ballot(request, pk)
    try:
        voting.withdraw(ballot=found, actor=request.user, now=timezone.now())
        messages.success(request, "Your vote is taken back. A seat that has not voted means keep.")
    except Refused as no:
        messages.warning(request, no.message)
    return redirect("council:ballot", pk=pk)


def _form(request: HttpRequest, case: Case) -> forms.LetGoForm:
    key = f"let-go-{case.pk}"
    others = filing.other_cases(case, request.user)
    initial = {**forms.first_values(case), **drafts.draft_of(request.user, key)}
    return forms.LetGoForm(
        request.POST or None, case=case, others=others, initial=initial, action=request.path, draft=key
    )


def _filed(request: HttpRequest, case: Case, form: forms.LetGoForm) -> bool:
    """Open the vote on the letter as it was read; False with the refusal at its field."""
    if form.cleaned_data["seen"] != form.mark:
        form.add_error(
            "letter", "The letter has changed since you read it. Read it once more, then put it to the vote."
        )
        return False

    def file(**facts) -> None:
        form.ballot = filing.file(**facts)

    if not took(form, file, case=case, actor=request.user, filing=form.filing(), now=timezone.now()):
        return False
    drafts.drop(user=request.user, key=form.draft)
    messages.success(request, "The vote is open for five working days. Every member without a conflict is asked.")
    return True


def _let_go(request: HttpRequest, case: Case, form: forms.LetGoForm) -> HttpResponse:
    tried = trials.trials_of(case)
    letter = _letter(case, form) if form.is_read else None
    if letter:
        form.data = {**form.data.dict(), "seen": form.mark}
    shown = {
        "form": form,
        "trials": tried,
        "closed": bool(tried.missing) and not case.sensitive,
        "promises": forms.open_promises(case, request.user),
        "letter": letter,
        "findings": letter_desk.found_in(form.text, "", request.user) if letter else [],
        **_about(case),
    }
    return render(request, "council/let_go.html", shown, status=422 if form.errors else 200)


def _letter(case: Case, form: forms.LetGoForm) -> Any:
    owner = case.owner
    facts = {"number": case.number, "name": case.confirmer.name if case.confirmer else "…", "body": form.text}
    facts |= {"owner": owner.name, "owner_title": owner.title, "owner_phone": owner.phone} if owner else {"owner": ""}
    return render_letter(template="farewell", facts=facts)


def _ballot(request: HttpRequest, pk: int) -> Ballot:
    rows = Ballot.objects.filter(form__case__in=access.visible_to(request.user))
    people = ("form__filed_by", "form__words", "form__drain_morale", "form__letter", "escalation")
    found = rows.select_related("form__case__customer", "form__case__owner", *people).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, found: Ballot, form: forms.VoteForm) -> HttpResponse:
    case, is_open = found.form.case, found.state == BallotState.OPEN
    votes = {vote.user_id: vote for vote in found.votes.select_related("words")}
    shown = {
        "ballot": found,
        "form": form,
        "mine": votes.get(request.user.pk),
        "why_not": "This vote is closed." if not is_open else voting.why_not(found, request.user),
        "seats": [(seat.user, votes.get(seat.user_id)) for seat in found.seats.select_related("user")],
        "others": found.form.others.filter(case__in=access.visible_to(request.user)).select_related("case"),
        "trials": trials.trials_of(case),
        "promises": forms.open_promises(case, request.user),
        **_about(case),
    }
    return render(request, "council/ballot.html", shown, status=422 if form.errors else 200)


def _about(case: Case) -> dict[str, Any]:
    return {"case": case, "nav": "council", "now": timezone.now()}
