"""What the intake shows: each list in a constant number of statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from cases import access, senders
from cases.arrival_kinds import IntakeState
from cases.models import Case, IntakeItem
from mail.inbound.kinds import FROM_PEOPLE, Kind
from mail.models import Inbound, InboundState

SHOWS = ("waiting", "sample", "aside", "taken")
MOST = 100
EXCERPT = 220
KINDS = (
    ("people", "From people"),
    ("auto-reply", "Automatic answers"),
    ("bounce", "Came back"),
    ("report", "Reports"),
    ("list", "Lists"),
    ("quarantined", "Could not be read"),
)
LEAN = ("inbound__text", "inbound__html", "inbound__answers", "inbound__receivers", "inbound__bounce")


@dataclass(frozen=True)
class Line:
    """One message in a list."""

    item: IntakeItem
    excerpt: str


def items(reader: User, show: str) -> QuerySet[IntakeItem]:
    """Return the items of one list; of those on a case, or meant for one, only such as the reader may see."""
    related = ("inbound", "customer", "contact", "case", "decided_by", "reason", "meant_for")
    rows = IntakeItem.objects.filter(_readable(reader)).select_related(*related)
    rows = rows.defer(*LEAN)
    if show == "waiting":
        return rows.filter(state=IntakeState.WAITING).order_by("due_at", "id")[:MOST]
    if show == "sample":
        return rows.filter(state=IntakeState.ASIDE, sample_result="").exclude(sampled_on=None).order_by("id")[:MOST]
    if show == "aside":
        return rows.filter(state=IntakeState.ASIDE)
    visible = Q(case__in=access.visible_to(reader).values("pk"))
    return rows.filter(visible, state__in=[IntakeState.ACCEPTED, IntakeState.ADDED])


def _readable(reader: User) -> Q:
    return Q(meant_for=None) | Q(meant_for__in=access.visible_to(reader).values("pk"))


def listed(rows: Iterable[IntakeItem]) -> list[Line]:
    """Return the lines of a list, each with the beginning of its words."""
    return [Line(row, " ".join((row.inbound.reply or row.inbound.subject).split())[:EXCERPT]) for row in rows]


def counts(reader: User) -> dict[str, int]:
    """Return how many this person finds waiting, in the sample, and set aside. One statement."""
    sampled = Q(state=IntakeState.ASIDE, sample_result="", sampled_on__isnull=False)
    return IntakeItem.objects.filter(_readable(reader)).aggregate(
        waiting=Count("pk", filter=Q(state=IntakeState.WAITING)),
        sample=Count("pk", filter=sampled),
        aside=Count("pk", filter=Q(state=IntakeState.ASIDE)),
    )


def item(row: IntakeItem, reader: User) -> dict[str, Any]:
    """Return what stands beside one message: who it may be from, and their cases."""
    customers = senders.suggestions(row.inbound.sender)
    if row.customer and row.customer not in customers:
        customers.insert(0, row.customer)
    near: list[Case] = senders.open_cases(customers, access.visible_to(reader)) if customers else []
    if row.meant_for is not None:
        near = [row.meant_for, *(case for case in near if case != row.meant_for)]
    return {"item": row, "customers": customers, "near": near, "colleague": senders.colleague_named(row.inbound)}


def arrivals(reader: User, kind: str) -> QuerySet[Inbound]:
    """Return what reached us, without their words; of a case only what the reader may see."""
    rows = Inbound.objects.defer("text", "reply", "html", "answers", "receivers").select_related("mailbox")
    hidden = Case.objects.exclude(pk__in=access.visible_to(reader).values("pk")).exclude(thread=None)
    rows = rows.exclude(thread__in=hidden.values("thread"))
    if kind == "people":
        return rows.filter(kind__in=[str(one) for one in FROM_PEOPLE])
    if kind == "quarantined":
        return rows.filter(state=InboundState.QUARANTINED)
    return rows.filter(kind=kind) if kind in [str(one) for one in Kind] else rows
