"""What is measured: every page a promise names, as an account manager and as a council member, with its limit."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

LIST, READ, FIGURES, WRITE = 2.5, 3.0, 10.0, 3.0  # times the floor: P1, P1, P3, P4
TABS = ("timeline", "discovery", "facts", "promises", "actions", "files")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Page:
    """One address to be measured for somebody; with `form`, one act whose fields are made anew each time.

    `grows` tells that the promise holds it to its own figure at 10,000 cases as well.
    """

    name: str
    who: str
    url: str
    limit: float
    grows: bool = True
    form: Callable[[int], dict[str, Any]] | None = None


def everything() -> Iterator[Page]:
    """Yield every page, its addresses taken from what the database holds."""
    for who in ("manager", "council"):
        reader = _reader(who)
        yield from _lists(who, reader)
        yield from _searches(who)
        yield from _cases(who)
        yield from _desks(who)
    yield from _acts()


def readers() -> dict[str, Any]:
    """Return the two people who read: one who owns fifty open cases, one who sits on the council."""
    return {who: _reader(who) for who in ("manager", "council")}


def _reader(who: str):
    from accounts.models import User

    return User.objects.get(email="owner0@scale.example" if who == "manager" else "council@scale.example")


def _lists(who: str, reader) -> Iterator[Page]:
    from accounts.models import User
    from cases.models import Category, Customer

    firm = Customer.objects.get(name__startswith="Firm ", pk=_busiest())
    asked = {
        "list": "",
        "list: closed": "state=closed",
        "list: resolved": "state=resolved",
        "list: every state": "state=all",
        "list: mine": "whose=me",
        "list: critical": "severity=critical",
        "list: high, every state": "severity=high&state=all",
        "list: silent a week": "silent=on",
        "list: waiting for customer": "waiting=on",
        "list: unassigned": "whose=nobody",
        "list: with the council": "council=on",
        "list: an owner": f"owner={User.objects.get(email='owner7@scale.example').pk}",
        "list: an owner, closed": f"owner={User.objects.get(email='owner7@scale.example').pk}&state=closed",
        "list: my team": "whose=team",
        "list: my team, every state": "whose=team&state=all",
        "list: a category": f"category={Category.objects.first().pk}",
        "list: a category, every state": f"category={Category.objects.first().pk}&state=all",
        "list: a customer": f"customer={firm.pk}&state=all",
        "list: a customer, open": f"customer={firm.pk}",
        "list: name contains": "company=firm+1",
        "list: most at stake": "sort=stake",
        "list: most at stake, every state": "sort=stake&state=all",
        "list: over a sum": "over=10000",
        "list: this quarter": "since=quarter&state=all",
        "list: deep": f"after={_deep('next_due_at', state='open')}",
        "list: deep, every state": f"state=all&after={_deep('received_at')}",
        "list: deep, back": f"state=all&before={_deep('received_at')}",
    }
    for name, query in asked.items():
        yield Page(name, who, f"/cases/?{query}", LIST)


def _busiest() -> int:
    from django.db.models import Count

    from cases.models import Case

    return Case.objects.values("customer").annotate(n=Count("pk")).order_by("-n")[0]["customer"]


def _deep(column: str, **where) -> str:
    """Return the place in the middle of a list."""
    from cases.models import Case

    rows = Case.objects.filter(**where).order_by(column, "id").values_list(column, "pk")
    moment, pk = rows[rows.count() // 2]
    microseconds = (moment - _EPOCH) // (datetime.resolution)
    return f"{microseconds}~{pk}"


def _searches(who: str) -> Iterator[Page]:
    from cases.models import Case

    number = Case.objects.order_by("pk").values_list("pk", flat=True)[500]
    asked = {
        "a common word": "common",
        "a word on a quarter": "w1",
        "a rare word": "rare7",
        "an absent word": "zeppelin",
        "a common and a rare word": "common+rare7",
        "a number": f"RC-{number}",
        "a beginning": "word12",
    }
    for name, query in asked.items():
        yield Page(f"search: {name}", who, f"/search/?q={query}", READ)


def _cases(who: str) -> Iterator[Page]:
    for state, pk in {"open": _case("open", 20), "closed": _case("closed", 30)}.items():
        yield Page(f"case: {state}", who, f"/cases/RC-{pk}/", READ)
        for tab in TABS[1:] if state == "open" else ():
            yield Page(f"case: {tab}", who, f"/cases/RC-{pk}/?tab={tab}", READ)


def _case(state: str, least: int) -> int:
    """Return the newest case of the manager's in this state that has gone through a lot."""
    from cases.models import Case

    return Case.objects.filter(owner=_reader("manager"), state=state, chain__seq__gte=least).order_by("-pk")[0].pk


def _desks(who: str) -> Iterator[Page]:
    for scope in ("mine", "team", "everyone"):
        yield Page(f"today: {scope}", who, f"/?scope={scope}", READ)
    yield Page("docket", who, "/council/", READ)
    yield Page("figures", who, "/council/figures/", FIGURES, grows=False)


def _acts() -> Iterator[Page]:
    from cases.models import Case, Customer

    case, firm = Case.objects.get(pk=_case("open", 7)), Customer.objects.get(pk=_busiest())
    yield Page("log a complaint", "manager", "/cases/new/", WRITE, grows=False, form=lambda n: _complaint(firm, n))
    call = {"side": "ours", "contact": case.reporter_id, "minutes": 14}
    yield Page(
        "add an entry", "manager", f"/cases/RC-{case.pk}/write/call/", WRITE, grows=False,
        form=lambda n: {**call, "text": f"We spoke, and agreed on Thursday ({n})."},
    )  # fmt: skip


def _complaint(firm, number: int) -> dict[str, Any]:
    from django.utils import timezone

    return {
        "token": uuid4().hex,
        "customer_name": firm.name,
        "contact_name": firm.contacts.order_by("pk")[0].name,
        "channel": "phone",
        "text": f"This is the third time this year, and number {number}.",
        "received_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "remedy_state": "not_asked",
        "severity": "",
    }
