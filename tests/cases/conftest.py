"""Who and what most tests of a case begin with; a file with other needs defines its own under the same name."""

from datetime import timedelta

import pytest
import time_machine

from accounts.models import Team, User
from cases import defaults
from cases.enums import Fault, Severity
from cases.models import Case
from tests import builders
from tests.builders import NOON

HOUR = timedelta(hours=1)


@pytest.fixture
def an_hour_later(clock):
    """The clock stands an hour after the cases of these tests came in."""
    clock.move_to(NOON + HOUR)


@pytest.fixture
def three_hours_later():
    """Every page is read three hours after the complaint came in."""
    with time_machine.travel(NOON + 3 * HOUR, tick=False) as traveller:
        yield traveller


@pytest.fixture
def owner() -> User:
    return builders.user(name="Marta Keller", of=builders.team())


@pytest.fixture
def case(owner) -> Case:
    return builders.case(owner=owner)


@pytest.fixture
def team() -> Team:
    """A team with a lead."""
    made = builders.team()
    made.lead = builders.user("lead", name="Lena Brandt", of=made)
    made.save()
    return made


@pytest.fixture
def lead(team) -> User:
    return team.lead


@pytest.fixture
def led(team) -> User:
    """Somebody who has a lead."""
    return builders.user("manager", name="Marta Keller", of=team)


@pytest.fixture
def critical(led) -> Case:
    """A critical case that is acknowledged, and whose fault is ours."""
    return builders.acknowledged(builders.case(owner=led, severity=Severity.CRITICAL), fault=Fault.OURS)


@pytest.fixture
def noor(client) -> User:
    """The administrator, signed in to an installation as set up."""
    defaults.install()
    admin = builders.user("admin", name="Noor Haddad")
    client.force_login(admin)
    return admin
