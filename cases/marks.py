"""What became of a customer: renewed, lost, or a mark they gave outside any case.

The figures on saved and lost value and on "do the repaired hold?" rest on these rows; without them they say that
nothing is known. Each is one line in the administration log.
"""

from datetime import date, datetime

from django.db import transaction

from accounts import admin_log
from accounts.models import User
from cases.models import Case, Customer, CustomerMark
from cases.refusals import Refused

Kind = CustomerMark.Kind
MOST = 10


@transaction.atomic
def note(
    *, actor: User, customer: Customer, kind: Kind, on: date, value: int | None = None, now: datetime
) -> CustomerMark:
    """Note what became of a customer on a day. Raise `Refused` for a day ahead, a mark out of range, or a second one.

    A customer renewed is no longer lost: but both rows stay, each with its day.
    """
    if on > now.date():
        raise Refused("This day lies ahead. Note it when it has come.", field="on")
    if kind == Kind.SCORE and (value is None or not 0 <= value <= MOST):
        raise Refused("Give the mark they gave, from 0 to 10.", field="value")
    known = CustomerMark.objects.filter(customer=customer, kind=kind, on=on)
    if known.exists():
        raise Refused("This is noted for that day already. Take that one back first, if it is wrong.", field="on")
    mark = CustomerMark.objects.create(
        customer=customer, kind=kind, on=on, value=value if kind == Kind.SCORE else None,
        noted_by=actor, noted_at=now,
    )  # fmt: skip
    facts = {"customer": customer.pk, "kind": str(kind), "on": on.isoformat(), "value": mark.value}
    admin_log.record(actor=actor, kind="customer_marked", facts=facts, now=now)
    return mark


@transaction.atomic
def take_back(*, actor: User, mark: CustomerMark, now: datetime) -> None:
    """Take back a mark that was wrong. Raise `Refused` for one that a case left when it ended: the case says so."""
    if mark.case_id is not None:
        raise Refused(f"{mark.case} ended like this. As long as it is closed so, the mark stays.")
    facts = {"customer": mark.customer_id, "kind": mark.kind, "on": mark.on.isoformat(), "value": mark.value}
    mark.delete()
    admin_log.record(actor=actor, kind="customer_mark_removed", facts=facts, now=now)


def lost(*, case: Case, on: date, actor: User | None, now: datetime) -> None:
    """Leave the mark of a case that ended with the customer lost or let go; once a day and customer."""
    facts = {"case": case, "noted_by": actor, "noted_at": now}
    CustomerMark.objects.get_or_create(customer=case.customer, kind=Kind.LOST, on=on, defaults=facts)


def found_again(*, case: Case) -> None:
    """Take away the mark a case left, because it is open again."""
    CustomerMark.objects.filter(case=case).delete()
