"""Marta at her desk at noon, and the customer she knows."""

import pytest
import time_machine

from cases import defaults
from tests import builders
from tests.builders import NOON


@pytest.fixture(autouse=True)
def at_noon():
    """Freeze the clock at the moment the builders use: Tuesday 12:00 in Zurich."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def marta(client, db, settings, tmp_path):
    """An account manager, signed in."""
    settings.DATA_DIR = tmp_path
    defaults.install()
    person = builders.user("manager", name="Marta Keller", of=builders.team())
    client.force_login(person)
    return person


@pytest.fixture
def halden(marta):
    return builders.customer(name="Halden Precision AG", place="Winterthur", account_manager=marta)


@pytest.fixture
def ruth(halden):
    return builders.contact(halden, name="Ruth Aebi")
