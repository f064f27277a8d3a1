"""Due times over thousands of drawn calendars, starts and pauses, against working time read off the wall."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cases import deadlines, worktime
from cases.models import Due
from cases.worktime import Calendar
from tests.cases import wall
from tests.cases.wall import Wall

ALLOWED = ("30m", "1h", "4h", "8h", "1d", "2d", "5d", "12d")
SECOND = timedelta(seconds=1)
stretches = st.tuples(st.integers(-90_000, 500_000), st.integers(1, 300_000))


def law(examples: int, *strategies):
    """Check a law on so many drawn examples, however busy the machine is."""
    return lambda test: settings(max_examples=examples, deadline=None, database=None)(given(*strategies)(test))


def from_start(start, pairs):
    """Return pauses that begin and last so many seconds, counted from the start."""
    began = [(start + timedelta(seconds=begin), timedelta(seconds=length)) for begin, length in pairs]
    return [(begin, begin + length) for begin, length in began]


@law(2_500, wall.walls(), wall.moments(), st.sampled_from(ALLOWED), st.lists(stretches, max_size=4))
def test_due_time_is_the_one_on_the_wall(drawn: Wall, start, allowed, pairs) -> None:
    pauses = from_start(start, pairs)
    calendar = Calendar.from_facts(drawn.facts)
    assert deadlines.due_moment(calendar, allowed, start, pauses) == drawn.due(allowed, start, pauses)


@law(500, wall.walls(), wall.moments(), st.sampled_from(ALLOWED), st.lists(stretches, min_size=1, max_size=4))
def test_only_working_time_inside_a_pause_moves_a_due_time(drawn: Wall, start, allowed, pairs) -> None:
    pauses, calendar = from_start(start, pairs), Calendar.from_facts(drawn.facts)
    before = deadlines.due_moment(calendar, allowed, start)
    due = deadlines.due_moment(calendar, allowed, start, pauses)
    stood = drawn.worked(start, due) - drawn.worked(start, due, pauses)
    moved = drawn.worked(start, due) - drawn.worked(start, before)
    assert moved == stood


@law(300, wall.walls(), wall.moments(), st.sampled_from(ALLOWED), st.lists(stretches, max_size=4), st.randoms())
def test_pauses_count_once_in_whatever_order_they_were_written(drawn: Wall, start, allowed, pairs, random) -> None:
    pauses, calendar = from_start(start, pairs), Calendar.from_facts(drawn.facts)
    written = [*pauses, *((begin, end - (end - begin) / 2) for begin, end in pauses)]
    random.shuffle(written)
    once = deadlines.due_moment(calendar, allowed, start, pauses)
    assert deadlines.due_moment(calendar, allowed, start, written) == once


@law(300, wall.walls(), wall.moments(), st.sampled_from(ALLOWED), st.lists(stretches, max_size=3))
def test_rungs_are_shares_of_the_working_time_and_the_panel_adds_up(drawn: Wall, start, allowed, pairs) -> None:
    pauses, calendar = from_start(start, pairs), Calendar.from_facts(drawn.facts)
    due = Due(started_at=start, allowed=allowed, due_at=deadlines.due_moment(calendar, allowed, start, pauses))
    total = drawn.worked(start, due.due_at, pauses) // SECOND
    for percent in (50, 80, 125):
        at = deadlines.rung_moment(calendar, due, percent, pauses)
        assert drawn.worked(start, at, pauses) == total * percent // 100 * SECOND
    assert sum(line.seconds for line in worktime.explain(calendar, start, due.due_at, pauses)) == total
