"""The confirm page: is it put right? Only the customer can say so."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from cases.models import Confirmation
from cases.refusals import Refused
from mail import blobs
from surveys import confirming, pages, queries
from surveys.doors import customer_page
from surveys.forms import ConfirmForm


@customer_page("GET", "HEAD", "POST")
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show what was asked and done; take yes, or not yet with words and files."""
    now = timezone.now()
    confirmation = pages.opened(request, purpose="confirm", token=token, now=now)
    if confirmation is None:
        return pages.unknown(request, purpose="confirm", token=token)
    form = ConfirmForm(request.POST, request.FILES) if request.method == "POST" else ConfirmForm()
    if form.is_bound and form.is_valid() and _taken(form, confirmation, now):
        return redirect("surveys:confirm", token=token)
    shown = {**queries.confirm_page(confirmation, now), "form": form}
    status = 422 if form.is_bound else 200
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
