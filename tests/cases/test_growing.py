"""What keeps pages the same however many colleagues and cases there are: who is offered, how far is counted (P1)."""

from datetime import timedelta

import pytest
import time_machine
from django import forms
from django.test.html import parse_html

from cases.enums import EscalationReason, Severity
from cases.forms.selects import PlainSelect
from cases.models import Case
from cases.queries import capped, case_page, listing
from council import bench
from council.queries import docket, review
from tests import builders
from tests.builders import NOON

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def frozen():
    """Read every page an hour after the complaints came in."""
    with time_machine.travel(NOON + HOUR, tick=False):
        yield


@pytest.fixture
def alice():
    return builders.user("manager", name="Alice Amsler", of=builders.team())


@pytest.fixture
def council_member():
    return builders.user("council", name="Priya Lindt")


def names(people) -> list[str]:
    return [person.name for person in people]


@pytest.mark.parametrize("value", ["", "b", '"><'])
def test_plain_select_writes_what_djangos_own_writes(value):
    choices = [("", "Any"), ("a", "A & B"), ("b", "<b>")]
    page = [kind(choices=choices).render("x", value, {"id": "id_x"}) for kind in (forms.Select, PlainSelect)]
    assert parse_html(page[1]) == parse_html(page[0])


def test_everybody_is_offered_where_they_are_few(alice):
    zoe = builders.user("manager", name="Zoe Zurbuchen", of=builders.team("South"))
    assert names(listing.colleagues(alice, None, [])) == [alice.name, zoe.name]


def test_where_they_are_many_the_own_team_and_those_of_the_cases_shown_are_offered(alice, monkeypatch):
    monkeypatch.setattr(listing, "MOST_OFFERED", 3)
    near = builders.user("manager", name="Nora North", of=alice.team)
    there = builders.user("manager", name="Sam South", of=builders.team("South"))
    far = builders.user("manager", name="Wim West", of=builders.team("West"))
    assert names(listing.colleagues(alice, None, [builders.case(owner=there)])) == [alice.name, near.name, there.name]
    assert far.name in names(listing.colleagues(alice, far.pk, []))


def test_an_owner_who_is_not_offered_is_found_by_name(client, alice):
    bob = builders.user("manager", name="Bob Brunner", of=builders.team())
    builders.case(owner=alice, severity=Severity.LOW)
    theirs = builders.case(owner=bob, severity=Severity.LOW)
    client.force_login(alice)
    answer = client.get("/cases/", {"person": "brunn"})
    assert [case.pk for case in answer.context["cases"]] == [theirs.pk]
    assert "owned by “<b>brunn</b>”" in answer.content.decode()


def test_counting_ends_where_it_is_cut_off(alice):
    for _ in range(3):
        builders.case(owner=alice)
    ids, total = capped.first(Case.objects.order_by("-pk"), 1, 2)
    assert [case.total for case in Case.objects.filter(pk__in=ids).annotate(total=total)] == [2]


def test_docket_counts_to_its_limit_and_says_that_there_are_more(client, alice, council_member, monkeypatch):
    monkeypatch.setattr(docket, "CAP", 2)
    for _ in range(3):
        case = builders.case(owner=alice, severity=Severity.LOW)
        builders.on_the_docket(case, EscalationReason.BROKEN_PROMISE, now=NOON)
    client.force_login(council_member)
    assert docket.waiting(council_member, bench.sitting(), NOON + HOUR, limit=1)[1] == 2
    assert "2+ decisions waiting" in client.get("/council/").content.decode()


def test_review_counts_to_its_limit_oldest_first(alice, council_member, monkeypatch):
    monkeypatch.setattr(review, "MOST", 2)
    cases = [builders.case(owner=alice) for _ in range(4)]
    found = review.unseen(council_member, limit=2)
    assert [step.case_id for step in found.steps] == [cases[0].pk, cases[1].pk]
    assert (found.total, found.capped) == (3, True)


def test_a_customers_cases_are_counted_to_twenty(alice):
    firm = builders.customer()
    cases = [builders.case(owner=alice, of=firm, severity=Severity.LOW) for _ in range(3)]
    assert case_page.read(alice, cases[2].pk, now=NOON + HOUR).sums["nth"] == 3
