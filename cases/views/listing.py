"""The case list, its bulk act, and search."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Role, User
from accounts.text import clean
from cases import access, assigning, search
from cases.forms.filters import Filters, since_moment
from cases.keyset import SIZE, page_of
from cases.models import Category, Customer
from cases.queries import listing

VIEWS = [
    ("Mine", {"whose": "me"}),
    ("Critical", {"severity": "critical"}),
    ("Silent a week", {"silent": "on"}),
    ("Waiting for customer", {"waiting": "on"}),
    ("Unassigned", {"whose": "nobody"}),
]
MOST_AT_ONCE = 100


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """List the cases the reader may see, by the filters in the address. At most 8 statements."""
    now, form = timezone.now(), Filters(request.GET, categories=Category.objects.filter(retired=False))
    asked = form.read()
    since = since_moment(asked["since"], now) if "since" in asked else None
    cases = listing.filtered(access.visible_to(request.user), asked, reader=request.user, since=since, now=now)
    page = page_of(listing.rows(cases), listing.order_of(asked), request.GET)
    people = listing.colleagues(request.user, asked.get("owner"), page.rows)
    form.offer(people)
    shown = {
        "cases": listing.dressed(page.rows, now),
        "page": page,
        "total": listing.total(cases),
        "form": form,
        "more": _more(form, asked, request.GET),
        "by": listing.order_of(asked).column,
        "views": _views(request.GET),
        "people": people if _may_assign(request.user) else [],
        "currency": settings.HOME_CURRENCY,
        "filtered": bool(request.GET),
        "here": request.get_full_path(),
    }
    return render(request, "cases/list.html", {**shown, "nav": "cases", "now": now})


@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """Give the ticked cases to somebody; leads and the council only. What could not be given is said with why."""
    if not _may_assign(request.user):
        raise PermissionDenied("Cases are given to somebody else by a team lead or the council.")
    owner = User.objects.taking_work().filter(pk=_id(request.POST.get("owner"))).first()
    ids = [pk for pk in map(_id, request.POST.getlist("case")[:MOST_AT_ONCE]) if pk]
    if owner is None or not ids:
        messages.error(request, "Tick the cases and choose who takes them. Nothing was changed.")
        return redirect(_back(request))
    cases = access.visible_to(request.user).filter(pk__in=ids).select_related("owner", "team").order_by("pk")
    given, refusals = assigning.assign_all(cases=cases, actor=request.user, owner=owner, now=timezone.now())
    if given:
        messages.success(request, f"{owner.name} owns {given} case{'s' if given > 1 else ''} now and has been told.")
    for refusal in refusals:
        messages.warning(request, refusal)
    return redirect(_back(request))


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Find cases by number or words, and customers by name. A number the reader may see leads straight there."""
    text, now = clean(request.GET.get("q", ""))[:200].strip(), timezone.now()
    cases, before = access.visible_to(request.user), _id(request.GET.get("before"))
    asked = search.finding.asked(text)
    if asked.number and before is None and cases.filter(pk=asked.number).exists():
        return redirect("cases:case", pk=asked.number)
    ids = search.find(text=text, cases=cases, limit=SIZE + 1, before=before)
    found = sorted(listing.rows(cases).filter(pk__in=ids[:SIZE]), key=lambda case: ids.index(case.pk))
    shown = {
        "cases": listing.dressed(found, now),
        "customers": search.customers(text) if before is None else [],
        "older_url": f"?{urlencode({'q': text, 'before': ids[SIZE - 1]})}" if len(ids) > SIZE else "",
        "newest_url": f"?{urlencode({'q': text})}" if before else "",
        "search_words": text,
    }
    return render(request, "cases/search.html", {**shown, "nav": "", "now": now})


def _more(form: Filters, asked: dict, given: QueryDict) -> list[dict]:
    """Return the filters beyond the sentence that are in force, each with the address without it."""
    found = []
    for name in (
        "severity",
        "category",
        "owner",
        "person",
        "customer",
        "company",
        "council",
        "silent",
        "waiting",
        "history",
    ):
        if name in asked:
            found.append({"name": name, "words": _words(form, name, asked[name]), "url": _without(given, name)})
    return found


def _words(form: Filters, name: str, value) -> str:
    if name == "customer":
        return Customer.objects.filter(pk=value).values_list("name", flat=True).first() or "unknown"
    if name in ("company", "person"):
        return value
    choices = dict(getattr(form.fields[name].widget, "choices", ()) or ())
    return str(choices.get(value, ""))


def _without(given: QueryDict, name: str) -> str:
    kept = given.copy()
    for gone in (name, "after", "before"):
        kept.pop(gone, None)
    return "?" + kept.urlencode()


def _views(given: QueryDict) -> list[dict]:
    here = {name: value for name, value in given.items() if value and (name, value) != ("state", "open")}
    return [{"name": name, "url": "?" + urlencode(asked), "current": here == asked} for name, asked in VIEWS]


def _may_assign(user: User) -> bool:
    return user.on_council or user.has_role(Role.LEAD)


def _id(given: str | None) -> int | None:
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 19 else None


def _back(request: HttpRequest) -> str:
    """Return the list as it was filtered: only ever an address of the list itself."""
    query = request.POST.get("back", "").partition("?")[2]
    return f"{reverse('cases:list')}?{query}" if query else reverse("cases:list")
