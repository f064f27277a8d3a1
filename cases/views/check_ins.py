"""A check-in: what they said, or the letter that asks them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import drafts
from cases import check_ins
from cases.check_ins import Said, Talk
from cases.enums import CheckInState, EntryKind
from cases.forms.promises import CheckInForm
from cases.models import Case, CheckIn, Contact
from cases.queries.case_page import draft_key
from cases.refusals import Refused
from cases.views.doors import back, case_to_work, took


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
    """Send the letter that asks whether it holds, to who confirmed."""
    case, row = _open(request, pk, check)
    try:
        check_ins.ask(check=row, actor=request.user, contact=case.confirmer, now=timezone.now())
    except Refused as refused:
        messages.warning(request, refused.message)
        return back(request, case, place="trust")
    messages.success(request, "The letter is on its way. They answer on their own page.")
    return back(request, case, place="trust")


def _open(request: HttpRequest, pk: int, check: int) -> tuple[Case, CheckIn]:
    case = case_to_work(request, pk)
    return case, get_object_or_404(CheckIn.objects.select_related("message", "words"), pk=check, case=case)


def _page(request: HttpRequest, case: Case, row: CheckIn, form: CheckInForm) -> HttpResponse:
    shown = {"case": case, "check": row, "form": form, "is_open": row.state == CheckInState.PENDING}
    status = 422 if form.is_bound else 200
    return render(request, "cases/check_in.html", {**shown, "nav": "cases", "now": timezone.now()}, status=status)
