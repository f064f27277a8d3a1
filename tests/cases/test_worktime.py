"""Working time: its laws for any calendar, and the answers deadlines are built on."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cases import worktime
from cases.worktime import BadCalendar, Calendar, NoHours, Segment, always

ZURICH, NEW_YORK = "Europe/Zurich", "America/New_York"
HALVES = [["08:00", "12:00"], ["13:00", "17:00"]]
TEAM = Calendar.from_facts(
    {
        "timezone": ZURICH,
        "hours": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), HALVES),
        "holidays": ["2026-04-03", "2026-04-06", "2026-04-12"],
        "special_hours": {"2026-12-24": [["08:00", "12:00"]]},
    }
)
# Clock changes of both zones, leap days, the turn of a year: where a calendar breaks if it does.
TELLING = [
    date(2026, 3, 8), date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 1),
    date(2027, 12, 31), date(2028, 2, 28), date(2028, 2, 29),
]  # fmt: skip

# Days as teams have them, and days whose edges meet midnight and the hours that clocks skip or repeat.
SHAPES = [
    (), ((28800, 43200), (46800, 61200)), ((32400, 61200),), ((0, 86400),), ((0, 9000),), ((7200, 10800),),
    ((5400, 9000), (9900, 10800)), ((0, 3600), (79200, 86400)), ((82800, 86400),), ((9000, 86399),),
]  # fmt: skip

day_hours = st.sampled_from(SHAPES)
days = st.builds(lambda near, n: near + timedelta(days=n), st.sampled_from(TELLING), st.integers(-9, 9))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    hours = draw(st.tuples(*[day_hours] * 7))
    assume(any(hours))
    zone, holidays = draw(st.sampled_from([ZURICH, NEW_YORK, "UTC"])), draw(st.frozensets(days, max_size=4))
    return Calendar(zone, hours, holidays, draw(st.dictionaries(days, day_hours, max_size=3)))


instants = st.builds(
    lambda on, seconds: datetime(on.year, on.month, on.day, tzinfo=UTC) + timedelta(seconds=seconds),
    days,
    st.integers(0, 86399),
)
amounts = st.integers(1, 100_000)
pauses = st.lists(st.tuples(instants, st.integers(0, 200_000)), max_size=5).map(
    lambda pairs: [(begin, begin + timedelta(seconds=length)) for begin, length in pairs]
)


def law(*strategies):
    """Check a law on fifty drawn examples, however busy the machine is."""
    return lambda test: settings(max_examples=50, deadline=None, database=None)(given(*strategies)(test))


def zurich(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=ZoneInfo(ZURICH))


@law(calendars(), instants, amounts, pauses)
def test_worktime_between_counts_what_add_added(cal, start, seconds, paused) -> None:
    assert worktime.between(cal, start, worktime.add(cal, start, seconds, paused), paused) == seconds


@law(calendars(), instants, amounts, pauses)
def test_worktime_between_counts_what_subtract_took(cal, start, seconds, paused) -> None:
    assert worktime.between(cal, worktime.subtract(cal, start, seconds, paused), start, paused) == seconds


@law(calendars(), instants, amounts, pauses)
def test_worktime_add_names_the_first_such_instant(cal, start, seconds, paused) -> None:
    just_before = worktime.add(cal, start, seconds, paused) - timedelta(seconds=1)
    assert worktime.between(cal, start, just_before, paused) == seconds - 1


@law(calendars(), instants, amounts, amounts)
def test_worktime_add_in_two_parts_is_add_at_once(cal, start, first, second) -> None:
    in_parts = worktime.add(cal, worktime.add(cal, start, first), second)
    assert in_parts == worktime.add(cal, start, first + second)


@law(calendars(), instants, instants, amounts)
def test_worktime_add_never_puts_a_later_start_first(cal, one, other, seconds) -> None:
    early, late = sorted([one, other])
    assert worktime.add(cal, early, seconds) <= worktime.add(cal, late, seconds)


@law(calendars(), instants, amounts, amounts)
def test_worktime_more_seconds_are_due_later(cal, start, fewer, more) -> None:
    assert worktime.add(cal, start, fewer) < worktime.add(cal, start, fewer + more)


@law(calendars(), instants, instants, instants, pauses)
def test_worktime_between_adds_up_whatever_the_order(cal, one, two, three, paused) -> None:
    whole = worktime.between(cal, one, three, paused)
    assert worktime.between(cal, one, two, paused) + worktime.between(cal, two, three, paused) == whole


@law(calendars(), instants, amounts, pauses, st.randoms())
def test_worktime_pauses_count_once_in_any_order_and_however_cut(cal, start, seconds, paused, random) -> None:
    halves = [(begin, begin + (end - begin) / 2) for begin, end in paused]
    rest = [(middle, end) for (_, middle), (_, end) in zip(halves, paused, strict=True)]
    shuffled = paused + halves + rest
    random.shuffle(shuffled)
    assert worktime.add(cal, start, seconds, shuffled) == worktime.add(cal, start, seconds, paused)


@law(calendars(), instants, amounts, pauses)
def test_worktime_a_pause_never_brings_a_deadline_forward(cal, start, seconds, paused) -> None:
    assert worktime.add(cal, start, seconds, paused) >= worktime.add(cal, start, seconds)


@law(calendars(), instants)
def test_worktime_next_open_is_open_and_nothing_before_it_is(cal, at) -> None:
    opening = worktime.next_open(cal, at)
    assert (worktime.is_open(cal, opening), worktime.between(cal, at, opening)) == (True, 0)


@law(calendars(), instants)
def test_worktime_prev_open_is_followed_by_closed_time(cal, at) -> None:
    closing = worktime.prev_open(cal, at)
    just_before = closing - timedelta(seconds=1)
    assert (worktime.is_open(cal, just_before), worktime.between(cal, closing, at)) == (True, 0)


@law(calendars(), instants)
def test_worktime_is_open_where_the_local_clock_lies_in_a_window(cal, at) -> None:
    local = at.astimezone(cal.tz)
    second = local.hour * 3600 + local.minute * 60 + local.second
    day = cal.special.get(local.date(), cal.hours[local.weekday()])
    inside = any(opens <= second < closes for opens, closes in day)
    assert worktime.is_open(cal, at) == (inside and local.date() not in cal.holidays)


@law(calendars(), instants, amounts, pauses)
def test_worktime_explain_adds_up_in_order_of_time(cal, start, seconds, paused) -> None:
    due = worktime.add(cal, start, seconds, paused)
    lines = worktime.explain(cal, start, due, paused)
    assert sum(line.seconds for line in lines) == seconds
    assert lines == sorted(lines, key=lambda line: line.opened)
    assert {line.seconds for line in lines if line.why != "window"} <= {0}


@law(calendars(), instants, st.integers(1, 30), pauses)
def test_worktime_close_of_day_is_a_closing_pushed_on_by_its_pauses(cal, start, count, paused) -> None:
    closing = worktime.close_of_day(cal, start, count)
    due = worktime.close_of_day(cal, start, count, paused)
    assert worktime.prev_open(cal, closing) == closing
    assert worktime.between(cal, start, due, paused) == worktime.between(cal, start, closing)


@law(calendars())
def test_worktime_calendars_survive_their_facts(cal) -> None:
    assert Calendar.from_facts(cal.to_facts()) == cal


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        (zurich(2026, 6, 1, 9), 1, zurich(2026, 6, 2, 17)),
        (zurich(2026, 6, 1, 23), 1, zurich(2026, 6, 2, 17)),
        (zurich(2026, 6, 5, 16), 1, zurich(2026, 6, 8, 17)),
        (zurich(2026, 6, 6, 10), 1, zurich(2026, 6, 8, 17)),
        (zurich(2026, 4, 2, 9), 1, zurich(2026, 4, 7, 17)),
        (zurich(2026, 4, 2, 9), 5, zurich(2026, 4, 13, 17)),
        (zurich(2026, 12, 23, 9), 1, zurich(2026, 12, 24, 12)),
        (zurich(2026, 3, 27, 9), 1, zurich(2026, 3, 30, 17)),
    ],
    ids=["next day", "night", "weekend", "Saturday", "Easter", "five", "short day", "clock change"],
)
def test_worktime_close_of_day_ends_at_closing_of_the_nth_working_day(start, count, due) -> None:
    assert worktime.close_of_day(TEAM, start, count) == due


def test_worktime_close_of_day_counts_from_the_local_date() -> None:
    late_on_monday = datetime(2026, 6, 1, 22, 30, tzinfo=UTC)  # Tuesday, 00:30 in Zurich
    assert worktime.close_of_day(TEAM, late_on_monday, 1) == zurich(2026, 6, 3, 17)


def test_worktime_close_of_day_moves_on_by_the_working_time_of_a_pause() -> None:
    pause = (zurich(2026, 6, 1, 16), zurich(2026, 6, 2, 9))  # one hour of each day
    assert worktime.close_of_day(TEAM, zurich(2026, 6, 1, 9), 1, [pause]) == zurich(2026, 6, 3, 10)


def test_worktime_close_of_day_of_a_calendar_that_never_closes_is_midnight() -> None:
    assert worktime.close_of_day(always(ZURICH), zurich(2026, 6, 1, 9), 1) == zurich(2026, 6, 3)


def test_worktime_always_has_a_day_of_23_hours_when_clocks_go_forward() -> None:
    spring = always(ZURICH).stretches(date(2026, 3, 29))
    assert spring == ((datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)),)


def test_worktime_close_of_day_refuses_less_than_a_day() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        worktime.close_of_day(TEAM, zurich(2026, 6, 1, 9), 0)


def test_worktime_explain_names_windows_pauses_and_holidays() -> None:
    pause = (zurich(2026, 4, 2, 15), zurich(2026, 4, 2, 16))
    lines = worktime.explain(TEAM, zurich(2026, 4, 2, 14), zurich(2026, 4, 7, 9), [pause])
    assert lines == [
        Segment(date(2026, 4, 2), zurich(2026, 4, 2, 14), zurich(2026, 4, 2, 15), 3600, "window"),
        Segment(date(2026, 4, 2), zurich(2026, 4, 2, 15), zurich(2026, 4, 2, 16), 0, "pause"),
        Segment(date(2026, 4, 2), zurich(2026, 4, 2, 16), zurich(2026, 4, 2, 17), 3600, "window"),
        Segment(date(2026, 4, 3), zurich(2026, 4, 3, 8), zurich(2026, 4, 3, 17), 0, "holiday"),
        Segment(date(2026, 4, 6), zurich(2026, 4, 6, 8), zurich(2026, 4, 6, 17), 0, "holiday"),
        Segment(date(2026, 4, 7), zurich(2026, 4, 7, 8), zurich(2026, 4, 7, 9), 3600, "window"),
    ]


def test_worktime_explain_leaves_out_a_holiday_on_a_day_off() -> None:
    assert worktime.explain(TEAM, zurich(2026, 4, 11), zurich(2026, 4, 13)) == []


def test_worktime_explain_carries_parts_of_a_second() -> None:
    start = zurich(2026, 6, 1, 11, 59, 58, 500_000)
    lines = worktime.explain(TEAM, start, worktime.add(TEAM, start, 3))
    assert [line.seconds for line in lines] == [1, 2]


def test_worktime_windows_are_cut_to_the_span_asked_for() -> None:
    assert [*worktime.windows(TEAM, zurich(2026, 6, 1, 9), zurich(2026, 6, 1, 14))] == [
        (zurich(2026, 6, 1, 9), zurich(2026, 6, 1, 12)),
        (zurich(2026, 6, 1, 13), zurich(2026, 6, 1, 14)),
    ]


def test_worktime_windows_of_a_reversed_span_are_none() -> None:
    assert [*worktime.windows(TEAM, zurich(2026, 6, 2, 9), zurich(2026, 6, 1, 9))] == []


@pytest.mark.parametrize("verb", [worktime.next_open, worktime.prev_open])
def test_worktime_search_gives_up_when_every_day_is_a_holiday(verb) -> None:
    holidays = frozenset(date(2010, 1, 1) + timedelta(days=n) for n in range(12_000))
    cal = Calendar("UTC", (((32400, 61200),),) * 7, holidays)
    with pytest.raises(NoHours, match="no opening hours in the five years"):
        verb(cal, datetime(2026, 6, 1, tzinfo=UTC))


def test_worktime_add_gives_up_at_the_end_of_time() -> None:
    with pytest.raises(NoHours, match="the years a calendar can name"):
        worktime.add(TEAM, datetime(9999, 11, 1, tzinfo=UTC), 10_000_000)


def test_worktime_refuses_an_instant_without_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        worktime.add(TEAM, datetime(2026, 6, 1, 9), 60)


def test_worktime_refuses_a_pause_that_ends_before_it_begins() -> None:
    with pytest.raises(ValueError, match="cannot end before it begins"):
        worktime.add(TEAM, zurich(2026, 6, 1, 9), 60, [(zurich(2026, 6, 2), zurich(2026, 6, 1))])


def test_worktime_refuses_a_calendar_that_never_opens() -> None:
    with pytest.raises(NoHours, match="no opening hours"):
        Calendar("UTC", ((),) * 7)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"timezone": "Europe/Atlantis"}, "no time zone called 'Europe/Atlantis'"),
        ({"timezone": None}, "no time zone called None"),
        ({"timezone": "../etc/passwd"}, "no time zone called"),
        ({"hours": {"mon": [["09:00", "25:00"]]}}, "'25:00' is not a time of day"),
        ({"hours": {"mon": [["nine", "17:00"]]}}, "'nine' is not a time of day"),
        ({"hours": {"mon": [["17:00", "09:00"]]}}, "from 17:00 to 09:00: it must close after it opens"),
        ({"hours": {"mon": [["09:00", "12:00"], ["11:30", "17:00"]]}}, "overlap at 11:30"),
        ({"hours": {"funday": [["09:00", "17:00"]]}}, "Not a weekday: funday"),
        ({"hours": {"mon": [["09:00"]]}}, "not a calendar"),
        ({"hours": None}, "not a calendar"),
        ({"holidays": ["2026-02-30"]}, "not a calendar"),
        ({"special_hours": ["2026-02-03"]}, "not a calendar"),
    ],
    ids=str,
)
def test_worktime_refuses_facts_that_are_no_calendar(facts, reason) -> None:
    good = {"timezone": "UTC", "hours": {"mon": [["09:00", "17:00"]]}, "holidays": []}
    with pytest.raises(BadCalendar, match=reason.replace("(", r"\(")):
        Calendar.from_facts(good | facts)


def test_worktime_windows_that_touch_are_one() -> None:
    facts = {"timezone": "UTC", "hours": {"mon": [["12:00", "17:00"], ["09:00", "12:00"]]}}
    assert Calendar.from_facts(facts).to_facts()["hours"] == {"mon": [["09:00", "17:00"]]}


def test_worktime_calendars_with_the_same_facts_are_equal_and_hash_alike() -> None:
    twin = Calendar.from_facts(TEAM.to_facts())
    assert (twin, hash(twin)) == (TEAM, hash(TEAM))
