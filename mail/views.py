"""The letters as they look and how they fare, for administrators and auditors."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import admin_log
from mail import access, links, outbox
from mail.framing import framed
from mail.models import Message, MessageState
from mail.pages import page_of
from mail.rendering import Letter, letter_of, unwritable


@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """List the letters, newest first, filtered by `?state=`."""
    state = request.GET.get("state", "")
    rows = access.letters_for(request.user).defer("text", "html", "facts").prefetch_related("recipients")
    if state in MessageState.values:
        rows = rows.filter(state=state)
    page = page_of(rows, request.GET)
    shown = {
        "page": page,
        "state": state,
        "states": MessageState,
        "may_test": access.may_retry(request.user),
        "nav": "letters",
        "now": timezone.now(),
    }
    return render(request, "mail/letters.html", shown)


@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one letter: envelope, addresses, attempts, and what stands in it."""
    message = _letter(request, pk)
    readable = access.may_read(request.user, message)
    written, error = _written(message) if readable else (None, "")
    shown = {
        "letter": message,
        "readable": readable,
        "text": links.shown(written.text) if written else "",
        "has_html": bool(written and written.html),
        "subject": written.subject if written else "",
        "render_error": error,
        "may_retry": message.state == MessageState.DEAD and access.may_retry(request.user),
        "nav": "letters",
        "now": timezone.now(),
    }
    return render(request, "mail/letter.html", shown)


@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the HTML part alone, for the frame on the letter's page."""
    message = _letter(request, pk)
    if not access.may_read(request.user, message):
        raise PermissionDenied("The words of this letter are not shown here.")
    written, _ = _written(message)
    return framed(written.html if written else "")


@require_POST
@transaction.atomic
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue a dead letter again."""
    message = _letter(request, pk)
    if not access.may_retry(request.user):
        raise PermissionDenied("Letters are sent again by administrators.")
    now = timezone.now()
    if outbox.retry(message=message, now=now):
        admin_log.record(actor=request.user, kind="letter_retried", facts={"letter": message.pk}, now=now)
        messages.success(request, "The letter leaves again within a minute.")
    else:
        messages.info(request, "This letter is no longer dead, so nothing was changed.")
    return redirect("mail:letter", pk=message.pk)


@require_POST
@transaction.atomic
def test(request: HttpRequest) -> HttpResponse:
    """Send whoever asks a test letter, by the same road as every other letter."""
    if not access.may_retry(request.user):
        raise PermissionDenied("Test letters are sent by administrators.")
    user, now = request.user, timezone.now()
    message = outbox.queue(
        key=f"test-{user.pk}-{now.isoformat()}",
        template="test",
        to=[(user.name, user.email)],
        facts={"name": user.first_name, "zone": user.zone},
        now=now,
        language=user.language,
        to_staff=True,
    )
    messages.success(request, f"A test letter to {user.email} leaves within a minute. Reload to see how it fared.")
    return redirect("mail:letter", pk=message.pk)


def _letter(request: HttpRequest, pk: int) -> Message:
    return get_object_or_404(access.letters_for(request.user).prefetch_related("recipients"), pk=pk)


def _written(message: Message) -> tuple[Letter | None, str]:
    """Return the letter as it left or would leave now, or why it cannot be written."""
    try:
        return letter_of(message), ""
    except Exception as error:  # the page that shows what is wrong with a letter must not fail on it
        return None, str(unwritable(error))
