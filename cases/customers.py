"""Customers and the people there: entered, changed, linked to what they share with others.

Nothing here touches a case but its index and its place in the figures: a case keeps what was at stake the day it
opened. Each act is recorded in the administration log with identifiers and names of fields, never with what was typed.
"""

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts import admin_log
from accounts.models import Role, User
from cases import addressed, search
from cases.folding import name_key
from cases.models import Case, Chain, Contact, Customer, Link
from cases.refusals import Refused

EDITORS = (Role.MANAGER, Role.LEAD, Role.ADMIN)
FIELDS = (
    "name", "place", "tier", "currency", "yearly_revenue", "margin_bp", "expected_years", "term_years",
    "replacement_cost", "reach", "since_on", "renewal_on", "account_manager_id", "team_id",
)  # fmt: skip
CONTACT_FIELDS = ("name", "title", "email", "phone", "level", "language")


class Overtaken(Exception):
    """Somebody else saved in between; `theirs` is the row as it is now (promise R6)."""

    def __init__(self, theirs: Customer | Contact) -> None:
        super().__init__("Somebody saved this while you were writing. Show both versions.")
        self.theirs = theirs


def may_edit(user: User) -> bool:
    """Tell whether this person may change customers: account managers, leads, administrators; never an auditor."""
    return user.has_role(*EDITORS)


@transaction.atomic
def add(*, actor: User, fields: dict[str, Any], now: datetime) -> Customer:
    """Enter a customer. Raise `Refused` where one of this name and place is entered already."""
    _check_name(fields, None)
    customer = Customer.objects.create(folded=name_key(fields["name"]), **{name: fields[name] for name in FIELDS})
    _log(actor, "customer_added", {"customer": customer.pk}, now)
    return customer


@transaction.atomic
def edit(*, actor: User, customer: Customer, fields: dict[str, Any], rev: int, now: datetime) -> list[str]:
    """Save what changed of a customer as read at revision `rev`; return the names of the fields changed.

    Raise `Overtaken` if it has moved on since. A new name is found by the search on all its cases.
    """
    kept = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    changed = [name for name in FIELDS if getattr(kept, name) != fields[name]]
    if not changed:
        return []
    if kept.rev != rev:
        raise Overtaken(kept)
    _check_name(fields, kept)
    for name in changed:
        setattr(kept, name, fields[name])
    kept.rev, kept.folded = kept.rev + 1, name_key(kept.name)
    kept.save(update_fields=[*changed, "rev", "folded"])
    if "name" in changed:
        search.renew(Case.objects.filter(customer=kept))
    if "tier" in changed:  # the figures are told apart by tier
        Chain.objects.filter(case__customer=kept).update(tallied_seq=0)
    _log(actor, "customer_edited", {"customer": kept.pk, "fields": changed}, now)
    return changed


@transaction.atomic
def share(*, actor: User, customer: Customer, kind: str, name: str, now: datetime) -> Link:
    """Note that a customer shares a product, site, carrier, service or lot with others.

    The name is matched without regard to case. Raise `Refused` without a name, or if it is noted already.
    """
    name = " ".join(name.split())
    if not name:
        raise Refused("Name what they share with others.", field="name")
    link = Link.objects.filter(kind=kind, name__iexact=name).first()
    if link is None:
        link = Link.objects.create(kind=kind, name=name)
    if link.customers.filter(pk=customer.pk).exists():
        raise Refused(f"{link.name} is noted for this customer already.", field="name")
    link.customers.add(customer)
    _log(actor, "link_added", {"customer": customer.pk, "link": link.pk}, now)
    return link


@transaction.atomic
def unshare(*, actor: User, customer: Customer, link: Link, now: datetime) -> None:
    """Take back that a customer shares something. Cases and causes that name it keep it."""
    link.customers.remove(customer)
    _log(actor, "link_removed", {"customer": customer.pk, "link": link.pk}, now)


def mark_of(contact: Contact) -> str:
    """Return a short mark that changes with anything that can be edited of a contact."""
    said = repr([getattr(contact, name) for name in CONTACT_FIELDS])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@transaction.atomic
def add_contact(*, actor: User, customer: Customer, fields: dict[str, Any], now: datetime) -> Contact:
    """Enter a person at a customer. Raise `Refused` for an address that somebody there has already."""
    _check_address(customer.pk, fields, None)
    contact = Contact.objects.create(customer=customer, **{name: fields[name] for name in CONTACT_FIELDS})
    _log(actor, "contact_added", {"customer": customer.pk, "contact": contact.pk}, now)
    return contact


@transaction.atomic
def edit_contact(*, actor: User, contact: Contact, fields: dict[str, Any], seen: str, now: datetime) -> list[str]:
    """Save what changed of a person as read at the mark `seen`; return the names of the fields changed.

    A new address has not bounced yet, so letters go out to it again. Raise `Overtaken` if they changed since.
    """
    asked = addressed.asked_cases(contact) if fields["email"] != contact.email else []  # cases before their people
    kept = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    changed = [name for name in CONTACT_FIELDS if getattr(kept, name) != fields[name]]
    if not changed:
        return []
    if seen != mark_of(kept):
        raise Overtaken(kept)
    _check_address(kept.customer_id, fields, kept)
    former = addressed.former_of(kept)
    for name in changed:
        setattr(kept, name, fields[name])
    if "email" in changed:
        kept.bounced_at = None
    kept.save(update_fields=[*changed, "bounced_at"])
    if "email" in changed:
        addressed.changed_after_asking(contact=kept, cases=asked, actor=actor, now=now, former=former)
    if "name" in changed:
        search.renew(Case.objects.filter(Q(reporter=kept) | Q(confirmer=kept)))
    _log(actor, "contact_edited", {"customer": kept.customer_id, "contact": kept.pk, "fields": changed}, now)
    return changed


def _check_name(fields: dict[str, Any], kept: Customer | None) -> None:
    alike = Customer.objects.filter(folded=name_key(fields["name"]), place__iexact=fields["place"], merged_into=None)
    if alike.exclude(pk=kept.pk if kept else None).exists():
        message = "A customer of this name and place is entered already. Add the place, or open that one."
        raise Refused(message, field="name")


def _check_address(customer_id: int, fields: dict[str, Any], kept: Contact | None) -> None:
    if not fields["email"]:
        return
    others = Contact.objects.filter(customer=customer_id, email__iexact=fields["email"])
    if others.exclude(pk=kept.pk if kept else None).exists():
        raise Refused("Somebody at this customer has this address already.", field="email")


def _log(actor: User, kind: str, facts: dict[str, Any], now: datetime) -> None:
    admin_log.record(actor=actor, kind=kind, facts=facts, now=now)
