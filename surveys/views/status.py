"""The status page: where it stands, what was promised and whether it was kept, a word or a file of theirs."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases import check_ins, promise_moves
from cases.check_ins import Said
from cases.models import CheckIn
from cases.refusals import Refused
from mail import blobs
from surveys import adding, limits, pages, returning, standing
from surveys.access import Following
from surveys.doors import customer_page
from surveys.forms import BackForm, HoldsForm, NotSoForm, TrustForm, WordForm

Act = Callable[[Following, dict[str, Any], datetime], object]


@customer_page("GET", "HEAD", "POST", halfway=True)
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show where the case stands. Nothing changes by looking."""
    now = timezone.now()
    following = pages.opened(request, purpose="status", token=token, now=now)
    if following is None:
        return pages.unknown(request, purpose="status", token=token)
    return show(request, token, following, now)


@customer_page("POST")
def add_word(request: HttpRequest, token: str) -> HttpResponse:
    """Take a word or files of theirs onto the case."""

    def add(following: Following, said: dict[str, Any], now: datetime) -> None:
        files = [(blobs.shown_name(one.name), blobs.store(upload=one, now=now)) for one in said["files"]]
        adding.add(case=following.case, contact=following.contact, text=said["text"], files=files, now=now)

    return _act(request, token, WordForm(request.POST, request.FILES), add, gettext_noop("Thank you. It is with us."))


@customer_page("POST")
def not_so(request: HttpRequest, token: str, promise: int) -> HttpResponse:
    """Take their "not so" about a promise marked as kept."""

    def dispute(following: Following, said: dict[str, Any], now: datetime) -> None:
        row = standing.promise_of(following.case, promise)
        if row is None:
            raise Http404
        promise_moves.dispute(promise=row, contact=following.contact, text=said["text"], now=now)

    form = NotSoForm(request.POST, promise=promise)
    return _act(request, token, form, dispute, gettext_noop("Thank you for telling us. The team lead looks into it."))


@customer_page("POST")
def holds(request: HttpRequest, token: str, check: int) -> HttpResponse:
    """Take their answer to a check-in: does it hold, and how far they trust it."""

    def answer(following: Following, said: dict[str, Any], now: datetime) -> None:
        row = get_object_or_404(CheckIn, pk=check, case=following.case, message__isnull=False)
        given = Said(said["holds"] == "yes", said["trust"], said["text"])
        check_ins.answer(check=row, contact=following.contact, said=given, now=now)

    return _act(request, token, HoldsForm(request.POST), answer, gettext_noop("Thank you. We have your answer."))


@customer_page("POST")
def trust(request: HttpRequest, token: str) -> HttpResponse:
    """Take their mark of trust that it will not happen again."""

    def mark(following: Following, said: dict[str, Any], now: datetime) -> None:
        standing.check_trust_asked(following.case)
        about = {"trust": said["trust"], "text": said["text"], "now": now}
        check_ins.mark_trust(case=following.case, contact=following.contact, **about)

    return _act(request, token, TrustForm(request.POST), mark, gettext_noop("Thank you. We have your answer."))


@customer_page("POST")
def came_back(request: HttpRequest, token: str) -> HttpResponse:
    """Take their word that it came back, and open the case again."""

    def back(following: Following, said: dict[str, Any], now: datetime) -> None:
        returning.came_back(case=following.case, contact=following.contact, text=said["text"], now=now)

    thanks = gettext_noop("Thank you for telling us. It is open again, and your account manager knows.")
    return _act(request, token, BackForm(request.POST), back, thanks)


def _act(request: HttpRequest, token: str, form: Form, act: Act, thanks: str) -> HttpResponse:
    """Do what was sent and lead back to the page; refused, it comes back with what was typed and why.

    `thanks` is said in their language, which is known once the link is opened.
    """
    now = timezone.now()
    following = pages.opened(request, purpose="status", token=token, now=now)
    if following is None:
        return pages.unknown(request, purpose="status", token=token)
    if not limits.allows("word", token, most=limits.WORDS, seconds=limits.WISHES_FOR_S):
        form.add_error(None, _("That was a lot at once. Please wait an hour, or ask us to call you."))
    if form.is_valid() and _took(form, act, following, now):
        messages.success(request, _(thanks))
        return redirect("surveys:status", token=token)
    return show(request, token, following, now, **{form.name: form})


def _took(form: Form, act: Act, following: Following, now: datetime) -> bool:
    try:
        act(following, form.cleaned_data, now)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    return not form.errors


def show(request: HttpRequest, token: str, following: Following, now: datetime, **refused: Form) -> HttpResponse:
    """Render the page; what was refused stands there with its reason, what else was typed as it was."""
    shown = standing.status_page(following, now)
    forms = {kind.name: kind.of(request.POST) for kind in (WordForm, HoldsForm, TrustForm, BackForm)} | refused
    not_so = [form for name, form in refused.items() if name == NotSoForm.name]
    for promise in shown["promises"]:
        mine = [form for form in not_so if form.promise == promise.pk]
        promise.not_so = mine[0] if mine else NotSoForm.of(request.POST, promise=promise.pk)
    shown |= {**forms, "form": next(iter(refused.values()), None)}
    status = 422 if refused else 200
    return pages.show(request, "surveys/status.html", shown, purpose="status", token=token, status=status)
