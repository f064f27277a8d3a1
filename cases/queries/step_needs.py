"""What the forms of a panel need beside its record, in one statement: choices among rows, and what was typed before."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import CharField, Exists, F, IntegerField, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from accounts.models import Draft, User
from cases.models import Case, CaseCause, Cause, CauseKind, Contact

SHOWN_CAUSES = 200


@dataclass
class Needs:
    """Choices by subject as (primary key, label) pairs, and drafts by key, such as `case-2041-offer`."""

    choices: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    drafts: dict[str, dict] = field(default_factory=dict)


def people(case: Case) -> QuerySet[User]:
    """Return the colleagues work may be given to: all who work here and do more than read."""
    return User.objects.taking_work()


def contacts(case: Case) -> QuerySet[Contact]:
    """Return the people at the customer of the case."""
    return Contact.objects.filter(customer=case.customer_id, erased_at=None)


def kinds(case: Case) -> QuerySet[CauseKind]:
    """Return the kinds of causes still offered."""
    return CauseKind.objects.filter(retired=False)


def causes(case: Case) -> QuerySet[Cause]:
    """Return the causes a case may be put under: the 200 found last, none that only confidential cases are under."""
    under = CaseCause.objects.filter(cause=OuterRef("pk"))
    open_to_all = ~Exists(under) | Exists(under.filter(Q(case=case) | Q(case__confidential=False)))
    return Cause.objects.filter(pk__in=Cause.objects.filter(open_to_all).order_by("-id").values("pk")[:SHOWN_CAUSES])


_SOURCES: dict[str, tuple[Callable[[Case], QuerySet], str, str]] = {
    "people": (people, "name", ""),
    "contacts": (contacts, "name", ""),
    "kinds": (kinds, "name", "position"),
    "causes": (causes, "title", ""),
}


def needs(case: Case, user: User, among: tuple[str, ...]) -> Needs:
    """Return choices of each subject in `among` and the person's drafts on this case. One statement."""
    parts = [_part(name, *_SOURCES[name], case) for name in among]
    found = Needs(choices={name: [] for name in among})
    rows = _drafts(case, user).union(*parts, all=True)
    for what, key, label, body, _ in sorted(rows, key=lambda row: (row[0], row[4], row[2].casefold())):
        if what == "draft":
            found.drafts[label] = json.loads(body)
        else:
            found.choices[what].append((str(key), label))
    return found


def _part(what: str, source: Callable[[Case], QuerySet], label: str, position: str, case: Case) -> QuerySet:
    order = F(position) if position else Value(0, IntegerField())
    return _columns(source(case), what, label, Value("", TextField()), order)


def _drafts(case: Case, user: User) -> QuerySet:
    kept = Draft.objects.filter(user=user, key__startswith=f"case-{case.pk}-")
    return _columns(kept, "draft", "key", Cast("body", TextField()), Value(0, IntegerField()))


def _columns(rows: QuerySet, what: str, label: str, body, order) -> QuerySet:
    return rows.order_by().values_list(
        Value(what, CharField()), "pk", Cast(label, CharField()), body, Cast(order, IntegerField())
    )
