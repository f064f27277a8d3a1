"""Which policy and which calendar a case opens with, and that it keeps them."""

import pytest

from cases import defaults, editing, opening
from cases.models import Calendar, CalendarUse, CalendarVersion, Category, Policy, PolicyVersion
from cases.policy import DEFAULT
from tests import builders
from tests.builders import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def installed():
    defaults.install()


def calendar(name: str, **use) -> CalendarVersion:
    made = Calendar.objects.create(name=name)
    CalendarUse.objects.create(calendar=made, **use)
    CalendarVersion.objects.create(calendar=made, number=1, facts=defaults.OFFICE_HOURS, made_at=NOON)
    return CalendarVersion.objects.create(calendar=made, number=2, facts=defaults.OFFICE_HOURS, made_at=NOON)


def policy(name: str, **about) -> PolicyVersion:
    made = Policy.objects.create(name=name, **about)
    return PolicyVersion.objects.create(policy=made, number=1, facts=DEFAULT, made_at=NOON)


def test_customers_calendar_comes_before_the_teams_and_that_before_the_default():
    team, customer = builders.team(), builders.customer()
    default = opening.calendar_version(customer=customer, team_id=team.pk)
    theirs_team = calendar("Dock", team=team)
    assert opening.calendar_version(customer=customer, team_id=team.pk) == theirs_team
    own = calendar("Night shift", customer=customer)
    assert opening.calendar_version(customer=customer, team_id=team.pk) == own
    assert opening.calendar_version() == default


def test_case_keeps_its_calendar_when_somebody_of_another_team_takes_it():
    dock = calendar("Dock", team=builders.team("Dock"))
    case = builders.case(owner=builders.user(of=builders.team("Dock")))
    editing.assign(case=case, actor=None, owner=builders.user(of=builders.team("South")), now=NOON)
    case.refresh_from_db()
    assert case.calendar_version == dock


@pytest.mark.parametrize(
    ("category", "tier", "found"),
    [
        ("Delivery", "key", "Both"),
        ("Delivery", "small", "Category"),
        ("Safety", "key", "Tier"),
        ("Safety", "small", "Standard"),
        (None, "", "Standard"),
    ],
)
def test_most_specific_policy_wins(category, tier, found):
    delivery = Category.objects.get(name="Delivery")
    policy("Tier", tier="key")
    policy("Category", category=delivery)
    policy("Both", category=delivery, tier="key")
    asked = Category.objects.get(name=category) if category else None
    assert opening.policy_version(category=asked, tier=tier).policy.name == found
