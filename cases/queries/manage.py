"""What the pages of administration show: where things stand, who changed what, which version is in force since when."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from accounts.models import AdminEvent, Role, Team, User
from cases.models import (
    Calendar,
    CalendarVersion,
    Case,
    Category,
    Cause,
    CauseKind,
    Contact,
    Customer,
    ImportRun,
    LetterText,
    Link,
    Policy,
    PolicyVersion,
    Rate,
    SetAside,
    Sweep,
)
from mail.models import Mailbox, Message, MessageState

VERSIONS_SHOWN = 20
# Facts of administrative acts that name a row, and where its name stands.
_NAMES: dict[str, tuple[type, str]] = {
    "person": (User, "name"),
    "lead": (User, "name"),
    "team": (Team, "name"),
    "customer": (Customer, "name"),
    "contact": (Contact, "name"),
    "link": (Link, "name"),
    "letter_text": (LetterText, "name"),
    "calendar": (Calendar, "name"),
    "policy": (Policy, "name"),
}
_ENTRIES = {"categories": Category, "causes": CauseKind}
# Names of fields that are not words of ours.
_FIELDS = {
    "email": "e-mail address",
    "title": "function",
    "phone": "telephone",
    "level": "management level",
    "zone": "time zone",
}


def hub() -> dict[str, Any]:
    """Return one line of where each part stands, in eleven statements."""
    here = Q(is_active=True, left_at=None)
    return {
        "people": User.objects.aggregate(here=Count("pk", filter=here)),
        "teams": Team.objects.aggregate(all=Count("pk"), without=Count("pk", filter=Q(lead=None))),
        "policy": policy_versions().first(),
        "calendar": calendar_versions().first(),
        "categories": Category.objects.aggregate(offered=Count("pk", filter=Q(retired=False))),
        "kinds": CauseKind.objects.aggregate(offered=Count("pk", filter=Q(retired=False))),
        "rates": Rate.objects.aggregate(currencies=Count("currency", distinct=True), latest=Max("on")),
        "dead": Message.objects.filter(state=MessageState.DEAD)[:100].count(),
        "mailboxes": Mailbox.objects.filter(is_active=True).aggregate(
            read=Count("pk"), failing=Count("pk", filter=~Q(error=""))
        ),
        "aside": SetAside.objects.all()[:1000].count(),
        "failing": Sweep.objects.exclude(error="").count(),
        "last_import": ImportRun.objects.order_by("-id").first(),
        "open_history": Case.objects.filter(historical=True, state="open")[:1001].count(),
    }


def policy_versions(of: int | None = None) -> QuerySet[PolicyVersion]:
    """Return the versions of a policy, of the default one unless told, newest first."""
    wanted = {"policy": of} if of else {"policy__is_default": True}
    return PolicyVersion.objects.filter(**wanted).select_related("policy__category", "made_by").order_by("-number")


def calendar_versions(of: int | None = None) -> QuerySet[CalendarVersion]:
    """Return the versions of a calendar, of the default one unless told, newest first."""
    wanted = {"calendar": of} if of else {"calendar__is_default": True}
    return CalendarVersion.objects.filter(**wanted).select_related("calendar", "made_by").order_by("-number")


def with_cases(versions: QuerySet, column: str) -> list:
    """Return the newest versions, each with `open_cases`: live cases not closed that opened with it."""
    rows = list(versions[:VERSIONS_SHOWN])
    cases = Case.objects.live().unfinished().filter(**{f"{column}__in": rows})
    counted = Counter(dict(cases.order_by().values_list(column).annotate(Count("pk"))))
    for row in rows:
        row.open_cases = counted[row.pk]
    return rows


def entries(what: str) -> list[Category | CauseKind]:
    """Return a list of the house with how often each entry is used, in its order."""
    model = _ENTRIES[what]
    used = Case if what == "categories" else Cause
    column = "category" if what == "categories" else "kind"
    counted = dict(used.objects.order_by().values_list(column).annotate(Count("pk")))
    rows = list(model.objects.order_by("position", "name"))
    for row in rows:
        row.used = counted.get(row.pk, 0)
    return rows


def named(events: Iterable[AdminEvent]) -> list[AdminEvent]:
    """Give each administrative act the names its facts point to, as `names`; one statement a kind of row."""
    rows = list(events)
    for event in rows:
        event.names = {}
        event.fields = [_FIELDS.get(name, name) for name in event.facts.get("fields", ())]
        event.roles, event.roles_before = _roles(event, "roles"), _roles(event, "roles_before")
    for key, (model, column) in _NAMES.items():
        wanted = {event.facts[key] for event in rows if event.facts.get(key)}
        found = dict(model.objects.filter(pk__in=wanted).values_list("pk", column)) if wanted else {}
        for event in rows:
            event.names[key] = found.get(event.facts.get(key), "")
    for what, model in _ENTRIES.items():
        mine = [event for event in rows if event.kind.startswith(f"{what}_")]
        wanted = {event.facts.get("entry") for event in mine}
        found = dict(model.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
        for event in mine:
            event.names["entry"] = found.get(event.facts.get("entry"), "")
    return rows


def _roles(event: AdminEvent, fact: str) -> list[str]:
    known = dict(Role.choices)
    return [str(known.get(role, role)).lower() for role in event.facts.get(fact, ())]
