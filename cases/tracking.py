"""Which case a message belongs to: by its conversation, else by a number in its subject from somebody known."""

import re

from cases.models import Case, Contact
from mail.models import Inbound

_NUMBER = re.compile(r"\bRC-(\d{4,12})\b", re.IGNORECASE)
MOST_NUMBERS = 5


def case_of(inbound: Inbound) -> Case | None:
    """Return the case a message belongs to; of one that was merged the surviving case. None for no case.

    The conversation counts whoever writes, for its address cannot be guessed. A number in the subject can, and so
    counts only from a contact of that case's customer.
    """
    found = _by_thread(inbound) or _by_number(inbound)
    while found is not None and found.merged_into_id:
        found = Case.objects.get(pk=found.merged_into_id)
    return found


def contact_of(inbound: Inbound, case: Case) -> Contact | None:
    """Return who of the case's customer wrote, by address; None for somebody nobody has written down."""
    if not inbound.sender:
        return None
    people = Contact.objects.filter(customer=case.customer_id, email__iexact=inbound.sender)
    return people.order_by("id").first()


def _by_thread(inbound: Inbound) -> Case | None:
    return Case.objects.filter(thread=inbound.thread).first() if inbound.thread else None


def _by_number(inbound: Inbound) -> Case | None:
    numbers = [int(number) for number in _NUMBER.findall(inbound.subject)[:MOST_NUMBERS]]
    if not numbers or not inbound.sender:
        return None
    known = Contact.objects.filter(email__iexact=inbound.sender).values("customer")
    found = {case.pk: case for case in Case.objects.filter(pk__in=numbers, customer__in=known)}
    return next((found[number] for number in numbers if number in found), None)
