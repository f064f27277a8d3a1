"""Who gave a past answer: found by their address, or by their name at the customer; never guessed between two."""

from cases.folding import name_key
from cases.models import Contact


class People:
    """Everybody at our customers, by address and by name. Who was erased is nobody any more."""

    def __init__(self) -> None:
        self._by: dict[tuple[int | None, str], set[int]] = {}
        self._customer: dict[int, int] = {}
        known = Contact.objects.filter(erased_at=None).values_list("pk", "customer_id", "email", "name")
        for pk, customer, email, name in known.iterator():
            self._customer[pk] = customer
            for place in ((None, _address(email)), (customer, _address(email)), (customer, name_key(name))):
                self._by.setdefault(place, set()).add(pk)

    def find(self, cell: str, customer: int | None) -> int | None:
        """Return the contact an address or a name stands for; None where it is nobody, or more than one.

        An address counts at the customer first, then anywhere; a name counts only where the customer is known.
        """
        if not cell.strip():
            return None
        here = self._by.get((customer, _address(cell) if "@" in cell else name_key(cell)), set()) if customer else set()
        anywhere = self._by.get((None, _address(cell)), set()) if "@" in cell and customer is None else set()
        found = here or anywhere
        return next(iter(found)) if len(found) == 1 else None

    def customer_of(self, contact: int | None) -> int | None:
        """Return the customer a contact belongs to."""
        return self._customer.get(contact) if contact else None


def _address(text: str) -> str:
    return text.strip().lower()
