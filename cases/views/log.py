"""Log a complaint: the page, what it says while it is filled in, and the case it opens."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import drafts
from accounts.text import clean
from cases import access, landing, mail_access
from cases import log as logging
from cases.forms.log import LogForm, signed, unsigned
from cases.forms.log_split import initial_for, initial_from, initial_of
from cases.forms.taking import opened
from cases.models import Case, Customer, IntakeItem
from cases.opening import policy_version
from cases.policy import rules_of
from cases.queries import log as query
from cases.refusals import Refused
from cases.stake import at_stake
from cases.views.doors import case_to_work

DRAFT = "log"
# What the address says, and what is made anew each time.
NOT_KEPT = ("token", "split", "intake")


@require_http_methods(["GET", "HEAD", "POST"])
def log(request: HttpRequest) -> HttpResponse:
    """Show the form with its draft, or open the case it describes."""
    _check(request)
    now = timezone.now()
    if request.method != "POST":
        return _fresh(request, now)
    form = LogForm(request.POST, request.FILES, reader=request.user, now=now)
    files = unsigned(request.POST.getlist("kept")) + logging.keep_files(request.FILES.getlist("files"), now)
    case = _opened(request, form, files) if form.is_valid() else None
    if case is None:
        return _page(request, form, kept=signed(files), status=422)
    drafts.drop(user=request.user, key=_key(form.cleaned_data["split"], form.cleaned_data["intake"]))
    step = "?step=1" if request.POST.get("then") == "acknowledge" else ""
    return redirect(case.get_absolute_url() + step)


@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Throw the draft away, on purpose."""
    _check(request)
    drafts.drop(user=request.user, key=DRAFT)
    return redirect("cases:log")


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Show what would start, what it looks like and what is at stake. Saves nothing."""
    _check(request)
    form = LogForm(request.POST, reader=request.user, now=timezone.now())
    form.is_valid()
    return render(request, "cases/_log_aside.html", _aside(form))


@require_safe
def customers(request: HttpRequest) -> HttpResponse:
    """List customers while a name is typed, and the offer to add it as a new one."""
    _check(request)
    text = clean(request.GET.get("customer_name", ""))[:200].strip()
    found = query.customers(request.user, text)
    return render(request, "cases/_log_customers.html", {"found": found, "text": text if len(text) > 1 else ""})


@require_safe
def contacts(request: HttpRequest) -> HttpResponse:
    """List people at the chosen customer while a name is typed."""
    _check(request)
    text, customer = clean(request.GET.get("contact_name", ""))[:120].strip(), request.GET.get("customer", "")
    known = int(customer) if customer.isascii() and customer.isdigit() and len(customer) < 19 else None
    found = query.contacts(known, text)
    return render(request, "cases/_log_contacts.html", {"found": found, "text": text})


def _fresh(request: HttpRequest, now: datetime) -> HttpResponse:
    """Show the form with its draft; for a part split off a case, or a message, with what is known of it."""
    whole, item = _whole(request, _number(request, "split")), _item(request, _number(request, "intake"))
    draft = drafts.draft_of(request.user, _key(whole.pk if whole else None, item.pk if item else None))
    draft = {name: text for name, text in draft.items() if isinstance(text, str) and name not in NOT_KEPT}
    known = initial_of(whole) if whole else initial_from(item) if item else _named(request)
    if known and not item and draft.get("customer") != known["customer"]:
        draft = {name: value for name, value in draft.items() if not name.startswith(("customer", "contact"))}
    form = LogForm(reader=request.user, now=now, initial={**known, **draft})
    files = signed(landing.kept_files(item.inbound)) if item else ()
    return _page(request, form, draft=bool(draft), whole=whole, kept=files)


def _number(request: HttpRequest, name: str) -> int | None:
    asked = request.GET.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 13 else None


def _item(request: HttpRequest, number: int | None) -> IntakeItem | None:
    """Return the message a complaint came by. Raise Http404 where this person may not see it."""
    return mail_access.item_for(request.user, number) if number else None


def _named(request: HttpRequest) -> dict:
    """Return the customer the address names, as the form takes it; nothing where there is none."""
    asked = request.GET.get("customer", "")
    named = asked.isascii() and asked.isdigit() and len(asked) < 19
    customer = Customer.objects.filter(pk=int(asked), merged_into=None).first() if named else None
    return initial_for(customer) if customer else {}


def _whole(request: HttpRequest, number: int | None) -> Case | None:
    """Return the case a part is split off from. Raise Http404 or PermissionDenied where this person may not."""
    return case_to_work(request, number) if number else None


def _key(split: int | None, intake: int | None) -> str:
    """Return under which name what is typed is kept: a part of a case or a message does not disturb another."""
    if intake:
        return f"{DRAFT}-intake-{intake}"
    return f"{DRAFT}-split-{split}" if split else DRAFT


def _opened(request: HttpRequest, form: LogForm, files: list) -> Case | None:
    """Open the case; put a refusal at its field."""
    origin = {
        "split_from": _whole(request, form.cleaned_data["split"]),
        "item": _item(request, form.cleaned_data["intake"]),
    }
    return opened(form, actor=request.user, token=form.token_now, files=files, **origin)


def _page(
    request: HttpRequest, form: LogForm, *, kept=(), draft: bool = False, whole: Case | None = None, status: int = 200
) -> HttpResponse:
    sketch = form if form.is_bound else LogForm(form.initial, reader=form.reader, now=form.now)
    sketch.is_valid()
    given = form.cleaned_data if form.is_bound else form.initial
    split, intake = given.get("split"), given.get("intake")
    origin = {"whole": whole or _whole(request, split), "item": _item(request, intake)}
    shown = {"form": form, "kept": kept, "draft": draft, "draft_key": _key(split, intake), "nav": "log", **origin}
    shown |= _aside(sketch)
    return render(request, "cases/log.html", shown, status=status)


def _aside(form: LogForm) -> dict:
    """Return what stands beside the form, from whatever can be understood of it so far."""
    given, customer = form.cleaned_data, form.customer_answer.who
    severity, proposed = form.severity_now()
    known = customer if isinstance(customer, Customer) else None
    category, suggested = form.category_now()
    text = f"{given.get('title', '')} {given.get('text', '')}"
    return {
        **_clocks(form, severity, known),
        "severity": severity,
        "proposed": proposed,
        "known": known,
        "alike": query.alike(form.reader, known, text, form.now) if known else [],
        "stake": at_stake(known, timezone.localdate(form.now)) if known else None,
        "category": category if suggested else None,
        "title": form.title_now() if not given.get("title") else "",
        "heir": form.owner_now() if known and not given.get("owner") else None,
        "answers": given,
        "home": settings.HOME_CURRENCY,
        "now": form.now,
    }


def _clocks(form: LogForm, severity: str, customer: Customer | None) -> dict:
    received_at = form.cleaned_data.get("received_at") or form.now
    try:
        about = {"customer": customer, "category": form.category_now()[0], "owner": form.owner_now()}
        clocks, zone = logging.clocks(severity=severity, received_at=received_at, now=form.now, **about)
        nth = query.is_repeat(customer, severity, rules_of(policy_version().pk), form.now) if customer else 0
    except Refused as refused:
        return {"unready": refused.message}
    return {"clocks": clocks, "zone": zone, "nth": nth, "received_at": received_at}


def _check(request: HttpRequest) -> None:
    if not access.may_log(request.user):
        raise PermissionDenied("Complaints are logged by account managers, leads, quality and the council.")
