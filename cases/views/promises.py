"""Promises over all cases as a ledger, and what is done about one of them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import drafts
from accounts.models import User
from cases import access, promise_moves, promises
from cases.enums import PromiseState
from cases.forms.promises import DisputeForm, MoveForm
from cases.forms.record import RecordForm
from cases.keyset import page_of
from cases.models import Promise
from cases.queries import desk
from cases.queries import promises as query
from cases.queries.case_page import draft_key
from cases.refusals import Refused
from cases.views.desk import NAMES
from cases.views.doors import back, took

WITH = ("words", "owner", "case__customer", "case__owner", "case__team")


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """List promises, by `?scope=` and `?state=`. At most 8 statements."""
    now, asked = timezone.now(), request.GET
    scope = asked.get("scope") if asked.get("scope") in desk.SCOPES else desk.default_scope(request.user)
    state = asked.get("state") if asked.get("state") in query.STATES else query.OPEN
    rows = query.ledger(request.user, scope=scope, state=state, now=now)
    page = page_of(rows, query.order_of(state), asked)
    for promise in page.rows:
        promise.may_mark = promise_moves.may_mark(user=request.user, promise=promise)
        promise.may_decide = promise_moves.may_decide(user=request.user, promise=promise)
    shown = {
        "page": page,
        "scope": scope,
        "state": state,
        "scopes": [{"key": one, "name": NAMES[one]} for one in desk.SCOPES],
        "states": [{"key": key, "name": name} for key, name in query.STATES.items()],
        "here": request.get_full_path(),
    }
    return render(request, "cases/promises.html", {**shown, "nav": "cases", "now": now})


@require_POST
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a promise kept, from the ledger, and lead back to it."""
    promise = promise_for(request.user, pk)
    if not promise_moves.may_mark(user=request.user, promise=promise):
        raise PermissionDenied("Whoever promised it, or works the case, says whether it was kept.")
    try:
        promises.settle_promise(promise=promise, actor=request.user, state=PromiseState.KEPT, now=timezone.now())
    except Refused as refused:
        messages.warning(request, refused.message)
    else:
        messages.success(request, f"Kept: {promise.words.text}")
    return redirect(_ledger(request))


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a promise with the customer's consent."""
    promise = promise_for(request.user, pk)
    if not promise_moves.may_mark(user=request.user, promise=promise):
        raise PermissionDenied("Whoever promised it, or works the case, moves it.")
    form = MoveForm(request.POST or None, **_about(request, promise, "move"))
    if request.method == "POST" and form.is_valid() and _took(request, promise, form, promise_moves.renegotiate):
        return _done(request, promise, form)
    return _form(request, promise, "promise_move", form)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide whether a disputed promise was kept."""
    promise = promise_for(request.user, pk)
    if not promise_moves.may_decide(user=request.user, promise=promise):
        raise PermissionDenied("Whether it was kept is for the team lead to say, and never for who promised it.")
    form = DisputeForm(request.POST or None, **_about(request, promise, "dispute"))
    if request.method == "POST" and form.is_valid() and _took(request, promise, form, promise_moves.settle_dispute):
        return _done(request, promise, form)
    return _form(request, promise, "promise_dispute", form)


def promise_for(user: User, pk: int) -> Promise:
    """Return one promise of a case this person may read. Raise Http404 otherwise."""
    promise = Promise.objects.select_related(*WITH, "dispute").filter(pk=pk).first()
    if promise is None or not access.visible_to(user).filter(pk=promise.case_id).exists():
        raise Http404
    return promise


def _ledger(request: HttpRequest) -> str:
    """Return the ledger as it was filtered: only ever an address of the ledger itself."""
    question = request.POST.get("back", "").partition("?")[2]
    return f"{reverse('cases:ledger')}?{question}" if question else reverse("cases:ledger")


def _about(request: HttpRequest, promise: Promise, what: str) -> dict[str, Any]:
    key = draft_key(promise.case, f"promise-{promise.pk}-{what}")
    return {"action": request.path, "draft": key, "initial": drafts.draft_of(request.user, key)}


def _took(request: HttpRequest, promise: Promise, form: RecordForm, verb: Callable[..., Any]) -> bool:
    about = {"promise": promise, "actor": request.user, "now": timezone.now()}
    return took(form, verb, **about, **form.cleaned_data)


def _done(request: HttpRequest, promise: Promise, form: RecordForm) -> HttpResponse:
    drafts.drop(user=request.user, key=form.draft)
    return back(request, promise.case, tab="promises", place="tab")


def _form(request: HttpRequest, promise: Promise, what: str, form: RecordForm) -> HttpResponse:
    form.in_dialog = bool(request.htmx)
    context = {"case": promise.case, "promise": promise, "what": what, "help_block": f"{what}_help", "form": form}
    template = "cases/_change.html" if request.htmx else "cases/change.html"
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {**context, "nav": "cases", "now": timezone.now()}, status=status)
