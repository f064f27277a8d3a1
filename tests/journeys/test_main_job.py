"""The main job: one complaint from the call to the change that came of it, by everybody who has a part in it."""

from datetime import UTC, datetime

import pytest

from tests.journeys import crew as people
from tests.journeys import hearing, learning, repairing, returning
from tests.journeys.trip import Trip

pytestmark = [pytest.mark.browser, pytest.mark.everywhere]


def december(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of the month, an hour before Zürich's clocks."""
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


def test_one_complaint_lives_its_whole_life(house, clock, open_browser, postbox, tmp_path):
    people.customers(house)
    trip = Trip(crew=house, clock=clock, postbox=postbox, open_browser=open_browser)
    _heard(trip, tmp_path)
    _put_right(trip)
    _came_back(trip)
    _learned(trip)


def _heard(trip: Trip, folder) -> None:
    hearing.log_the_complaint(trip, folder)
    hearing.be_chased(trip)
    hearing.acknowledge(trip)
    hearing.contain(trip)


def _put_right(trip: Trip) -> None:
    repairing.discover(trip)
    repairing.offer(trip, "Forty housings by courier, Thursday 08:00")
    returning.keep_the_promises(trip)
    link = repairing.carry_out(trip, december(3, 8, 30), "Thirty came at 07:50")
    repairing.not_yet(trip, link, "Only thirty came. We need forty.")
    repairing.offer(trip, "The last ten with our own van, today")
    link = repairing.carry_out(trip, december(3, 14), "Ten more came at 14:10")
    repairing.yes(trip, link)
    learning.go_beyond(trip)
    returning.be_seen(trip)


def _came_back(trip: Trip) -> None:
    link = returning.be_asked(trip, december(6, 14, 30))
    returning.answer_low(trip, link, december(7, 9))
    returning.decide(trip, december(9, 15))
    returning.do_what_was_ordered(trip)
    returning.acknowledge_by_phone(trip, "The loading plan of Tuesday's lorry", december(8, 16))
    returning.keep_the_promises(trip)
    returning.resolve_again(trip, december(8, 9))
    link = returning.be_asked(trip, december(11, 10))
    returning.answer_well(trip, link, december(11, 12))


def _learned(trip: Trip) -> None:
    learning.find_the_cause(trip, december(15, 15))
    learning.tell_the_others(trip)
    learning.make_it_stick(trip)
    learning.closed(trip)
