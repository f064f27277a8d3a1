"""Builders: a valid small world made by the product's own verbs. A case always has its events and clocks."""

from datetime import UTC, datetime, timedelta
from itertools import count

from django.db import transaction

from accounts.models import Team, User
from cases import defaults, discovery, escalation, facts, intake
from cases.enums import Channel, DiscoveryAnswer, EntryKind, EscalationReason, Severity, Side
from cases.folding import name_key
from cases.models import Case, Contact, Customer, Escalation
from cases.steps import acknowledge

NOON = datetime(2026, 11, 17, 11, 0, tzinfo=UTC)  # Tuesday 12:00 in Zürich, office hours 08:00 to 17:00
PASSWORD = "golden-seam-2041"
_numbers = count(1)


def team(name: str = "North") -> Team:
    """Return a team, made at first use."""
    return Team.objects.get_or_create(name=name)[0]


def user(*roles: str, name: str = "", of: Team | None = None, **fields) -> User:
    """Make a person with roles."""
    number = next(_numbers)
    return User.objects.create_user(
        fields.pop("email", f"person{number}@ours.example"),
        PASSWORD,
        roles=roles or ("manager",),
        name=name or f"Person {number}",
        team=of,
        **fields,
    )


def customer(**fields) -> Customer:
    """Make a customer worth CHF 1,284,000 unless told otherwise."""
    number = next(_numbers)
    name = fields.pop("name", f"Customer {number} AG")
    known = {
        "folded": name_key(name),
        "currency": "CHF",
        "yearly_revenue": 39_000_000,
        "margin_bp": 2_800,
        "expected_years": 10,
        "replacement_cost": 19_200_000,
    }
    return Customer.objects.create(name=name, **{**known, **fields})


def contact(of: Customer, **fields) -> Contact:
    """Make a person at a customer, with an address."""
    number = next(_numbers)
    return Contact.objects.create(
        customer=of, **{"name": "Ruth Aebi", "email": f"ruth{number}@customer.example", **fields}
    )


def case(*, owner: User | None = None, now: datetime = NOON, of: Customer | None = None, **fields) -> Case:
    """Open a case by the product's own intake. A low severity keeps it off the docket of repeats."""
    if fields.pop("with_defaults", True):
        defaults.install()
    of = of or customer()
    reporter = fields.pop("reporter", None) or contact(of)
    known = {
        "channel": Channel.PHONE,
        "title": "Third late delivery of spindle housings",
        "text": "This is the third time this year.",
        "remedy": "Forty housings by Friday noon.",
        "received_at": now,
        "severity": Severity.NORMAL,
    }
    complaint = intake.Complaint(customer=of, reporter=reporter, **{**known, **fields})
    return intake.open_case(complaint=complaint, actor=owner, owner=owner, now=now)


def acknowledged(held: Case, *, now: datetime = NOON + timedelta(minutes=38), **fields) -> Case:
    """Acknowledge a case by phone, with a promise for the next day."""
    known = {
        "means": EntryKind.CALL,
        "contact": held.reporter,
        "text": "Apologised, owned it as ours, asked what would make it right.",
        "promise": "A call with the courier's tracking number",
        "promise_due_at": now + timedelta(days=1),
        "at": now,
    }
    said = acknowledge.Acknowledgement(**{**known, **fields})
    acknowledge.acknowledge(case=held, actor=held.owner, said=said, now=now)
    held.refresh_from_db()
    return held


def ready_to_offer(held: Case, *, now: datetime) -> Case:
    """Answer the seven questions and write down a fact of each side."""
    for question in discovery.QUESTIONS:
        discovery.answer(case=held, actor=held.owner, question=question, answer=DiscoveryAnswer.YES, note="", now=now)
    for side in (Side.OURS, Side.THEIRS):
        facts.add_fact(
            case=held,
            actor=held.owner,
            side=side,
            text="It is so.",
            source="the order",
            verified=True,
            now=now,
        )
    return held


def on_the_docket(held: Case, reason: EscalationReason, *, now: datetime, **fields) -> Escalation | None:
    """Lay a case before the council, as a verb would in its transaction."""
    with transaction.atomic():
        return escalation.escalate(case=held, reason=reason, now=now, **fields)
