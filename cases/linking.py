"""The list of links: products, sites, carriers, services and lots that customers share; renamed, read in from a file.

A single link is added and taken back on the customer's page (`cases.customers`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from accounts import admin_log
from accounts.models import User
from cases.folding import name_key
from cases.models import Customer, Link
from cases.refusals import Refused

KINDS = {word.casefold(): kind for kind in Link.Kind for word in (kind.value, kind.label)}
COLUMNS = ("customer", "kind", "name")
LONGEST = Link._meta.get_field("name").max_length


@dataclass
class Taken:
    """What became of a file: links noted, those known already, and each refused row with its line and reason."""

    added: int = 0
    known: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


@transaction.atomic
def rename(*, link: Link, actor: User, name: str, now: datetime) -> Link:
    """Give a link another name; whoever shares it keeps it. Raise `Refused` without a name, or for one taken."""
    kept = Link.objects.select_for_update(no_key=True).get(pk=link.pk)
    name = " ".join(name.split())
    if not name:
        raise Refused("Give it a name.", field="name")
    if Link.objects.filter(kind=kept.kind, name__iexact=name).exclude(pk=kept.pk).exists():
        raise Refused(f"There is a {kept.get_kind_display().lower()} of this name already.", field="name")
    kept.name = name
    kept.save(update_fields=["name"])
    admin_log.record(actor=actor, kind="link_renamed", facts={"link": kept.pk}, now=now)
    return kept


@transaction.atomic
def take_in(*, rows: Iterable[tuple[int, dict[str, str]]], actor: User, now: datetime) -> Taken:
    """Note the links of a file: `rows` are line numbers with cells named customer, kind, name in any case.

    A row that cannot be taken is named with its reason, the others are taken; a file read twice doubles nothing.
    """
    taken, named = Taken(), _by_name()
    known = {(link.kind, link.name.casefold()): link for link in Link.objects.all()}
    shared = set(Link.customers.through.objects.values_list("link_id", "customer_id"))
    for number, cells in rows:
        try:
            _take(taken, _row(cells), named, known, shared)
        except Refused as refused:
            taken.refused.append((number, refused.message))
    facts = {"added": taken.added, "known": taken.known, "refused": len(taken.refused)}
    admin_log.record(actor=actor, kind="links_read_in", facts=facts, now=now)
    return taken


def _by_name() -> dict[str, list[int]]:
    named: dict[str, list[int]] = {}
    for pk, folded in Customer.objects.filter(merged_into=None).values_list("pk", "folded"):
        named.setdefault(folded, []).append(pk)
    return named


def _row(cells: dict[str, str]) -> tuple[str, Link.Kind, str]:
    """Return customer, kind and name of one row. Raise `Refused` for what cannot be one."""
    given = {key.strip().casefold(): " ".join(text.split()) for key, text in cells.items() if key}
    empty = [column for column in COLUMNS if not given.get(column)]
    if empty:
        raise Refused(f"Nothing stands under {' and '.join(empty)}.")
    kind = KINDS.get(given["kind"].casefold())
    if kind is None:
        raise Refused(f"“{given['kind'][:40]}” is none of product, site, carrier, service and lot.")
    if len(given["name"]) > LONGEST:
        raise Refused(f"The name is longer than {LONGEST} characters.")
    return given["customer"], kind, given["name"]


def _take(taken: Taken, row: tuple[str, Link.Kind, str], named: dict, known: dict, shared: set) -> None:
    customer, kind, name = row
    pks = named.get(name_key(customer), [])
    if len(pks) != 1:
        why = "No customer has" if not pks else f"{len(pks)} customers have"
        raise Refused(f"{why} the name “{customer[:80]}”.")
    link = known.get((kind, name.casefold()))
    if link is None:
        link = known[(kind, name.casefold())] = Link.objects.create(kind=kind, name=name)
    if (link.pk, pks[0]) in shared:
        taken.known += 1
        return
    link.customers.add(pks[0])
    shared.add((link.pk, pks[0]))
    taken.added += 1
