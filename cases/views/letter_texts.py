"""Administration: texts to begin letters with, looked at and sent to oneself before customers get them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access, drafts
from accounts.models import Role
from cases import letter_texts
from cases.forms.letter_text import LetterTextForm
from cases.models import LetterText
from cases.views.doors import took
from mail import rendering
from mail.framing import framed

DRAFT = "letter-text"


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """List the texts, those of a step together; retired ones last."""
    access.only_readers_of_rules(request.user)
    rows = list(LetterText.objects.order_by("retired", "step", "language", "name"))
    shown = {"offered": [row for row in rows if not row.retired], "retired": [row for row in rows if row.retired]}
    return _page(request, "manage_letter_texts", **shown)


@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Write a new text or change one: look at it, have it sent to oneself, save it, each by its button."""
    access.only_readers_of_rules(request.user)
    row = get_object_or_404(LetterText, pk=pk) if pk else None
    form = _form(request, row)
    if request.method != "POST":
        return _one(request, row, form)
    access.only_administrators(request.user)
    act = request.POST.get("act")
    if not form.is_valid():
        return _one(request, row, form, status=422)
    if act in ("look", "test"):
        return _tried(request, row, form, act)
    if not _saved(request, row, form):
        return _one(request, row, form, status=422, theirs=_overtaken_by(row, form))
    drafts.drop(user=request.user, key=DRAFT)
    messages.success(request, "Saved. It is offered from now on.")
    return redirect("cases:letter_texts")


@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer a text no longer, or again."""
    access.only_administrators(request.user)
    row = get_object_or_404(LetterText, pk=pk)
    retired = request.POST.get("act") == "retire"
    letter_texts.retire(text=row, actor=request.user, retired=retired, now=timezone.now())
    return redirect("cases:letter_texts")


@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """Show the text last looked at, filled in with an invented case, for the frame beside its form."""
    access.only_administrators(request.user)
    kept = drafts.draft_of(request.user, DRAFT)
    words = {name: str(kept.get(name) or "…") for name in ("subject", "body")}
    facts = letter_texts.sample_letter(user=request.user, **words)
    return framed(rendering.render(template="personal", facts=facts, language=str(kept.get("language", "en"))).html)


def _form(request: HttpRequest, row: LetterText | None) -> LetterTextForm:
    initial = {name: getattr(row, name) for name in (*letter_texts.FIELDS, "rev")} if row else {}
    return LetterTextForm(request.POST or None, action=request.path, initial=initial)


def _tried(request: HttpRequest, row: LetterText | None, form: LetterTextForm, act: str) -> HttpResponse:
    given, now = form.cleaned_data, timezone.now()
    words = {name: given[name] for name in ("subject", "body", "language")}
    drafts.keep(user=request.user, key=DRAFT, body=words, now=now)
    if act == "test":
        letter_texts.send_test(actor=request.user, now=now, **words)
        messages.success(request, f"A test letter to {request.user.email} leaves within a minute.")
    return _one(request, row, form, looked=True)


def _saved(request: HttpRequest, row: LetterText | None, form: LetterTextForm) -> bool:
    given = {name: form.cleaned_data[name] for name in letter_texts.FIELDS}
    about = {"actor": request.user, "now": timezone.now(), **given}
    if row is None:
        return took(form, letter_texts.add, **about)
    return took(form, letter_texts.change, text=row, rev=form.cleaned_data["rev"] or 0, **about)


def _overtaken_by(row: LetterText | None, form: LetterTextForm) -> LetterText | None:
    """Return what somebody else saved meanwhile; the next press then saves ours over it, knowing it."""
    theirs = LetterText.objects.filter(pk=row.pk).exclude(rev=form.cleaned_data["rev"] or 0).first() if row else None
    if theirs is not None:
        form.data = form.data.copy()
        form.data["rev"] = theirs.rev
    return theirs


def _one(
    request: HttpRequest, row: LetterText | None, form: LetterTextForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    shown = {"text": row, "form": form, "places": letter_texts.PLACES}
    return _page(request, "manage_letter_text", status=status, **shown, **more)


def _page(request: HttpRequest, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    shown = {**context, "may_change": request.user.has_role(Role.ADMIN), "nav": "", "now": timezone.now()}
    return render(request, f"cases/{name}.html", shown, status=status)
