"""On every customer page: call me, somebody else please, a word of their own, and a fresh link for an expired one."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.refusals import Refused
from mail import blobs
from surveys import adding, freshening, helping, limits, pages
from surveys.doors import customer_page
from surveys.forms import WishForm, WordForm
from surveys.views import confirm, status, survey

SHOW = {"confirm": confirm.show, "survey": survey.show, "status": status.show}


@customer_page("POST")
def wish(request: HttpRequest, token: str, purpose: str) -> HttpResponse:
    """Take a wish to speak to a person and lead back to the page, which says who calls and by when."""
    now = timezone.now()
    row = pages.opened(request, purpose=purpose, token=token, now=now)
    form = WishForm(request.POST)
    if row is None:
        return pages.unknown(request, purpose=purpose, token=token)
    if form.is_valid() and not limits.allows("wish", token, most=limits.WISHES, seconds=limits.WISHES_FOR_S):
        form.add_error(None, _("That was a lot at once. Please wait an hour, or answer any letter of ours."))
    if form.is_valid():
        helping.ask_for_a_person(case=row.case, contact=row.contact, now=now, **form.said)
        return redirect(f"surveys:{purpose}", token=token)
    return SHOW[purpose](request, token, row, now, wish_form=form)


@customer_page("POST")
def add_word(request: HttpRequest, token: str, purpose: str) -> HttpResponse:
    """Take a word or files they add beside the question of the page."""
    now = timezone.now()
    row = pages.opened(request, purpose=purpose, token=token, now=now)
    if row is None:
        return pages.unknown(request, purpose=purpose, token=token)
    form = WordForm(request.POST, request.FILES)
    if not limits.allows("word", token, most=limits.WORDS, seconds=limits.WISHES_FOR_S):
        form.add_error(None, _("That was a lot at once. Please wait an hour, or ask us to call you."))
    if form.is_valid() and _added(form, row, now):
        messages.success(request, _("Thank you. It is with us."))
        return redirect(f"surveys:{purpose}", token=token)
    return SHOW[purpose](request, token, row, now, word_form=form)


@customer_page("POST")
def fresh(request: HttpRequest, token: str, purpose: str) -> HttpResponse:
    """Send a fresh link where there is somebody to send it to; answer everybody alike."""
    if limits.allows("fresh", token, most=limits.FRESH, seconds=limits.FRESH_FOR_S):
        freshening.send_fresh(token=token, purpose=purpose, now=timezone.now())
    return pages.unknown(request, purpose=purpose, token=token, asked=True)


def _added(form: WordForm, row: pages.Opened, now: datetime) -> bool:
    """Add the word; False with the refusal in the form where it is not taken."""
    said = form.cleaned_data
    try:
        files = [(blobs.shown_name(one.name), blobs.store(upload=one, now=now)) for one in said["files"]]
        adding.add(case=row.case, contact=row.contact, text=said["text"], files=files, now=now)
    except Refused as refused:
        form.add_error(refused.field or None, refused.message)
    return not form.errors
