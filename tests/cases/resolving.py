"""A result and what the customer says to it, by the product's own verbs."""

from datetime import datetime

from cases.enums import EntryKind
from cases.models import Case, Confirmation
from cases.steps import resolve
from tests import builders


def asked(case: Case, now: datetime) -> Confirmation:
    """Offer, carry out, ask; return the question."""
    builders.ready_to_offer(case, now=now)
    words = {"case": case, "actor": case.owner, "now": now}
    resolve.offer(text="Forty housings", means=EntryKind.CALL, **words)
    resolve.carry_out(text="They arrived", by="Sven", at=now, **words)
    return resolve.ask(**words)


def confirmed(case: Case, now: datetime) -> Case:
    """Let the customer say that it is put right."""
    resolve.confirm(confirmation=asked(case, now), yes=True, text="", now=now)
    case.refresh_from_db()
    return case


def refused(case: Case, now: datetime) -> Case:
    """Let the customer refuse a result."""
    resolve.confirm(confirmation=asked(case, now), yes=False, text="The gauge is missing", now=now)
    case.refresh_from_db()
    return case
