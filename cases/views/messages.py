"""One message as it reached us: its words, its page in a frame, its files, its bytes; and what it says."""

from django.contrib import messages as flash
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from cases import mail_access
from cases.enums import Side
from cases.forms.messages import MarkForm
from cases.models import Case, Due, Entry
from cases.queries import messages as query
from cases.steps import marking
from cases.views.doors import back, case_to_work, took
from mail import blobs
from mail.inbound import showing
from mail.models import Inbound

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:{elsewhere}; frame-ancestors 'self'; base-uri 'none'; "
    "form-action 'none'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
ELSEWHERE = " https: http:"


@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one message: what they wrote, the quotation folded, what hangs on it, and where it went."""
    inbound = mail_access.message_for(request.user, pk)
    shown = query.shown(inbound, request.user, pictures="pictures" in request.GET)
    return render(request, "cases/message.html", {**shown, "nav": "cases", "now": timezone.now()})


@require_safe
@xframe_options_sameorigin
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show their HTML alone, cleaned, for the sandboxed frame; pictures from elsewhere only with `?pictures`."""
    inbound = mail_access.message_for(request.user, pk)
    if not showing.may_clean(inbound.html):
        raise Http404
    remote = "pictures" in request.GET
    pictures = showing.pictures_of(inbound.attachments.select_related("blob"))
    answer = HttpResponse(showing.page_of(inbound.html, pictures, remote=remote).html)
    answer["Content-Security-Policy"] = POLICY.format(elsewhere=ELSEWHERE if remote else "")
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@require_safe
def raw(request: HttpRequest, pk: int) -> FileResponse:
    """Give back the message as it came, byte for byte."""
    inbound = mail_access.message_for(request.user, pk)
    return blobs.attachment_response(inbound.raw, f"message-{inbound.pk}.eml")


@require_safe
def attachment(request: HttpRequest, pk: int, place: int) -> FileResponse:
    """Give back one file that hangs on a message."""
    inbound = mail_access.message_for(request.user, pk)
    row = get_object_or_404(inbound.attachments.select_related("blob"), place=place, blob__isnull=False)
    return blobs.attachment_response(row.blob, row.name)


@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """Show a message of theirs that waits for a mark, or say what it means."""
    case = case_to_work(request, pk)
    theirs = Entry.objects.filter(case=case, side=Side.THEIRS).select_related("words", "contact", "inbound")
    row = get_object_or_404(theirs, pk=entry)
    form = MarkForm(request.POST or None, choices=marking.choices(case), action=request.path)
    if request.method == "POST" and form.is_valid() and _marked(request, case, row, form):
        return back(request, case, place="timeline")
    return _mark_page(request, case, row, form)


def _marked(request: HttpRequest, case: Case, entry: Entry, form: MarkForm) -> bool:
    about = {"case": case, "entry": entry, "actor": request.user, "now": timezone.now()}
    done = took(form, marking.mark, what=form.cleaned_data["what"], text=form.cleaned_data["text"], **about)
    if done:
        flash.success(request, "Thank you. The case shows how you read it.")
    return done


def _mark_page(request: HttpRequest, case: Case, entry: Entry, form: MarkForm) -> HttpResponse:
    inbound: Inbound | None = entry.inbound
    due = Due.objects.filter(case=case, kind="mark", ref=entry.pk).order_by("-id").first()
    shown = {"case": case, "entry": entry, "inbound": inbound, "form": form, "due": due}
    waits = due is not None and due.closed_at is None
    status = 422 if form.is_bound else 200
    return render(
        request, "cases/mark.html", {**shown, "waits": waits, "nav": "cases", "now": timezone.now()}, status=status
    )
