"""People and cases that tests of the API share, an hour after the moment the builders use."""

from datetime import timedelta

import pytest
import time_machine

from tests import builders
from tests.api.asking import Program
from tests.builders import NOON


@pytest.fixture(autouse=True)
def at_one(db):
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def alice():
    return builders.user("manager", name="Alice Amsler", of=builders.team())


@pytest.fixture
def bob():
    return builders.user("manager", name="Bob Brunner", of=builders.team())


@pytest.fixture
def charlie():
    return builders.user("manager", name="Charlie Egger", of=builders.team("South"))


@pytest.fixture
def case(alice):
    return builders.acknowledged(builders.case(owner=alice))


@pytest.fixture
def program(alice):
    """A program that acts as Alice."""
    return Program(alice)
