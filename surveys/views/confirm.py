"""The confirm page: is it put right? Only the customer can say so."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Confirmation
from cases.refusals import Refused
from mail import blobs
from surveys import adding, confirming, limits, pages, queries
from surveys.doors import customer_page
from surveys.forms import ConfirmForm, WordForm


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
    return _show(request, token, confirmation, now, form=form)


@customer_page("POST")
def add_word(request: HttpRequest, token: str) -> HttpResponse:
    """Take a word or files they add to their yes."""
    now = timezone.now()
    confirmation = pages.opened(request, purpose="confirm", token=token, now=now)
    if confirmation is None:
        return pages.unknown(request, purpose="confirm", token=token)
    form = WordForm(request.POST, request.FILES)
    if not limits.allows("word", token, most=limits.WORDS, seconds=limits.WISHES_FOR_S):
        form.add_error(None, _("That was a lot at once. Please wait an hour, or ask us to call you."))
    if form.is_valid() and _added(form, confirmation, now):
        messages.success(request, _("Thank you. It is with us."))
        return redirect("surveys:confirm", token=token)
    return _show(request, token, confirmation, now, word_form=form)


def _show(
    request: HttpRequest,
    token: str,
    confirmation: Confirmation,
    now: datetime,
    *,
    form: ConfirmForm | None = None,
    word_form: WordForm | None = None,
) -> HttpResponse:
    """Render the page; a form that was refused stands in the place of its fresh one."""
    forms = {"form": form or ConfirmForm(), "word_form": word_form or WordForm()}
    shown = {**queries.confirm_page(confirmation, now), **forms}
    status = 422 if any(one.is_bound for one in forms.values()) else 200
    return pages.show(request, "surveys/confirm.html", shown, purpose="confirm", token=token, status=status)


def _added(form: WordForm, confirmation: Confirmation, now: datetime) -> bool:
    """Add the word; False with the refusal in the form where it is not taken."""
    said = form.cleaned_data
    try:
        files = [(blobs.shown_name(one.name), blobs.store(upload=one, now=now)) for one in said["files"]]
        adding.add(case=confirmation.case, contact=confirmation.contact, text=said["text"], files=files, now=now)
    except Refused as refused:
        form.add_error(refused.field or None, refused.message)
    return not form.errors


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
