"""The letter of a step's act: looked at, pointed out what it lacks, sent off; the act waits with it (decision 0014)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts import drafts
from cases import files, letter_acts, outgoing
from cases.forms.steps.leaving import LetterStep
from cases.models import CaseFile, Contact
from cases.refusals import Refused
from cases.views import letter_desk
from cases.views.case import show
from cases.views.doors import SeeOther
from cases.views.step_acts import SENT_OFF
from mail import blobs, rendering
from mail.framing import framed

NOT_TYPED = {"csrfmiddlewaretoken", "act", "row", "look", "seen", "files"}

CANNOT = "<p>This letter cannot leave like this. Look at its form once more.</p>"


def answer(request: HttpRequest, form: LetterStep) -> HttpResponse:
    """Show a valid form's letter, point out what it lacks, or send it off and lead back to the step."""
    now = timezone.now()
    _put_on_case(request, form, now)
    looking = "look" in request.POST
    found = findings(request, form)
    if found and not looking and request.POST.get("seen") != letter_desk.mark_of(found, form.cleaned_data["text"]):
        refused = not _tried(form, lambda: _rehearsed(form, request.user, now))
        return _shown(request, form, () if refused else found, status=422 if refused else 200)
    if looking:
        return _look(request, form, found, now)
    if not _tried(form, lambda: _send_off(request, form, now)):
        return _shown(request, form, (), status=422)
    drafts.drop(user=request.user, key=form.draft_key)
    messages.success(request, SENT_OFF)
    return SeeOther(f"{form.case.get_absolute_url()}?step={form.number.value}#step")


def findings(request: HttpRequest, form: LetterStep) -> list:
    """Return what to look at again in words of ours."""
    if not form.checked:
        return []
    given = form.cleaned_data
    return letter_desk.found_in(given["text"], given.get("promise", ""), request.user)


def framed_letter(request: HttpRequest, form: LetterStep) -> HttpResponse:
    """Return the letter of the kept draft of this form as the customer would get it. Leaves nothing behind."""
    draft = drafts.draft_of(request.user, form.draft_key) | {"act": form.name}
    filled = type(form)(draft, case=form.case, number=form.number)
    try:
        letter = _rehearsed(filled, request.user, timezone.now()) if filled.is_valid() else None
    except Refused:
        letter = None
    return framed(letter.html if letter else CANNOT)


def _look(request: HttpRequest, form: LetterStep, found: list, now: datetime) -> HttpResponse:
    """Keep what was typed, and show head and frame of the letter; the frame reads what was kept."""
    seen: list[rendering.Letter] = []
    if not _tried(form, lambda: seen.append(_rehearsed(form, request.user, now))):
        return _shown(request, form, (), status=422)
    drafts.keep(user=request.user, key=form.draft_key, body=_typed(form), now=now)
    reader = _reader(form)
    form.looked = letter_desk.Looked(reader.name if reader else "they", seen[0].subject, [], [])
    return _shown(request, form, found)


def _shown(request: HttpRequest, form: LetterStep, found: Any, *, status: int = 200) -> HttpResponse:
    """Show the form again as it was sent; the next click sends exactly what was pointed out."""
    form.findings = found
    form.data = form.data.copy()
    form.data["seen"] = letter_desk.mark_of(found, form.cleaned_data.get("text", "")) if found else ""
    return show(request, form.case.pk, step=form.number.value, bound={form.key: form}, status=status)


def _tried(form: LetterStep, act: Callable[[], Any]) -> bool:
    try:
        act()
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return False
    return True


def _send_off(request: HttpRequest, form: LetterStep, now: datetime) -> None:
    contact = _reader(form)
    later = form.in_the_morning and contact is not None
    at = outgoing.morning(case=form.case, contact=contact, now=now) if later else now + outgoing.UNDO
    kept = {"typed": _typed(form), "draft": form.draft_key, "contact": contact}
    about = {"case": form.case, "actor": request.user, "leaves_at": at, "now": now}
    letter_acts.send_off(act=form.letter, given=form.given, **about, **kept)


def _rehearsed(form: LetterStep, actor: Any, now: datetime) -> rendering.Letter:
    at = now + outgoing.UNDO
    return letter_acts.rehearse(act=form.letter, case=form.case, actor=actor, given=form.given, now=at)


def _reader(form: LetterStep) -> Contact | None:
    return form.cleaned_data.get("contact") or form.case.confirmer


def _typed(form: LetterStep) -> dict[str, Any]:
    return {name: form.data.get(name, "") for name in form.data if name not in NOT_TYPED}


def _put_on_case(request: HttpRequest, form: LetterStep, now: datetime) -> None:
    """Put a file that proves something on the case, so that it outlives whatever becomes of the form."""
    uploads = form.cleaned_data.get("files")
    if not uploads:
        return
    blob = blobs.store(upload=uploads[0], now=now)
    kept = {"case": form.case, "files": [(blobs.shown_name(uploads[0].name), blob)]}
    files.add_files(actor=request.user, now=now, **kept)
    form.data = form.data.copy()
    form.data["proof"] = CaseFile.objects.get(case=form.case, blob=blob).pk
    form.cleaned_data["proof"] = form.data["proof"]
    form.keep_proof()
