"""Customers as lists and pages show them: by name, with what is at stake, what is open, and what they were promised."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict

from accounts.models import AdminEvent, User
from cases import access
from cases.enums import CaseState, PromiseKind, PromiseState
from cases.folding import name_key
from cases.keyset import SIZE, Page
from cases.models import Contact, Customer, CustomerMark, Promise
from cases.stake import at_stake

_PLACES = ("after", "before")


@dataclass(frozen=True)
class Trust:
    """What became of what we promised a customer since their complaints."""

    kept: int
    broken: int
    open: int


def narrowed(*, words: str = "", tier: str = "", manager: str = "", reader: User) -> QuerySet[Customer]:
    """Return the customers of that name, tier and account manager (an id, `me` or `nobody`); empty narrows nothing."""
    rows = Customer.objects.filter(merged_into=None)
    if wanted := name_key(words):
        rows = rows.filter(folded__contains=wanted)
    if tier:
        rows = rows.filter(tier=tier)
    if manager == "nobody":
        return rows.filter(account_manager=None)
    return rows.filter(account_manager=reader.pk if manager == "me" else int(manager)) if manager else rows


def page(rows: QuerySet[Customer], asked: QueryDict, *, reader: User, on: date) -> Page:
    """Return one page by folded name, each row with `sum` (its stake), `open_cases` and `last_case`. Two statements."""
    cases = access.visible_to(reader).filter(customer=OuterRef("pk")).order_by("-received_at")
    rows = rows.select_related("account_manager").annotate(last_case=Subquery(cases.values("received_at")[:1]))
    found = _by_name(rows, asked)
    open_cases = _open_cases([row.pk for row in found.rows], reader)
    for row in found.rows:
        row.sum, row.open_cases = at_stake(row, on), open_cases[row.pk]
    return found


def _open_cases(customers: list[int], reader: User) -> Counter:
    """Count live open cases of several customers in one statement."""
    cases = access.visible_to(reader).filter(customer__in=customers, state=CaseState.OPEN, historical=False)
    return Counter(dict(cases.order_by().values_list("customer").annotate(Count("pk"))))


def _by_name(rows: QuerySet[Customer], asked: QueryDict) -> Page:
    """Page by folded name and id. A place is written `<id>~<folded name>`; anything else is no place."""
    before, after = _place(asked.get("before")), _place(asked.get("after"))
    if before is not None:
        pk, name = before
        earlier = rows.filter(Q(folded__lt=name) | Q(id__lt=pk), folded__lte=name).order_by("-folded", "-id")
        found = list(earlier[: SIZE + 1])
        return _page(found[:SIZE][::-1], asked, len(found) > SIZE, True)
    if after is not None:
        pk, name = after
        rows = rows.filter(Q(folded__gt=name) | Q(id__gt=pk), folded__gte=name)
    found = list(rows.order_by("folded", "id")[: SIZE + 1])
    return _page(found[:SIZE], asked, after is not None, len(found) > SIZE)


def _page(found: list[Customer], asked: QueryDict, before: bool, after: bool) -> Page:
    if not found:
        return Page([], _address(asked) if before or after else "", "")
    return Page(
        found,
        _address(asked, before=f"{found[0].pk}~{found[0].folded}") if before else "",
        _address(asked, after=f"{found[-1].pk}~{found[-1].folded}") if after else "",
    )


def _place(given: str | None) -> tuple[int, str] | None:
    key, tilde, name = (given or "").partition("~")
    fits = tilde and key.isascii() and key.isdigit() and len(key) < 19
    return (int(key), name_key(name)) if fits else None


def _address(asked: QueryDict, **place: str) -> str:
    kept = asked.copy()
    for name in _PLACES:
        kept.pop(name, None)
    kept.update(place)
    return "?" + kept.urlencode()


def managers() -> list[User]:
    """Return everybody who looks after a customer, by name."""
    return list(User.objects.filter(customers__isnull=False).distinct().only("name").order_by("name"))


def people(customer: Customer) -> list[Contact]:
    """Return the people at a customer, those of the highest level first."""
    return list(Contact.objects.filter(customer=customer, erased_at=None).order_by("-level", "name", "id"))


def trust(customer: Customer, reader: User) -> Trust:
    """Count recovery promises by what became of them, on the cases this reader sees. One statement."""
    cases = access.visible_to(reader).filter(customer=customer).order_by().values("pk")
    promises = Promise.objects.filter(case__in=cases, kind=PromiseKind.RECOVERY).order_by()
    counted = Counter(dict(promises.values_list("state").annotate(Count("pk"))))
    broken = counted[PromiseState.BROKEN] + counted[PromiseState.DISPUTED]
    return Trust(counted[PromiseState.KEPT], broken, counted[PromiseState.PENDING])


def marks(customer: Customer, reader: User) -> QuerySet[CustomerMark]:
    """Return what became of a customer; `seen` tells whether the reader may know of the case that left the mark."""
    seen = Exists(access.visible_to(reader).filter(pk=OuterRef("case")))
    return customer.marks.select_related("case").annotate(seen=seen)


def last_edit(customer: Customer) -> tuple[str, datetime] | None:
    """Return who saved a customer last, and when; None where nobody has since it was entered."""
    rows = AdminEvent.objects.filter(kind="customer_edited", facts__customer=customer.pk).select_related("actor")
    row = rows.order_by("-id").first()
    return (row.actor.name if row.actor else "Somebody", row.at) if row else None
