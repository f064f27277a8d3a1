"""What every main page costs in statements (promise P2): at one row, at thirty, and on thousands of imported cases.

Session, user and bell are counted in. Each page is asked once before it is measured, for what a process keeps.
"""

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from cases import actions, defaults, entries, escalation, facts, promises, search
from cases.enums import ActionKind, EntryKind, EscalationReason, GestureKind, PromiseKind, Severity, Side
from cases.importing import history
from cases.importing.mapping import CFPB_COLUMNS
from cases.models import Case, CauseKind, Customer
from cases.steps import go_beyond, root_cause
from surveys import answering
from tests import builders
from tests.builders import NOON
from tests.surveys import making

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LATER = making.LEAVES + 2 * making.DAY
TABS = ("timeline", "discovery", "facts", "promises", "actions", "files")
LIST, PAGE = 8, 14
FIGURES = (
    "", "side-by-side/", "side-by-side/?by=owner", "value/", "causes/", "do-the-repaired-hold/", "right-time/cases/",
    "told-in-time/cases/?part=met", "at-stake/cases/", "promises/cases/", "recurred-90/cases/",
)  # fmt: skip
# PostgreSQL first asks how common a word is, then takes one of two roads: a constant, whatever the number of rows.
SEARCH = 10
SAMPLE = Path(__file__).parents[3] / "shared" / "data" / "cfpb-sample.csv"
GENERATED = 300


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    """Every page is read at the same moment."""
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def reader(db) -> User:
    """A lead who sits on the council too: nobody sees more."""
    team = builders.team()
    team.lead = builders.user("manager", "lead", "council", "quality", name="Marta Keller", of=team)
    team.save()
    return team.lead


def budgets(case: Case) -> dict[str, int]:
    """Return the main pages with the most statements each may cost."""
    page = case.get_absolute_url()
    return {
        "/": LIST,
        "/?scope=team": LIST,
        "/cases/": LIST,
        "/cases/?state=all&history=with": LIST,
        "/cases/?severity=normal&sort=stake": LIST,
        "/search/?q=housings": SEARCH,
        **{f"{page}?tab={tab}": PAGE for tab in TABS},
        **{f"{page}?step={step}": PAGE for step in range(1, 10)},
        f"{page}?write=email": PAGE,
        "/council/": PAGE,
        **{f"/council/figures/{page}": PAGE for page in FIGURES},
        f"/council/statements/{case.customer_id}/": PAGE,
        "/council/log/": LIST,
        "/surveys/": LIST,
        "/customers/": LIST,
        f"/customers/{case.customer_id}/": PAGE,
        "/learnings/": LIST,
        "/learnings/?view=changes": LIST,
        "/notices/": LIST,
    }


def costs(reader: User, case: Case) -> dict[str, int]:
    """Return how many statements each page takes."""
    client = Client()
    client.force_login(reader)
    return {address: _cost(client, address) for address in budgets(case)}


def too_dear(found: dict[str, int], case: Case) -> dict[str, int]:
    """Return the pages above their budget."""
    return {address: found[address] for address, most in budgets(case).items() if found[address] > most}


def _cost(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return len(asked)


def grow(reader: User, case: Case, rows: int) -> None:
    """Add rows of everything the pages show: cases, entries, answers, docket, causes."""
    owner = case.owner
    for _ in range(rows):
        _write(case, owner)
        other = builders.case(owner=owner)
        asks_council = {"kind": GestureKind.TIME, "what": "Stock", "why": "A weekend", "currency": "CHF"}
        go_beyond.propose(case=other, actor=owner, cost=450_000, now=NOON, **asks_council)
        root_cause.link(case=other, actor=owner, title="One carrier", kind=CauseKind.objects.first(), now=NOON)
        answered = making.invited(owner=reader)
        answering.send(invitation=answered, marks={"satisfied": 4}, text="Good", now=making.LEAVES + HOUR)
    search.index_due(LATER)


def _write(case: Case, owner: User) -> None:
    by = {"case": case, "actor": owner, "now": NOON + HOUR}
    due = NOON + 99 * HOUR
    entries.add_entry(kind=EntryKind.CALL, text="Called", contact=case.reporter, **by)
    facts.add_fact(side=Side.OURS, text="So", source="x", verified=True, **by)
    promises.make_promise(kind=PromiseKind.RECOVERY, text="A call", due_at=due, **by)
    actions.plan_action(kind=ActionKind.IMMEDIATE, text="Pack", owner=owner, due_at=due, **by)


def without_search(counted: dict[str, int]) -> dict[str, int]:
    """Leave out search, whose road depends on how common the word is."""
    return {address: count for address, count in counted.items() if not address.startswith("/search/")}


def test_pages_cost_the_same_at_one_row_and_at_thirty(reader):
    case = builders.acknowledged(builders.case(owner=builders.user(of=reader.team), severity=Severity.HIGH))
    escalation.escalate(case=case, reason=EscalationReason.BY_HAND, asked_by=case.owner, now=NOON)
    grow(reader, case, 1)
    one = costs(reader, case)
    grow(reader, case, 29)
    thirty = costs(reader, case)

    assert too_dear(thirty, case) == {}
    assert without_search(thirty) == without_search(one)


# On thousands of cases


@pytest.fixture
def history_of_thousands(tmp_path) -> int:
    """Import the public sample where it stands beside the project, else rows made up; return how many."""
    defaults.install()
    path = SAMPLE if SAMPLE.is_file() else _generated(tmp_path / "sample.csv")
    report = history.import_file(path=path, mapping="cfpb", actor=None, now=LATER, progress=lambda run: None)
    assert report.run.refused == 0
    return report.run.added


def _generated(path: Path) -> Path:
    with path.open("w", newline="") as file:
        rows = csv.DictWriter(file, CFPB_COLUMNS)
        rows.writeheader()
        for number in range(GENERATED):
            cells = {"Date received": f"2023-04-{number % 28 + 1:02}", "Complaint ID": str(number)}
            cells |= {"Company": f"Bank {number % 40}", "Product": "Mortgage", "Issue": "Payments"}
            cells |= {"Submitted via": "Web", "Company response to consumer": "Closed with explanation"}
            rows.writerow(dict.fromkeys(CFPB_COLUMNS, "") | cells)
    return path


def test_pages_keep_their_budget_after_the_import(history_of_thousands, reader):
    imported = Case.objects.filter(customer__in=_busiest()).order_by("id").first()
    live = builders.acknowledged(builders.case(owner=builders.user(of=reader.team)))
    grow(reader, live, 1)
    for case in (imported, live):
        assert too_dear(costs(reader, case), case) == {}


def _busiest() -> list[int]:
    counted = Customer.objects.filter(cases__historical=True).values_list("pk", flat=True)
    return [max(set(counted), key=list(counted).count)]


def test_lists_page_through_all_rows_and_back(history_of_thousands, reader):
    client = Client()
    client.force_login(reader)
    lists = {
        "/cases/?state=all&history=with": Case.objects.all(),
        "/cases/?state=open&history=with": Case.objects.open(),
        "/cases/?state=open&history=only&sort=stake": Case.objects.open(),
        "/customers/": Customer.objects.all(),
    }
    for address, rows in lists.items():
        there = list(_walk(client, address, "older_url"))
        back = list(_walk(client, there[-1][1], "newer_url"))
        expected = sorted(rows.values_list("pk", flat=True))
        assert sorted(pk for page, _ in there for pk in page) == expected, address
        assert [page for page, _ in reversed(back)] == [page for page, _ in there], address


def _walk(client: Client, address: str, neighbour: str) -> Iterator[tuple[list[int], str]]:
    """Follow one direction to its end; yield the ids of each page and its address."""
    path = address.partition("?")[0]
    while True:
        shown = client.get(address).context["page"]
        yield [row.pk for row in shown.rows], address
        onward = getattr(shown, neighbour)
        if not onward:
            return
        address = path + onward
