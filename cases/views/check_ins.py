"""A check-in: what they said, or the letter that asks them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import drafts
from cases import check_ins, letter_acts, outgoing
from cases.check_ins import Said, Talk
from cases.enums import CheckInState, EntryKind
from cases.forms.promises import CheckInForm
from cases.letter_kinds import LetterAct
from cases.models import Case, CheckIn, Contact, Outgoing
from cases.queries.case_page import draft_key
from cases.refusals import Refused
from cases.views import letter_desk
from cases.views.doors import back, case_to_work, took
from mail.framing import framed


@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest, pk: int, check: int) -> HttpResponse:
    """Show the check-in with its form, or write down what they said."""
    case, row = _open(request, pk, check)
    key = draft_key(case, f"check-in-{row.pk}")
    people = Contact.objects.filter(customer=case.customer_id, erased_at=None)
    initial = {"contact": case.confirmer_id, **drafts.draft_of(request.user, key)}
    form = CheckInForm(request.POST or None, contacts=people, action=request.path, draft=key, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        talk = Talk(EntryKind(given["means"]), given["contact"], given["at"], given["minutes"])
        said = Said(given["good"], given["trust"], given["text"])
        about = {"check": row, "actor": request.user, "talk": talk, "said": said, "now": timezone.now()}
        if took(form, check_ins.check_in, **about):
            drafts.drop(user=request.user, key=key)
            return back(request, case, place="trust")
    return _page(request, case, row, form)


@require_POST
def ask(request: HttpRequest, pk: int, check: int) -> HttpResponse:
    """Send the letter off that asks whether it holds, to who confirmed; until it leaves it can be taken back."""
    case, row = _open(request, pk, check)
    now = timezone.now()
    about = {"case": case, "actor": request.user, "leaves_at": now + outgoing.UNDO, "now": now}
    try:
        letter_acts.send_off(act=LetterAct.CHECK_IN, given=_asking(case, row), **about)
    except Refused as refused:
        messages.warning(request, refused.message)
    return redirect("cases:check_in", pk=pk, check=check)


@require_safe
def letter(request: HttpRequest, pk: int, check: int) -> HttpResponse:
    """Show the letter that would ask them, for a frame. Leaves nothing behind."""
    case, row = _open(request, pk, check)
    about = {"act": LetterAct.CHECK_IN, "case": case, "actor": request.user, "now": timezone.now()}
    try:
        return framed(letter_acts.rehearse(given=_asking(case, row), **about).html)
    except Refused as refused:
        return framed(format_html("<p>{}</p>", refused.message))


def _asking(case: Case, row: CheckIn) -> dict[str, Any]:
    return {"check": row, "contact": case.confirmer}


def _open(request: HttpRequest, pk: int, check: int) -> tuple[Case, CheckIn]:
    case = case_to_work(request, pk)
    return case, get_object_or_404(CheckIn.objects.select_related("message", "words"), pk=check, case=case)


def _page(request: HttpRequest, case: Case, row: CheckIn, form: CheckInForm) -> HttpResponse:
    shown = {"case": case, "check": row, "form": form, "is_open": row.state == CheckInState.PENDING}
    waiting = Outgoing.objects.filter(case=case, act=LetterAct.CHECK_IN).select_related("author", "contact")
    shown["leaving"] = [letter_desk.waiting(one) for one in waiting if one.meant["check"]["pk"] == row.pk]
    shown["page"] = {"user": request.user, "rights": {"work": True}}
    status = 422 if form.is_bound else 200
    return render(request, "cases/check_in.html", {**shown, "nav": "cases", "now": timezone.now()}, status=status)
