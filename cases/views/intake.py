"""The intake: messages that belong to no case yet, what was set aside, the weekly sample, and all that reached us."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from cases import intake_items, mail_access
from cases.forms.messages import AddForm, AsideForm
from cases.keyset import number_order, page_of
from cases.models import IntakeItem
from cases.queries import intake as query
from cases.queries import messages as message_query
from cases.refusals import Refused
from cases.views.doors import took
from mail.inbound import sorting
from mail.models import Inbound

NEWEST = number_order("id", falling=True)


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """List what waits, the most urgent first; or what was taken in, set aside, or is in the sample."""
    _only(request.user, mail_access.may_read_intake)
    show = request.GET.get("show", "")
    show = show if show in query.SHOWS else "waiting"
    rows = query.items(request.user, show)
    page = None if show in ("waiting", "sample") else page_of(rows, NEWEST, request.GET)
    shown = {
        "show": show,
        "items": query.listed(page.rows if page else rows),
        "page": page,
        "counts": query.counts(request.user),
    }
    rights = {"may_decide": mail_access.may_decide(request.user), "may_sample": mail_access.may_sample(request.user)}
    return render(request, "cases/intake.html", {**shown, **rights, "nav": "intake", "now": timezone.now()})


@require_safe
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one message of the intake with what can be done with it."""
    return _page(request, mail_access.item_for(request.user, pk))


@require_POST
def set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a message aside with a reason."""
    row = _to_decide(request, pk)
    form = AsideForm(request.POST, action=request.path)
    about = {"item": row, "actor": request.user, "now": timezone.now()}
    if form.is_valid() and took(form, intake_items.set_aside, **about, **form.cleaned_data):
        messages.success(request, "Set aside. It can be brought back, and a lead may look at it.")
        return redirect("cases:intake")
    return _page(request, row, aside=form, status=422)


@require_POST
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a message that was set aside wait again."""
    row = _to_decide(request, pk)
    return _acted(request, row, intake_items.bring_back, "It waits in the intake again, with two working hours.")


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a message on the case it belongs to."""
    row = _to_decide(request, pk)
    form = AddForm(request.POST, reader=request.user, action=request.path)
    about = {"item": row, "actor": request.user, "now": timezone.now()}
    if form.is_valid() and took(form, intake_items.add_to, **about, **form.cleaned_data):
        row.refresh_from_db()
        messages.success(request, f"The message is on {row.case.number}.")
        return redirect(f"{row.case.get_absolute_url()}?tab=timeline")
    return _page(request, row, add=form, status=422)


@require_POST
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Say of a message in the sample whether it was rightly set aside."""
    _only(request.user, mail_access.may_sample)
    row = mail_access.item_for(request.user, pk)
    right = request.POST.get("right") == "yes"
    said = "Thank you. It stays set aside." if right else "It waits in the intake again, with two working hours."
    return _acted(request, row, intake_items.judge, said, right=right)


@require_safe
def arrivals(request: HttpRequest) -> HttpResponse:
    """List everything that reached us, newest first, filtered by `?kind=`."""
    _only(request.user, mail_access.may_read_house_mail)
    kind = request.GET.get("kind", "")
    page = page_of(query.arrivals(request.user, kind), NEWEST, request.GET)
    shown = {"page": page, "kind": kind, "kinds": query.KINDS, "nav": "letters", "now": timezone.now()}
    return render(request, "cases/arrivals.html", shown)


@require_POST
def lay(request: HttpRequest, pk: int) -> HttpResponse:
    """Treat a message that was taken for a machine's as a person's: it waits in the intake."""
    _only(request.user, mail_access.may_decide)
    inbound = mail_access.message_for(request.user, pk)
    try:
        row = intake_items.lay_by_hand(inbound=inbound, now=timezone.now())
    except Refused as refused:
        messages.warning(request, refused.message)
        return redirect("cases:message", pk=pk)
    return redirect("cases:intake_item", pk=row.pk)


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Try once more to read a message that could not be read."""
    _only(request.user, mail_access.may_read_house_mail)
    inbound = get_object_or_404(Inbound, pk=mail_access.message_for(request.user, pk).pk)
    if sorting.read_again(inbound):
        messages.success(request, "It is read again within a minute.")
    else:
        messages.info(request, "This message has been read meanwhile.")
    return redirect("cases:message", pk=pk)


def _only(user: User, allowed: Callable[[User], bool]) -> None:
    if not allowed(user):
        raise PermissionDenied("Messages to us are taken in by those who log complaints; auditors may read them.")


def _to_decide(request: HttpRequest, pk: int) -> IntakeItem:
    row = mail_access.item_for(request.user, pk)
    _only(request.user, mail_access.may_decide)
    return row


def _acted(request: HttpRequest, row: IntakeItem, verb: Callable, said: str, **facts) -> HttpResponse:
    try:
        verb(item=row, actor=request.user, now=timezone.now(), **facts)
    except Refused as refused:
        messages.warning(request, refused.message)
    else:
        messages.success(request, said)
    return redirect("cases:intake_item", pk=row.pk)


def _page(
    request: HttpRequest,
    row: IntakeItem,
    *,
    aside: AsideForm | None = None,
    add: AddForm | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = query.item(row, request.user)
    shown |= message_query.shown(row.inbound, request.user, pictures="pictures" in request.GET)
    rights = {"may_decide": mail_access.may_decide(request.user), "may_sample": mail_access.may_sample(request.user)}
    forms = {
        "aside_form": aside or AsideForm(action=f"/intake/{row.pk}/aside/"),
        "add_form": add or AddForm(reader=request.user, action=f"/intake/{row.pk}/add/"),
    }
    shown |= {**rights, **forms, "nav": "intake", "now": timezone.now()}
    return render(request, "cases/intake_item.html", shown, status=status)
