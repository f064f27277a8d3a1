"""What helps while a complaint is written down: who it may be, what it looks like, what it is about."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from accounts.models import User
from cases import access, search
from cases.enums import CaseState, Severity
from cases.folding import fold, name_key, words_of
from cases.models import Case, Category, Contact, Customer
from cases.policy import Rules

MOST = 8
MOST_ALIKE = 3
RECENT = timedelta(days=365)
LEARNT_FROM = 200
# A word of the category's own name counts as much as three shared with the title of one earlier case.
NAMED, LEAST = 3, 2
SHORTEST = 5


@dataclass(frozen=True)
class Found:
    """One line of a type-ahead; the name in three parts, the middle one being what was typed."""

    row: Customer | Contact
    before: str
    hit: str
    after: str
    open_cases: int = 0


def customers(user: User, text: str) -> list[Found]:
    """Return customers whose name holds `text`, with the number of their open cases. At most three statements."""
    rows = search.customers(text, MOST)
    cases = access.visible_to(user).filter(customer__in=rows, state=CaseState.OPEN)
    counted = Counter(cases.order_by().values_list("customer_id", flat=True)[:1_000])
    return [Found(row, *_parts(row.name, text), counted[row.pk]) for row in rows]


def contacts(customer_id: int | None, text: str) -> list[Found]:
    """Return people at a customer whose name holds `text`; all of them for an empty one."""
    wanted = name_key(text)
    people = Contact.objects.filter(customer=customer_id, erased_at=None).order_by("name", "id")[:200]
    rows = [one for one in people if wanted in name_key(one.name)] if customer_id else []
    return [Found(one, *_parts(one.name, text)) for one in rows[:MOST]]


def _parts(name: str, text: str) -> tuple[str, str, str]:
    folded, wanted = fold(name), fold(text.strip())
    at = folded.find(wanted) if wanted and len(folded) == len(name) else -1
    return (name, "", "") if at < 0 else (name[:at], name[at : at + len(wanted)], name[at + len(wanted) :])


def called(name: str) -> list[Customer]:
    """Return the customers of exactly this name, without regard to case and accents."""
    named = Customer.objects.filter(folded=name_key(name), merged_into=None)
    return list(named.select_related("account_manager", "team").order_by("id")[:MOST])


def alike(user: User, customer: Customer, text: str, now: datetime) -> list[Case]:
    """Return at most three open or recent cases of a customer, those with the most words in common first."""
    cases = access.visible_to(user).filter(customer=customer, historical=False, received_at__gte=now - RECENT)
    rows = list(cases.only("title", "state", "outcome", "severity", "received_at").order_by("-received_at", "-id")[:30])
    said = _telling(text)

    def nearness(case: Case) -> tuple[int, bool]:
        return len(said & _telling(case.title)), case.state == CaseState.OPEN

    near = sorted(rows, key=nearness, reverse=True)
    return [case for case in near if case.state != CaseState.CLOSED or said & _telling(case.title)][:MOST_ALIKE]


def is_repeat(customer: Customer, severity: str, rules: Rules, now: datetime) -> int:
    """Return which case within the policy's days this would be, if that takes it to the council; else 0."""
    if severity == Severity.LOW:
        return 0
    since = now - timedelta(days=rules["repeat_days"])
    recent = Case.objects.live().filter(customer=customer, received_at__gte=since).exclude(severity=Severity.LOW)
    nth = recent.count() + 1
    return nth if nth >= rules.repeats(customer.tier) else 0


def suggested_category(text: str, categories: list[Category] | QuerySet[Category]) -> Category | None:
    """Return the category whose name, or whose earlier cases' titles, share the most words with `text`."""
    said = words_of(text)
    if not said:
        return None
    telling, alike = _telling(text), Counter()
    for category, title in _earlier():
        alike[category] = max(alike[category], len(telling & _telling(title)))
    score = {one.pk: NAMED * _named(one.name, said) + alike[one.pk] for one in categories}
    best = max(categories, key=lambda one: score[one.pk], default=None)
    return best if best is not None and score[best.pk] >= LEAST else None


def _earlier() -> list[tuple[int, str]]:
    rows = Case.objects.live().exclude(category=None).order_by("-received_at", "-id")
    return list(rows.values_list("category_id", "title")[:LEARNT_FROM])


def _named(name: str, said: list[str]) -> int:
    """Count words of a category's name that were said, in whatever ending: delivery, delivered, deliveries."""
    stems = [word[: max(4, len(word) - 3)] for word in words_of(name) if len(word) > 3]
    return sum(any(word.startswith(stem) for word in said) for stem in stems)


def _telling(text: str) -> set[str]:
    return {word for word in words_of(text) if len(word) >= SHORTEST}
