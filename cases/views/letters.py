"""Writing a letter from the case: begun with a text, looked at, sent off, taken back; and one that died sent again."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import drafts
from cases import access, files, letter_check, letter_texts, outgoing, redelivery
from cases.enums import EntryKind
from cases.forms.letter import MORNING, LetterForm
from cases.forms.record import files_field
from cases.letter_kinds import LetterAct
from cases.models import Case, CaseFile, LetterText, Outgoing
from cases.outgoing import Letter
from cases.queries import case_page, composer
from cases.queries.case_page import SELECT, draft_key, rights_of
from cases.refusals import Refused
from cases.views import answers, letter_desk
from cases.views.doors import SeeOther, back, case_to_work, took
from mail import blobs
from mail.framing import framed
from mail.models import Message


@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the composer; change the draft by one of its buttons; or send the letter off."""
    case = case_to_work(request, pk)
    if request.method != "POST":
        return answers.composer(request, pk, EntryKind.EMAIL)
    posted, uploads = _with_files(request, case)
    if posted.get("act") == "send":
        return _send(request, case, posted, uploads)
    return _change(request, case, posted, uploads)


def _send(request: HttpRequest, case: Case, posted: QueryDict, uploads: Any) -> HttpResponse:
    form = _form(request, case, data=posted, uploads=uploads)
    if not form.is_valid():
        return answers.shown_composer(request, case.pk, form, status=422)
    letter = _letter(case, form, letter_desk.typed_in(posted))
    found = letter_desk.findings(letter, request.user)
    if found and posted.get("seen") != letter_desk.mark_of(found, letter.text):
        return _pointed_out(request, case, posted, found)
    now = timezone.now()
    later = form.cleaned_data.get("leaves") == MORNING and letter.contact is not None
    at = outgoing.morning(case=case, contact=letter.contact, now=now) if later else now + outgoing.UNDO
    about = {"case": case, "actor": request.user, "letter": letter, "now": now}
    if not took(form, outgoing.send_off, leaves_at=at, **about):
        return answers.shown_composer(request, case.pk, form, status=422)
    drafts.drop(user=request.user, key=draft_key(case, "entry"))
    return answers.to_leaving(request, case.merged_into or case, now)


def _pointed_out(request: HttpRequest, case: Case, posted: QueryDict, found: list) -> HttpResponse:
    """Show the letter again with what to look at; the next click sends exactly this."""
    typed = letter_desk.typed_in(posted)
    form = _form(request, case, typed=typed)
    form.initial["seen"] = letter_desk.mark_of(found, typed.get("text", ""))
    form.findings = found
    return answers.shown_composer(request, case.pk, form)


def _letter(case: Case, form: LetterForm, typed: dict[str, Any]) -> Letter:
    given = form.cleaned_data
    return Letter(
        contact=letter_desk.contact_in(case, {"contact": given["contact"].pk}),
        subject=given["subject"],
        text=given["text"].replace("\r\n", "\n"),
        promise=given["promise"],
        promise_due_at=given["promise_due_at"],
        copies=letter_desk.copies_of(case, given.get("copies", []), given["others"]),
        files=letter_desk.files_of(case, given.get("enclosed", [])),
        answers=letter_desk.answered(form.desk) if given.get("quote") else None,
        typed=typed,
    )


def _change(request: HttpRequest, case: Case, posted: QueryDict, uploads: Any) -> HttpResponse:
    """Put a text in, take a sentence as the promise, or show what the letter will look like; keep the draft."""
    typed, act = letter_desk.typed_in(posted), posted.get("act")
    if uploads:
        return answers.shown_composer(request, case.pk, _form(request, case, data=posted, uploads=uploads), status=422)
    if act == "begin":
        _begin(case, typed, posted.get("begin", ""))
    elif posted.get("sentence"):
        typed["promise"] = posted["sentence"]
    drafts.keep(user=request.user, key=draft_key(case, "entry"), body=typed, now=timezone.now())
    form = _form(request, case, typed=typed)
    if act == "preview":
        letter = letter_desk.letter_in(case, typed, form.desk)
        form.looked, form.findings = letter_desk.looked_at(letter), letter_desk.findings(letter, request.user)
        form.initial["seen"] = letter_desk.mark_of(form.findings, letter.text)
    elif act == "sentences":
        form.sentences = letter_check.sentences(typed.get("text", ""))
    return answers.shown_composer(request, case.pk, form)


def _begin(case: Case, typed: dict[str, Any], key: str) -> None:
    """Fill a text in: below what is written already, and as the subject where none of their own stands there."""
    text = LetterText.objects.filter(pk=key, retired=False).first() if key.isdecimal() and len(key) < 19 else None
    contact = letter_desk.contact_in(case, typed)
    if text is None or contact is None:
        return
    places = letter_texts.facts_for(case=case, contact=contact, company=settings.COMPANY_NAME)
    written = str(typed.get("text", "")).strip()
    typed["text"] = "\n\n".join(filter(None, (written, letter_texts.filled(text.body, places))))
    if typed.get("subject", "") in ("", case.title):
        typed["subject"] = letter_texts.filled(text.subject, places)


@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the draft as the customer would see it, for the frame under the composer."""
    case = case_to_work(request, pk)
    draft = drafts.draft_of(request.user, draft_key(case, "entry"))
    letter = letter_desk.letter_in(case, draft, composer.desk(case))
    return framed(letter_desk.as_seen(case, request.user, letter))


@require_POST
def leaving(request: HttpRequest, pk: int, outgoing_pk: int) -> HttpResponse:
    """Take a letter back into its form before it sets out, or let it set out now: its writer, or who works the case."""
    case = access.case_for(request.user, pk, select=SELECT)
    row = Outgoing.objects.filter(pk=outgoing_pk, case=case).first() or Outgoing(pk=outgoing_pk, case=case)
    if not (rights_of(request.user, case).work or row.author_id == request.user.pk):
        raise PermissionDenied
    back_again, now = request.POST.get("act") == "back", timezone.now()
    try:
        if back_again:
            outgoing.take_back(outgoing=row, actor=request.user, key=draft_key(case, "entry"), now=now)
        else:
            outgoing.hurry(outgoing=row, now=now)
    except Refused as refused:
        messages.warning(request, refused.message)
        return _home(request, case, row) or back(request, case, tab="timeline", place="composer")
    return _home(request, case, row) or _beside(request, case, back_again, now)


def _beside(request: HttpRequest, case: Case, back_again: bool, now: datetime) -> HttpResponse:
    return answers.to_composer(request, case) if back_again else answers.to_leaving(request, case, now)


def _home(request: HttpRequest, case: Case, row: Outgoing) -> HttpResponse | None:
    """Lead back to where an act that waits with its letter was asked for; None for a letter that is only a letter."""
    step = request.POST.get("step", "0")
    if row.act == LetterAct.INCIDENT:
        return redirect("cases:cause_tell", pk=row.meant["cause"]["pk"])
    if row.act == LetterAct.CHECK_IN:
        return redirect("cases:check_in", pk=case.pk, check=row.meant["check"]["pk"])
    step = str(LetterAct(row.act).step) if row.act else step
    return SeeOther(f"{case.get_absolute_url()}?step={step}#step") if step in set("123456789") else None


@require_POST
def again(request: HttpRequest, pk: int, message: int) -> HttpResponse:
    """Send a dead letter again, or let it lie."""
    case = case_to_work(request, pk)
    row = get_object_or_404(Message, pk=message, thread=case.thread_id, thread__isnull=False, to_staff=False)
    verb = redelivery.let_lie if request.POST.get("act") == "let_lie" else redelivery.send_again
    try:
        verb(case=case, message=row, actor=request.user, now=timezone.now())
        messages.success(request, redelivery.SAID[verb.__name__])
    except Refused as refused:
        messages.warning(request, refused.message)
    return back(request, case, tab="timeline", place="tab")


def _form(request: HttpRequest, case: Case, *, data: QueryDict | None = None, uploads=None, typed=None) -> LetterForm:
    known = typed if typed is not None else letter_desk.typed_in(data)
    return letter_desk.letter_form(
        case=case,
        people=case_page.people_of(case),
        contact=letter_desk.contact_in(case, known),
        desk=composer.desk(case),
        action=reverse("cases:letter", kwargs={"pk": case.pk}),
        now=timezone.now(),
        typed=typed,
        data=data,
        uploads=uploads,
    )


def _with_files(request: HttpRequest, case: Case) -> tuple[QueryDict, Any]:
    """Put new files on the case and tick them, so that they outlive whatever becomes of the form.

    Return what was posted, and the uploads that are refused: the form says why.
    """
    posted, chosen = request.POST.copy(), request.FILES.getlist("files")
    if not chosen:
        return posted, MultiValueDict()
    try:
        uploads = files_field().clean(chosen)
    except ValidationError:
        return posted, request.FILES
    now = timezone.now()
    stored = [(blobs.shown_name(one.name), blobs.store(upload=one, now=now)) for one in uploads]
    files.add_files(case=case, actor=request.user, files=stored, now=now)
    ticked = CaseFile.objects.filter(case=case, blob__in=[blob for _, blob in stored]).values_list("pk", flat=True)
    posted.setlist("enclosed", list(dict.fromkeys([*posted.getlist("enclosed"), *map(str, ticked)])))
    return posted, MultiValueDict()
