"""Messages in the intake on Today: for whom, under which heading, at no further statement."""

from datetime import timedelta

import pytest

from accounts.models import Role
from cases import defaults
from cases.models import Customer
from cases.queries import desk
from tests import builders
from tests.builders import NOON
from tests.cases.arrivals.test_intake_items import lay

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_noon(db, clock):
    defaults.install()
    clock.move_to(NOON)


@pytest.fixture
def team():
    return builders.team()


def seen(who, scope="mine", now=NOON) -> dict[str, list[str]]:
    """Return the senders on a desk by heading."""
    groups = desk.desk(who, scope, now).groups
    return {group.name: [one.who for one in group.arrivals] for group in groups if group.arrivals}


def of_customer(team, manager) -> Customer:
    customer = builders.customer(team=team, account_manager=manager)
    builders.contact(customer, name="Ruth Aebi", email="ruth@halden.example")
    return customer


def test_message_of_a_customer_is_its_account_managers(team):
    marta, other = builders.user("manager", of=team), builders.user("manager", of=team)
    of_customer(team, marta)
    lay()
    assert (seen(marta), seen(other)) == ({"today": ["Ruth Aebi"]}, {})
    assert seen(other, "team") == seen(other, "everyone") == {"today": ["Ruth Aebi"]}


def test_message_of_a_stranger_is_every_leads(team):
    lead, manager = builders.user(Role.LEAD, of=team), builders.user("manager", of=team)
    lay("Somebody <who@nowhere.example>")
    assert (seen(lead), seen(manager)) == ({"today": ["Somebody"]}, {})


def test_message_of_another_teams_customer_is_not_shown_to_the_team(team):
    other = builders.team("South")
    of_customer(other, None)
    lay()
    lead, theirs = builders.user(Role.LEAD, of=team), builders.user(Role.LEAD, of=other)
    assert (seen(lead), seen(lead, "team"), seen(theirs)) == ({}, {}, {"today": ["Ruth Aebi"]})


def test_who_may_not_open_cases_sees_no_messages(team):
    lay()
    assert seen(builders.user("auditor"), "everyone") == {}


def test_messages_stand_under_late_today_and_next(team):
    lead = builders.user(Role.LEAD, of=team)
    lay("Late <late@nowhere.example>", now=NOON - 3 * HOUR)
    lay("Now <now@nowhere.example>", now=NOON)
    lay("Next <next@nowhere.example>", now=NOON + 5 * HOUR)
    assert seen(lead) == {"late": ["Late"], "today": ["Now"], "next": ["Next"]}
    assert [group.count for group in desk.desk(lead, "mine", NOON).groups] == [1, 1, 1]


def test_senders_count_among_those_who_wait_and_a_customer_once(team):
    marta = builders.user("manager", of=team)
    customer = of_customer(team, marta)
    builders.case(owner=marta, of=customer, severity="high")
    lay()
    assert desk.desk(marta, "mine", NOON).waiting == 1
    lead = builders.user(Role.LEAD, of=team)
    lay("Somebody <who@nowhere.example>")
    assert desk.desk(lead, "team", NOON).waiting == 2


def test_today_leads_to_the_message_and_says_when_there_are_many(client, team):
    client.force_login(builders.user(Role.LEAD, of=team))
    item = lay("Somebody <who@nowhere.example>")
    page = client.get("/").content.decode()
    assert f'href="/intake/{item.pk}/"' in page and "Is this a complaint?" in page and "nobody we know" in page
    for number in range(6):
        lay(f"Somebody <who{number}@nowhere.example>")
    assert "7 messages wait in the intake" in client.get("/").content.decode()


@pytest.mark.parametrize("count", [1, 12])
def test_p2_messages_cost_today_no_statement(client, team, count, django_assert_num_queries):
    lead = builders.user(Role.LEAD, of=team)
    builders.case(owner=lead)
    client.force_login(lead)
    for number in range(count):
        lay(f"Somebody <who{number}@nowhere.example>")
    with django_assert_num_queries(8):
        client.get("/")
