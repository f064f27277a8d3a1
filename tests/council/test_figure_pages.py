"""The pages of figures: every number opens exactly what it counts, for whoever reads; who may see what; on paper."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from cases import promises
from cases.enums import ActionKind, Channel, PromiseKind
from cases.models import Action, Case, CaseCause, Cause, CauseKind, Check
from cases.steps import waiver
from cases.words import write
from council.figures import catalogue, tallying
from council.models import Tally
from tests import builders
from tests.builders import NOON
from tests.council.test_tallying import put_right

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = NOON + 2 * DAY
LINK = re.compile(r'href="(/council/figures/[a-z0-9-]+/cases/\?[^"]*)"[^>]*>(?:<[^>]+>)*\s*([+−]?[\d.]+)')


@pytest.fixture
def world(people, clock):
    """Cases in every state that the figures tell apart, some of them confidential, one about a member."""
    clock.move_to(LATER)
    other = builders.user(name="Luc Perrin", of=builders.team("South"))
    done = builders.acknowledged(builders.case(owner=people.owner))
    put_right(done)
    for severity in ("low", "high", "critical"):
        builders.case(owner=other, severity=severity, now=NOON + DAY)
    for days in (10, 40, 70, 100):
        builders.case(owner=people.owner, now=NOON - days * DAY, channel=Channel.FOUND)
    builders.case(owner=people.owner, title="Somebody was rude", about_person=True)
    about = builders.case(owner=people.owner, title="The member was rude", about_person=True)
    Case.objects.filter(pk=about.pk).update(about_user=people.member)
    by = {"case": done, "actor": people.owner, "now": NOON + HOUR}
    promises.make_promise(kind=PromiseKind.RECOVERY, text="A call", due_at=NOON + 3 * HOUR, **by)
    cause = Cause.objects.create(title="Hand-over", kind=CauseKind.objects.first(), owner=people.owner, found_at=NOON)
    for case in Case.objects.all()[:5]:
        CaseCause.objects.create(case=case, cause=cause, at=NOON)
    row = write(text="Two signatures", now=NOON, case=done)
    mended = {"planned_at": NOON, "due_at": NOON, "done_at": NOON, "done_by": people.owner, "owner": people.owner}
    Action.objects.create(cause=cause, kind=ActionKind.CORRECTIVE, words=row, **mended)
    Check.objects.create(cause=cause, criterion=row, due_at=NOON + DAY, checker=people.owner)
    tallying.tally_due(LATER)
    Tally.objects.filter(case=done).update(answered_at=NOON, asked_at=NOON, satisfied=4, heard=2, easy=5, recommend=9)
    return people


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def listed(client, address: str) -> int:
    """Walk every page of a list behind a number, and return how many rows it has."""
    path, rows = address.partition("?")[0], 0
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, address
        page = answer.context["page"]
        rows += len(page.rows)
        address = page.older_url and path + page.older_url
    return rows


@pytest.mark.parametrize("who", ["member", "lead", "owner", "auditor"])
def test_every_part_of_every_measure_opens_exactly_what_it_counts(world, who):
    client = as_(getattr(world, who))
    for slug, measure in catalogue.MEASURES.items():
        address = f"/council/figures/{slug}/cases/?period=quarter"
        counted = client.get(address).context["counted"]
        for part in measure.parts:
            assert listed(client, f"{address}&part={part.slug}") == counted.reading.counts[part.slug], (slug, part.slug)
        assert listed(client, address) == counted.total, slug


PAGES = ("", "side-by-side/?by=severity", "side-by-side/?by=team", "value/", "causes/?weigh=count", "report/")


@pytest.mark.parametrize("page", PAGES)
def test_every_count_on_a_page_is_the_number_of_rows_it_opens(world, page):
    client = as_(world.chair)
    html = client.get(f"/council/figures/{page}").content.decode().replace("&amp;", "&")
    found = [(address, text) for address, text in LINK.findall(html) if is_count(address)]
    assert len(found) >= 2
    for address, text in found:
        assert listed(client, address) == int(text), address


def is_count(address: str) -> bool:
    """Tell whether a number is how many rows it opens, and no share, mark, time or sum of money."""
    measure = catalogue.MEASURES[address.split("/")[3]]
    return measure.kind in ("count", "money") or "part=running" in address


def test_each_bar_of_the_drawing_opens_its_cases(world):
    client = as_(world.chair)
    answer = client.get("/council/figures/?period=month")
    bars = answer.context["overview"].chart.bars
    html = answer.content.decode().replace("&amp;", "&")
    addresses = re.findall(r'<a href="([^"]+)" aria-label="(\d+) (?:received|confirmed) from', html)
    assert [int(count) for _, count in addresses] == [bar.count for bar in bars]
    assert all(listed(client, address) == int(count) for address, count in addresses)


def test_the_table_behind_the_drawing_adds_up(world):
    for period in ("month", "quarter", "year"):
        overview = as_(world.chair).get(f"/council/figures/?period={period}").context["overview"]
        assert sum(row.received for row in overview.chart.rows) == overview.flow[0].now.hits


def test_confidential_cases_are_counted_only_for_those_who_see_them_all(world):
    counts = {
        who: as_(getattr(world, who)).get("/council/figures/").context["overview"].flow[0].now.hits
        for who in ("chair", "member", "auditor", "lead", "owner")
    }
    # Eight of this quarter; the member never counts the one about themselves; others count none that is confidential.
    assert counts == {"chair": 8, "member": 7, "auditor": 8, "lead": 6, "owner": 6}


def test_figures_by_owner_are_for_leads_of_their_team_and_the_council(world):
    address = "/council/figures/side-by-side/?by=owner"
    assert as_(world.owner).get(address).status_code == 403
    assert as_(world.auditor).get(address).status_code == 403
    names = {
        who: [group.name for group in as_(getattr(world, who)).get(address).context["groups"]]
        for who in ("lead", "chair")
    }
    assert names == {"lead": ["Marta Keller"], "chair": ["Luc Perrin", "Marta Keller"]}


def test_an_owner_asked_for_by_address_narrows_nothing_for_those_who_may_not(world):
    marta = world.owner
    assert as_(marta).get(f"/council/figures/?owner={marta.pk}").context["asked"].filters == {}
    luc = User.objects.get(name="Luc Perrin")
    asked = as_(world.lead).get(f"/council/figures/?owner={luc.pk}").context["asked"]
    assert asked.filters == {"owner": luc.pk, "team": world.lead.team_id}
    assert asked.tallies().count() == 0


@pytest.mark.parametrize(
    "query",
    [
        "period=days&from=2026-13-01&to=x",
        "period=never",
        "team=x",
        "kind=-1",
        "period=days&from=2027-01-01&to=2026-01-01",
        "period=days&from=9999-12-30&to=9999-12-31",
    ],
)
def test_what_cannot_be_understood_narrows_nothing(world, query):
    asked = as_(world.chair).get(f"/council/figures/?{query}").context["asked"]
    assert (asked.name, asked.filters) == ("quarter", {})


def test_days_of_ones_own_choice_are_compared_with_as_many_before(world):
    asked = as_(world.chair).get("/council/figures/?period=days&from=2026-11-10&to=2026-11-19").context["asked"]
    assert (asked.first.isoformat(), asked.last.isoformat()) == ("2026-11-10", "2026-11-19")
    assert asked.earlier().last.isoformat() == "2026-11-09"


def test_what_is_no_figure_or_no_part_of_one_is_not_found(world):
    client = as_(world.chair)
    for address in ("nothing/cases/", "their-word/cases/?part=x", "side-by-side/?by=customer"):
        assert client.get(f"/council/figures/{address}").status_code == 404


def test_the_definition_is_one_click_away_with_its_sum(world):
    text = " ".join(as_(world.chair).get("/council/figures/told-in-time/cases/").content.decode().split())
    assert "met ÷ (met + missed)" in text
    assert re.search(r"= 1 ÷ \d+ = <b>\d+ %</b>", text)


def test_the_report_says_how_each_figure_is_counted(world):
    html = as_(world.auditor).get("/council/figures/report/").content.decode()
    assert all(measure.name in html for measure in catalogue.MEASURES.values() if "’" not in measure.name)


def test_history_is_left_out_until_it_is_asked_for(world):
    old = builders.case(owner=world.owner)
    Case.objects.filter(pk=old.pk).update(historical=True)
    tallying.rebuild(LATER)
    client = as_(world.chair)
    pages = [client.get(f"/council/figures/?history={said}").context["overview"] for said in ("", "with")]
    counts = [page.flow[0].now.hits for page in pages]
    assert counts == [8, 9]


def test_a_statement_counts_what_happened_to_one_customer(world):
    case = Case.objects.filter(state="resolved").get()
    answer = as_(world.owner).get(f"/council/statements/{case.customer_id}/?period=quarter")
    found = answer.context["statement"]
    assert (len(found.firsts), found.in_time, found.confirmed, found.kept_value) == (1, 1, 1, 128_400_000)
    assert "for us only" in answer.content.decode()
    handed = as_(world.owner).get(f"/council/statements/{case.customer_id}/?for=renewal&reader=customer")
    assert "for us only" not in handed.content.decode()
    assert "CHF" not in handed.content.decode().partition("<main")[2]


def test_waivers_are_told_apart_by_who_granted_them(world):
    case = Case.objects.filter(severity="low").get()
    proposed = waiver.propose(case=case, actor=case.owner, number=2, reason="Nothing to contain", now=LATER)
    waiver.grant(case=case, actor=lead_of(case), number=proposed.number, now=LATER)
    client = as_(world.chair)
    answer = client.get("/council/figures/waivers/cases/?period=quarter")
    assert [(name, count) for _, name, count in answer.context["people"]] == [("Lea South", 1)]
    ((person, _, count),) = answer.context["people"]
    assert listed(client, f"/council/figures/waivers/cases/?period=quarter&person={person}") == count
    assert listed(client, "/council/figures/waivers/cases/?period=quarter&person=none") == 0
    assert "people" not in as_(world.owner).get("/council/figures/waivers/cases/").context


def lead_of(case) -> User:
    return builders.user("lead", name="Lea South", of=case.team)
