"""Whom a complaint is from: the customer and the person chosen from the list, named exactly, or new."""

from dataclasses import dataclass, field

from cases.enums import Tier
from cases.folding import name_key
from cases.log import NewContact, NewCustomer
from cases.models import Contact, Customer
from cases.queries import log as query
from cases.search import customers as like

NEW = "new"


@dataclass(frozen=True)
class Answer:
    """Who it is, or what is wrong and between whom to choose."""

    who: Customer | NewCustomer | Contact | NewContact | None = None
    wrong: str = ""
    choices: list = field(default_factory=list)


def customer_of(*, name: str, chosen: str, picked: str, place: str = "", tier: str = "") -> Answer:
    """Find the customer by what was picked, by what was chosen while typing, or by the exact name."""
    for pk in (picked, chosen):
        row = _customer(pk)
        if row is not None and (pk == picked or name_key(row.name) == name_key(name)):
            return Answer(row)
    if not name:
        return Answer(wrong="Say which customer this is from.")
    called = query.called(name)
    if len(called) == 1:
        return Answer(called[0])
    if called:
        return Answer(wrong="Several customers have this name. Choose one.", choices=called)
    if NEW in (picked, chosen):
        return Answer(NewCustomer(name, place, Tier(tier) if tier in Tier.values else Tier.STANDARD))
    return Answer(wrong="No customer has exactly this name. Choose one, or say that it is new.", choices=like(name, 5))


def contact_of(customer: Customer | NewCustomer | None, new: NewContact, *, chosen: str, picked: str) -> Answer:
    """Find the person by what was picked, chosen or by the exact name; somebody else is new and must be reachable."""
    people = _people(customer)
    for pk in (picked, chosen):
        found = [one for one in people if str(one.pk) == pk]
        if found and (pk == picked or name_key(found[0].name) == name_key(new.name)):
            return Answer(found[0])
    if not new.name:
        return Answer()
    called = [one for one in people if name_key(one.name) == name_key(new.name)]
    if len(called) == 1:
        return Answer(called[0])
    if called:
        return Answer(wrong="Several people there have this name. Choose one.", choices=called)
    same = [one for one in people if new.email and one.email.lower() == new.email.lower()]
    if same:
        return Answer(wrong=f"{new.email} is the address of {same[0].name}. Choose them.", choices=same)
    if not new.email and not new.phone:
        return Answer(wrong=f"{new.name} is new to us. Add an e-mail address or a phone number below.")
    return Answer(new)


def _customer(pk: str) -> Customer | None:
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    return Customer.objects.select_related("account_manager", "team__lead").filter(pk=int(pk), merged_into=None).first()


def _people(customer: Customer | NewCustomer | None) -> list[Contact]:
    if not isinstance(customer, Customer):
        return []
    return list(Contact.objects.filter(customer=customer, erased_at=None).order_by("name", "id"))
