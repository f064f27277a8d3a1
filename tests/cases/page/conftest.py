"""Marta on the page of her case, two hours after the complaint came in."""

from datetime import timedelta

import pytest
import time_machine

from tests import builders
from tests.builders import NOON


@pytest.fixture(autouse=True)
def frozen():
    """Every act happens two hours after the complaint came in."""
    with time_machine.travel(NOON + timedelta(hours=2), tick=False) as traveller:
        yield traveller


@pytest.fixture
def owner():
    """An account manager with a team."""
    return builders.user("manager", name="Marta Keller", of=builders.team())


@pytest.fixture
def case(owner):
    """A case of hers."""
    return builders.case(owner=owner)


@pytest.fixture
def page(client, owner, case):
    """A function that posts to an address below the case, signed in as its owner."""
    client.force_login(owner)
    return lambda path, data=None, **more: client.post(f"{case.get_absolute_url()}{path}", data or {}, **more)
