"""A question goes to one address, and so does everything that follows it: a link wanders to nobody else.

Who changes a contact's address after the customer was asked is told of on the case, and to the lead.
"""

from datetime import datetime

from accounts.models import User
from cases import letters, presence, timeline
from cases.enums import Verdict
from cases.locking import hold
from cases.models import Case, Confirmation, Contact


def asked_cases(contact: Contact) -> list[Case]:
    """Lock and return the cases on which this person was asked and has not answered, in the order of locking."""
    waiting = Confirmation.objects.filter(contact=contact, verdict=Verdict.PENDING).order_by("case_id")
    return [hold(pk) for pk in dict.fromkeys(waiting.values_list("case_id", flat=True))]


def changed_after_asking(*, contact: Contact, cases: list[Case], actor: User, now: datetime) -> None:
    """Write down on the locked cases that the address was changed after asking, and tell each lead."""
    for case in cases:
        facts = {"contact": contact.pk}
        kind = timeline.Kind.ADDRESS_CHANGED
        timeline.record(case=case, kind=kind, now=now, actor=actor, contact=contact, facts=facts)
        letters.bell(
            user=presence.lead_of(case),
            case=case,
            key=f"address-{case.pk}-{contact.pk}-{now.isoformat()}",
            kind="address_changed",
            now=now,
            facts={"who": actor.name, "contact": contact.name},
        )
