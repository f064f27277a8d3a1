"""Administration: addresses elsewhere that are told what happens, and the ledger of what each was told."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access as people_access
from accounts.models import Role
from cases.forms.webhook import WebhookForm
from cases.keyset import number_order, page_of
from cases.models import Delivery, Webhook
from cases.refusals import Refused
from cases.views.doors import took
from cases.webhooks import hooks, kinds

NEWEST = number_order("id", falling=True)


@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: HttpRequest) -> HttpResponse:
    """List the addresses, and enter one. The answer to that is the only page that ever shows its secret."""
    people_access.only_readers_of_rules(request.user)
    if request.method == "POST":
        people_access.only_administrators(request.user)
    form = WebhookForm(request.POST or None, action=request.path) if request.user.has_role(Role.ADMIN) else None
    if request.method == "POST" and form.is_valid():
        made: list[tuple[Webhook, str]] = []
        facts = {"actor": request.user, "now": timezone.now(), **form.cleaned_data}
        if took(form, lambda **given: made.append(hooks.add(**given)), **facts):
            return _page(request, "webhook_made", row=made[0][0], secret=made[0][1])
    rows = Webhook.objects.select_related("made_by", "stopped_by")
    status = 422 if form is not None and form.is_bound else 200
    return _page(request, "webhooks", form=form, webhooks=rows, status=status)


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one address with what it was told, newest first."""
    people_access.only_readers_of_rules(request.user)
    row = get_object_or_404(Webhook.objects.select_related("made_by", "stopped_by"), pk=pk)
    page = page_of(Delivery.objects.filter(webhook=row).select_related("event__case"), NEWEST, request.GET)
    for delivery in page.rows:
        delivery.label = dict(kinds.CHOICES).get(delivery.kind, "A test")
    told = [label for name, label in kinds.CHOICES if name in row.kinds]
    return _page(request, "webhook", row=row, told=told, page=page, may_change=request.user.has_role(Role.ADMIN))


@require_POST
def act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Stop, start or try an address."""
    people_access.only_administrators(request.user)
    row = get_object_or_404(Webhook, pk=pk)
    verbs: dict[str, tuple[Callable[..., Any], str]] = {
        "stop": (hooks.stop, "Nothing more is told there."),
        "start": (hooks.start, "It is told again, and what happened meanwhile too."),
        "try": (lambda actor, **facts: hooks.try_it(**facts), "A test leaves within a minute. It stands below."),
    }
    if what in verbs:
        verb, said = verbs[what]
        _done(request, verb, said, webhook=row)
    return redirect("cases:webhook", pk=pk)


@require_POST
def retry(request: HttpRequest, pk: int, delivery: int) -> HttpResponse:
    """Tell something once more."""
    people_access.only_administrators(request.user)
    row = get_object_or_404(Delivery.objects.select_related("webhook"), pk=delivery, webhook=pk)
    _done(request, hooks.retry, "It is told once more within a minute.", delivery=row)
    return redirect("cases:webhook", pk=pk)


def _done(request: HttpRequest, verb: Callable[..., Any], said: str, **facts: Any) -> None:
    try:
        verb(actor=request.user, now=timezone.now(), **facts)
        messages.success(request, said)
    except Refused as refused:
        messages.warning(request, refused.message)


def _page(request: HttpRequest, name: str, *, status: int = 200, **shown: Any) -> HttpResponse:
    return render(request, f"cases/manage_{name}.html", {"nav": "", "now": timezone.now(), **shown}, status=status)
