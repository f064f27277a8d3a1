"""The confirm page: is it put right? Only the customer can say so."""

from datetime import datetime

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from cases.models import Confirmation
from cases.refusals import Refused
from mail import blobs
from surveys import confirming, languages, pages, queries
from surveys.doors import customer_page
from surveys.forms import ConfirmForm, WordForm


@customer_page("GET", "HEAD", "POST", halfway=True)
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show what was asked and done; take yes, or not yet with words and files."""
    now = timezone.now()
    confirmation = pages.opened(request, purpose="confirm", token=token, now=now)
    if confirmation is None:
        return pages.unknown(request, purpose="confirm", token=token)
    if request.method != "POST" or languages.asked_for(request):
        return show(request, token, confirmation, now)
    form = ConfirmForm(request.POST, request.FILES)
    if form.is_valid() and _taken(form, confirmation, now):
        return redirect("surveys:confirm", token=token)
    return show(request, token, confirmation, now, form=form)


def show(request: HttpRequest, token: str, confirmation: Confirmation, now: datetime, **refused: Form) -> HttpResponse:
    """Render the page; what was refused stands there with its reason, what else was typed as it was."""
    forms = {"form": ConfirmForm.of(request.POST), "word_form": WordForm.of(request.POST), **refused}
    shown = {**queries.confirm_page(confirmation, now), **forms}
    status = 422 if refused else 200
    return pages.show(request, "surveys/confirm.html", shown, purpose="confirm", token=token, status=status)


def _taken(form: ConfirmForm, confirmation: Confirmation, now: datetime) -> bool:
    """Take the answer; False with the refusal in the form where it is not taken."""
    said = form.cleaned_data
    try:
        files = [(blobs.shown_name(upload.name), blobs.store(upload=upload, now=now)) for upload in said["files"]]
        yes = said["answer"] == ConfirmForm.YES
        confirming.answer(confirmation=confirmation, yes=yes, text=said["text"], files=files, now=now)
    except Refused as refused:
        form.add_error(refused.field or None, refused.message)
    return not form.errors
