"""What the journeys share: a clock that runs from a Tuesday morning, the people, the letters they get."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.cache import cache

for name in ("trip", "hearing", "repairing", "returning", "learning"):
    pytest.register_assert_rewrite(f"tests.journeys.{name}")

from tests.journeys import crew as people  # noqa: E402 - after the assertions of the stages are made to speak

MORNING = datetime(2026, 12, 1, 7, 12, tzinfo=UTC)  # Tuesday, 08:12 in Zürich


@pytest.fixture
def clock() -> Iterator[Any]:
    """A running clock at Tuesday morning; `clock.move_to(moment, tick=True)` moves it."""
    with time_machine.travel(MORNING, tick=True) as running:
        yield running


@pytest.fixture
def house(clock, transactional_db, live_server, postbox, settings) -> people.Crew:
    """The company at work: people, policy, a mail server; links in letters lead to the live server."""
    cache.clear()
    settings.PUBLIC_URL = live_server.url
    return people.gather()
