"""Who wrote to us: a contact by their address, else a customer by the domain of it. A match is a suggestion."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from cases.arrival_kinds import MatchedBy
from cases.models import Case, Contact, Customer
from mail.models import Inbound

# Domains where anybody has an address: they tell nothing of a company.
ANYBODYS = frozenset((
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "yahoo.de",
    "yahoo.fr", "icloud.com", "me.com", "mac.com", "aol.com", "gmx.net", "gmx.de", "gmx.ch", "gmx.at", "web.de",
    "t-online.de", "bluewin.ch", "hispeed.ch", "sunrise.ch", "orange.fr", "wanadoo.fr", "free.fr", "laposte.net",
    "sfr.fr", "proton.me", "protonmail.com", "posteo.de", "mail.com", "mail.ru", "yandex.ru", "qq.com", "163.com",
    "zoho.com", "fastmail.com", "hotmail.fr", "hotmail.de", "live.fr",
))  # fmt: skip
MOST = 5


@dataclass(frozen=True)
class Match:
    """Who it may be; `by` says how we know."""

    customer: Customer | None = None
    contact: Contact | None = None
    by: str = ""


def match(address: str) -> Match:
    """Return who wrote from `address`, where one contact or one customer fits; an empty match otherwise."""
    people = list(_people(address))
    if len({person.customer_id for person in people}) == 1:
        return Match(people[0].customer, people[0], MatchedBy.ADDRESS)
    found = by_domain(address) if not people else []
    return Match(found[0], None, MatchedBy.DOMAIN) if len(found) == 1 else Match()


def colleague_named(inbound: Inbound) -> User | None:
    """Return the colleague a message says it is from. Only `sender_proved` says that it is (decision 0011)."""
    here = User.objects.working_here()
    return here.filter(email__iexact=inbound.sender).first() if inbound.sender else None


def by_domain(address: str) -> list[Customer]:
    """Return customers with somebody at the same domain, at most five; none for domains where anybody may be."""
    domain = address.rpartition("@")[2].lower()
    if not domain or domain in ANYBODYS:
        return []
    same = Contact.objects.filter(email__iendswith=f"@{domain}", erased_at=None, customer__merged_into=None)
    ids = list(same.order_by("customer_id").values_list("customer_id", flat=True).distinct()[:MOST])
    return list(Customer.objects.filter(pk__in=ids).select_related("account_manager"))


def suggestions(address: str) -> list[Customer]:
    """Return every customer it may be from, the closest first, at most five."""
    named = list({person.customer_id: person.customer for person in _people(address)}.values())
    known = {customer.pk for customer in named}
    return [*named, *(one for one in by_domain(address) if one.pk not in known)][:MOST]


def open_cases(customers: Iterable[Customer], visible) -> list[Case]:
    """Return the newest cases of these customers among those the reader may see, at most five."""
    rows = visible.filter(customer__in=[one.pk for one in customers], historical=False, merged_into=None)
    return list(rows.select_related("customer").order_by("-received_at")[:MOST])


def _people(address: str):
    if not address:
        return []
    rows = Contact.objects.filter(email__iexact=address, erased_at=None, customer__merged_into=None)
    return rows.select_related("customer__account_manager").order_by("-id")[: MOST * 2]
