"""Customers: the list, one customer with money, people and cases, and the forms to change them."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.text import clean
from cases import access, customers, erasure, marks
from cases.enums import Tier
from cases.forms.customers import ContactForm, CustomerForm, LinkForm, MarkForm
from cases.forms.customers import written as plain
from cases.keyset import page_of
from cases.models import Contact, Customer, CustomerMark, Link
from cases.queries import customers as query
from cases.queries import lights, listing, watch
from cases.refusals import Refused
from cases.stake import at_stake
from cases.views.doors import took


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """List customers by name, narrowed by `?q=`, `?tier=` and `?manager=`. At most 8 statements."""
    now, asked = timezone.now(), request.GET
    words = clean(asked.get("q", ""))[:200].strip()
    tier = asked.get("tier", "") if asked.get("tier") in Tier.values else ""
    manager = _manager(asked.get("manager", ""))
    rows = query.narrowed(words=words, tier=tier, manager=manager, reader=request.user)
    shown = {
        "page": query.page(rows, asked, reader=request.user, on=now.date()),
        "managers": query.managers(),
        "tiers": Tier.choices,
        "q": words,
        "tier": tier,
        "manager": manager,
        "may_edit": customers.may_edit(request.user),
    }
    return render(request, "cases/customers.html", {**shown, "nav": "customers", "now": now})


def _manager(given: str) -> str:
    known = given in ("me", "nobody") or (given.isascii() and given.isdigit() and len(given) < 19)
    return given if known else ""


@require_safe
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one customer."""
    return _customer(request, access.customer_for(request.user, pk))


def _customer(request: HttpRequest, row: Customer, *, status: int = 200, **more: Any) -> HttpResponse:
    now = timezone.now()
    cases = access.visible_to(request.user).filter(customer=row)
    page = page_of(listing.rows(cases), listing.ORDERS["received"], request.GET)
    stake = at_stake(row, now.date())
    shown = {
        "customer": row,
        "stake": stake,
        "years": plain(stake.expected_years) if stake else "",
        "margin": plain(Decimal(row.margin_bp) / 100) if stake else "",
        "links": row.links.all(),
        "people": query.people(row),
        "page": page,
        "cases": listing.dressed(page.rows, now),
        "trust": query.trust(row, request.user),
        "watch": watch.of_customer(row, request.user),
        "lit": lights.of_customer(row, request.user, now=now),
        "may_edit": customers.may_edit(request.user),
        "may_log": access.may_log(request.user),
        "link_form": LinkForm(),
        "marks": query.marks(row, request.user),
        "mark_form": MarkForm(initial={"on": timezone.localdate(now)}),
        **more,
    }
    return render(request, "cases/customer.html", {**shown, "nav": "customers", "now": now}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter a customer."""
    _only_editors(request)
    form = CustomerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        saved: list[Customer] = []
        if took(form, lambda **facts: saved.append(customers.add(**facts)), fields=form.given(), **_who(request)):
            return redirect("cases:customer", pk=saved[0].pk)
    return _form(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a customer; the second of two savers is shown both versions."""
    _only_editors(request)
    row = access.customer_for(request.user, pk)
    form = CustomerForm(request.POST or None, customer=row)
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, customer=row)
    facts = {"customer": row, "fields": form.given(), "rev": form.cleaned_data["rev"] or 0}
    try:
        done = took(form, customers.edit, **facts, **_who(request))
    except customers.Overtaken as overtaken:
        return _both_customers(request, form, overtaken.theirs)
    if not done:
        return _form(request, form, customer=row)
    messages.success(request, f"{form.cleaned_data['name']} is saved.")
    return redirect("cases:customer", pk=pk)


def _both_customers(request: HttpRequest, form: CustomerForm, theirs: Customer) -> HttpResponse:
    form.data = form.data.copy()
    form.data["rev"] = theirs.rev
    who, at = query.last_edit(theirs) or ("Somebody", timezone.now())
    both = {"theirs": form.theirs(theirs), "mine": form.typed(), "who": who, "at": at}
    return _form(request, form, customer=theirs, status=409, **both)


@require_POST
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """Note something the customer shares with others."""
    _only_editors(request)
    row, form = access.customer_for(request.user, pk), LinkForm(request.POST)
    if form.is_valid() and took(form, customers.share, customer=row, **form.cleaned_data, **_who(request)):
        return redirect("cases:customer", pk=pk)
    return _customer(request, row, link_form=form, status=422)


@require_POST
def unshare(request: HttpRequest, pk: int, link: int) -> HttpResponse:
    """Take back something the customer shares with others."""
    _only_editors(request)
    row = access.customer_for(request.user, pk)
    customers.unshare(customer=row, link=get_object_or_404(Link, pk=link, customers=row), **_who(request))
    return redirect("cases:customer", pk=pk)


@require_POST
def note_mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what became of the customer: renewed, lost, or a mark they gave."""
    _only_editors(request)
    row, form = access.customer_for(request.user, pk), MarkForm(request.POST)
    if form.is_valid() and took(form, marks.note, customer=row, **form.cleaned_data, **_who(request)):
        return redirect("cases:customer", pk=pk)
    return _customer(request, row, mark_form=form, status=422)


@require_POST
def take_mark_back(request: HttpRequest, pk: int, mark: int) -> HttpResponse:
    """Take back what was noted wrongly."""
    _only_editors(request)
    row = get_object_or_404(CustomerMark, pk=mark, customer=access.customer_for(request.user, pk))
    try:
        marks.take_back(mark=row, **_who(request))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("cases:customer", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def new_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a person at a customer."""
    _only_editors(request)
    row = access.customer_for(request.user, pk)
    form = ContactForm(request.POST or None, draft=f"customer-{pk}-contact")
    sent = request.method == "POST" and form.is_valid()
    if sent and took(form, customers.add_contact, customer=row, fields=form.cleaned_data, **_who(request)):
        return redirect("cases:customer", pk=pk)
    return _form(request, form, customer=row, is_contact=True)


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """Change a person at a customer; the second of two savers is shown both versions."""
    _only_editors(request)
    row = access.customer_for(request.user, pk)
    person = contact_of(row, contact)
    form = ContactForm(request.POST or None, contact=person, draft=f"contact-{contact}")
    if request.method == "POST" and form.is_valid():
        facts = {"contact": person, "fields": form.cleaned_data, "seen": form.cleaned_data["seen"]}
        try:
            if took(form, customers.edit_contact, **facts, **_who(request)):
                return redirect("cases:customer", pk=pk)
        except customers.Overtaken as overtaken:
            return _both_contacts(request, form, row, overtaken.theirs)
    return _form(request, form, customer=row, is_contact=True, contact=person)


def contact_of(row: Customer, pk: int) -> Contact:
    """Return a person at a customer. Raise Http404 where there is none, or none any more."""
    person = Contact.objects.filter(pk=pk, customer=row, erased_at=None).first()
    if person is None:
        raise Http404
    return person


def _both_contacts(request: HttpRequest, form: ContactForm, row: Customer, theirs: Contact) -> HttpResponse:
    form.data = form.data.copy()
    form.data["seen"] = customers.mark_of(theirs)
    both = {"theirs": form.theirs(theirs), "mine": form.typed(), "who": "Somebody", "at": timezone.now()}
    return _form(request, form, customer=row, is_contact=True, contact=theirs, status=409, **both)


def _only_editors(request: HttpRequest) -> None:
    if not customers.may_edit(request.user):
        raise PermissionDenied("Customers are changed by account managers, leads and administrators.")


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"actor": request.user, "now": timezone.now()}


def _form(request: HttpRequest, form: Any, *, status: int = 0, **more: Any) -> HttpResponse:
    status = status or (422 if form.is_bound and form.errors else 200)
    may = {"may_erase": erasure.may_erase(request.user)}
    context = {"form": form, "nav": "customers", "now": timezone.now(), **may, **more}
    return render(request, "cases/customer_form.html", context, status=status)
