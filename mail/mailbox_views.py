"""Pages of mailboxes: administrators set them up and try them, auditors read."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import only_administrators, only_readers_of_rules
from accounts.models import Role
from mail import mailboxes
from mail.inbound.secrets import hidden
from mail.mailbox_forms import MailboxForm
from mail.models import Mailbox


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """List the mailboxes with how their last reading went."""
    only_readers_of_rules(request.user)
    shown = {"mailboxes": Mailbox.objects.all(), "may_change": request.user.has_role(Role.ADMIN)}
    return render(request, "mail/mailboxes.html", {**shown, "nav": "", "now": timezone.now()})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Set up a mailbox, or only try whether it can be read."""
    only_administrators(request.user)
    return _form(request, Mailbox())


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a mailbox, or only try whether it can be read."""
    only_administrators(request.user)
    return _form(request, get_object_or_404(Mailbox, pk=pk))


def _form(request: HttpRequest, mailbox: Mailbox) -> HttpResponse:
    form = MailboxForm(request.POST or None, mailbox=mailbox)
    if request.method != "POST":
        return _page(request, form, mailbox)
    if not form.is_valid():
        return _page(request, form, mailbox, status=422)
    fields, password = form.fields_given(), form.cleaned_data["password"]
    if "try" in request.POST:
        return _page(request, form, mailbox, tried=_tried(mailbox, fields, password))
    about = {"fields": fields, "password": password, "actor": request.user, "now": timezone.now()}
    kept = mailboxes.save(mailbox=mailbox, **about)
    messages.success(request, f"{kept.name} is read every minute." if kept.is_active else f"{kept.name} is not read.")
    return redirect("mail:mailboxes")


def _tried(mailbox: Mailbox, fields: dict[str, Any], password: str) -> dict[str, Any]:
    """Connect with what was typed; nothing is saved."""
    fancied = Mailbox(**{**fields, "secret": hidden(password) if password else mailbox.secret})
    works, why, count = mailboxes.tried(fancied)
    return {"works": works, "why": why, "count": count, "folder": fancied.folder}


def _page(request: HttpRequest, form: MailboxForm, mailbox: Mailbox, *, tried=None, status: int = 200) -> HttpResponse:
    shown = {"form": form, "mailbox": mailbox, "tried": tried, "nav": "", "now": timezone.now()}
    return render(request, "mail/mailbox.html", shown, status=status)
