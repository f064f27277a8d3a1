"""The figures of a small world, reckoned by hand: each counts what it says, on both clocks, this quarter and before."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cases.enums import ActionKind, Channel
from cases.models import Action, Case, CaseCause, Cause, CauseKind, CustomerMark
from cases.words import write
from council import periods
from council.figures import catalogue, chart, counting, medians, pareto, tallying, value
from council.figures.about_cases import ENDINGS, FOUND, LOGGED, OPEN, RECEIVED
from council.figures.asked import usual
from council.figures.measures import Kind
from council.figures.medians import Clocks, Median
from council.figures.strip import strip
from council.models import Tally
from tests import builders
from tests.builders import NOON
from tests.council.test_tallying import put_right

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONE = "Europe/Zurich"
QUARTER = periods.quarter(NOON, ZONE)
LATER = NOON + 2 * DAY  # Thursday noon


# Periods


def test_quarter_starts_at_local_midnight():
    assert periods.Period(datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)) == QUARTER
    assert periods.quarter_before(QUARTER, ZONE).start == datetime(2026, 6, 30, 22, tzinfo=UTC)


def test_months_and_years_end_where_the_company_is():
    month = periods.block(date(2026, 11, 30), 1, ZONE)
    assert (month.start, month.end) == (datetime(2026, 10, 31, 23, tzinfo=UTC), datetime(2026, 11, 30, 23, tzinfo=UTC))
    assert periods.first_day(periods.block_before(month, 1, ZONE), ZONE) == date(2026, 10, 1)
    year = periods.block(date(2026, 11, 30), 12, ZONE)
    assert (periods.first_day(year, ZONE), periods.last_day(year, ZONE)) == (date(2026, 1, 1), date(2026, 12, 31))


def test_a_stretch_is_compared_with_as_many_days_before():
    days = periods.stretch(date(2026, 11, 2), date(2026, 11, 15), ZONE)
    before = periods.stretch_before(days, ZONE)
    assert (periods.first_day(before, ZONE), periods.last_day(before, ZONE)) == (date(2026, 10, 19), date(2026, 11, 1))


@pytest.mark.parametrize(("months", "count"), [(1, 6), (3, 14), (12, 12)])
def test_parts_of_a_period_are_weeks_or_months_without_a_gap(months, count):
    period = periods.block(date(2026, 11, 30), months, ZONE)
    parts = periods.parts(period, ZONE)
    assert (len(parts), parts[0].start, parts[-1].end) == (count, period.start, period.end)
    assert [one.end for one in parts[:-1]] == [one.start for one in parts[1:]]


def test_weeks_begin_on_monday_and_end_with_the_present_one():
    weeks = periods.weeks(NOON, ZONE, 12)
    assert (len(weeks), NOON in weeks[-1], weeks[-1].start) == (12, True, datetime(2026, 11, 15, 23, tzinfo=UTC))


@pytest.mark.parametrize(("most", "top"), [(0, 3), (3, 3), (4, 6), (16, 30), (31, 60)])
def test_the_ruled_lines_divide_evenly(most, top):
    weeks = [(week, most, 0) for week in periods.weeks(NOON, ZONE, 12)]
    assert chart.draw(weeks, ZONE).rules[-1].text == str(top)


# A small world


@pytest.fixture
def world(people):
    """Four cases of this quarter: in time and confirmed, late, never answered, just come in; and one before."""
    by = {"owner": people.owner}
    first = builders.acknowledged(builders.case(**by))  # 38 minutes of 4 hours
    late = builders.acknowledged(builders.case(**by), now=NOON + 4.5 * HOUR)  # 16:30, due at 16:00
    silent = builders.case(**by)
    fresh = builders.case(now=LATER - HOUR, channel=Channel.FOUND, **by)
    old = builders.case(now=datetime(2026, 9, 15, 10, 0, tzinfo=UTC), **by)
    put_right(first)
    tallying.tally_due(LATER)
    return {"first": first, "late": late, "silent": silent, "fresh": fresh, "old": old, "people": people}


def reading(world, measure, period=None, now=LATER):
    asked = usual(world["people"].member, now)
    return counting.read(asked, [(measure, period or asked.period)])[measure.slug, period or asked.period]


def test_in_time_is_met_of_met_and_missed_with_what_is_unfinished_and_past_due(world):
    found = reading(world, catalogue.IN_TIME[0])
    assert found.counts == {"met": 1, "missed": 2, "open": 1}
    assert (found.hits, found.of, found.value, found.is_good) == (1, 3, 33, False)


def test_the_quarter_before_has_its_own_number(world):
    before = periods.quarter_before(QUARTER, ZONE)
    assert reading(world, catalogue.IN_TIME[0], before).counts == {"met": 0, "missed": 1, "open": 0}
    assert reading(world, RECEIVED, before).value == 1


def test_medians_count_what_still_waits_on_both_clocks(world):
    found = medians.medians(usual(world["people"].member, LATER), [QUARTER])
    # 38 min, then one censored after an hour, then 4.5 hours: three quarters, three quarters, three eighths wait.
    assert found["told", QUARTER] == Clocks(Median(16_200, 4, 2), Median(16_200, 4, 2))
    assert found["right", QUARTER].theirs == Median(None, 4, 3)


def test_a_running_clock_of_ours_counts_working_time_until_now(world):
    rows = medians.stages(usual(world["people"].member, LATER), [QUARTER])["told"]
    running = sorted((row.wall, row.work) for row in rows if not row.done)
    # The fresh one came an hour ago; the silent one waits since Tuesday noon: 5 + 9 + 4 hours of two days.
    assert running == [(3600, 3600), (172_800, 18 * 3600)]


def test_only_their_word_counts_as_put_right(world):
    Tally.objects.filter(case=world["late"]).update(resolved_at=NOON, silent=True)
    Tally.objects.filter(case=world["silent"]).update(outcome="not_agreed", state="closed", closed_at=NOON)
    found = reading(world, ENDINGS)
    assert (found.counts, found.value) == ({"word": 1, "silent": 1, "not-agreed": 1}, 33)


def test_found_by_us_logging_and_what_is_open(world):
    assert reading(world, FOUND).counts == {"ours": 1, "theirs": 3}
    assert reading(world, LOGGED).counts == {"hour": 4, "day": 0, "later": 0}
    assert reading(world, OPEN).counts == {"week": 3, "month": 0, "two": 0, "three": 1, "older": 0}


def test_marks_are_a_mean_and_recommendation_a_balance(world):
    for name, marks in (("first", (5, 4, 10)), ("late", (2, 3, 6)), ("silent", (4, None, 8))):
        satisfied, heard, recommend = marks
        Tally.objects.filter(case=world[name]).update(
            answered_at=NOON, satisfied=satisfied, heard=heard, recommend=recommend
        )
    assert (reading(world, catalogue.HEARD).of, reading(world, catalogue.HEARD).value) == (2, 3.5)
    assert reading(world, catalogue.SATISFIED).value == 3.7
    balance = reading(world, catalogue.MEASURES["recommend"])
    assert (balance.counts, balance.value) == ({"for": 1, "between": 1, "against": 1}, 0)


# Value


def test_at_stake_counts_a_customer_once_and_leaves_history_out(people):
    customer = builders.customer()
    builders.case(owner=people.owner, of=customer)
    builders.case(owner=people.owner, of=customer, severity="low")
    old = builders.case(owner=people.owner)
    Case.objects.filter(pk=old.pk).update(historical=True)
    builders.case(owner=people.owner, of=builders.customer(yearly_revenue=None))
    tallying.tally_due(NOON)
    found = strip(people.member, NOON).at_stake
    assert (found.low, found.likely, found.high) == (30_120_000, 128_400_000, 139_320_000)
    assert (found.cases, found.customers, found.unknown, found.reach) == (3, 2, 1, 18)


def test_saved_is_recovered_and_still_buying_a_year_later(world):
    member, year_later = world["people"].member, NOON + 367 * DAY
    for on, expected in ((None, (1, 0)), (date(2027, 11, 19), (1, 0)), (date(2027, 5, 1), (0, 1))):
        CustomerMark.objects.all().delete()
        if on is not None:
            of = world["first"].customer
            CustomerMark.objects.create(customer=of, kind="lost", on=on, noted_at=year_later)
        asked = usual(member, year_later)
        found = value.worths(asked, [asked.period])
        saved, left = found["saved", "saved", asked.period], found["saved", "left", asked.period]
        assert (saved.cases, left.cases) == expected
        assert saved.likely == 128_400_000 * expected[0]
    assert value.worths(usual(member, LATER), [QUARTER])["saved", "saved", QUARTER].cases == 0


def test_lost_is_what_customers_with_a_case_took_with_them(world):
    of = world["late"].customer
    CustomerMark.objects.create(customer=of, kind="lost", on=NOON.date(), noted_at=NOON)
    found = value.worths(usual(world["people"].member, LATER), [QUARTER, periods.quarter_before(QUARTER, ZONE)])
    assert [found["lost", "all", span].likely for span in (QUARTER, periods.quarter_before(QUARTER, ZONE))] == [
        128_400_000, 0,
    ]  # fmt: skip


# Causes


def test_causes_weigh_a_customer_once():
    rows = [
        (1, "Carrier", 10, "Hand-over", 101, 1, 500),
        (1, "Carrier", 11, "No scan", 101, 1, 500),
        (1, "Carrier", 10, "Hand-over", 102, 1, 400),
        (1, "Carrier", 10, "Hand-over", 103, 2, 300),
        (None, None, 12, "Planning", 104, 3, 200),
    ]
    by_value = [(bar.name, bar.filter, bar.cases, bar.stake, bar.share, bar.so_far) for bar in pareto.rank(rows)]
    assert by_value == [("Carrier", ("kind", 1), 3, 800, 100, 80), ("Planning", ("cause", 12), 1, 200, 25, 100)]
    assert [bar.so_far for bar in pareto.rank(rows, by_count=True)] == [75, 100]


@pytest.mark.parametrize(
    ("struck_after", "channel", "expected"),
    [
        (None, "phone", {"again": 0, "held": 0, "early": 1}),
        (10, "phone", {"again": 1, "held": 0, "early": 0}),
        (10, "found", {"again": 0, "held": 0, "early": 1}),
    ],
)
def test_recurrence_is_a_failure_after_the_last_corrective_action(people, struck_after, channel, expected):
    case = builders.case(owner=people.owner, now=NOON - 40 * DAY)
    cause = Cause.objects.create(title="Hand-over", kind=CauseKind.objects.first(), owner=people.owner, found_at=NOON)
    CaseCause.objects.create(case=case, cause=cause, at=NOON)
    row = write(text="Two signatures", now=NOON, case=case)
    done = {"cause": cause, "kind": ActionKind.CORRECTIVE, "words": row, "owner": people.owner}
    mended = NOON - 30 * DAY
    Action.objects.create(**done, planned_at=mended, due_at=mended, done_at=mended, done_by=people.owner)
    if struck_after is not None:
        again = builders.case(owner=people.owner, now=mended + struck_after * DAY, channel=channel)
        CaseCause.objects.create(case=again, cause=cause, at=NOON)
    tallying.tally_due(NOON)
    assert reading({"people": people}, catalogue.RECURRENCE[0], now=NOON).counts == expected
    later = reading({"people": people}, catalogue.RECURRENCE[0], now=NOON + 100 * DAY).counts
    assert later["held"] == (expected["again"] == 0)


def test_the_strip_says_what_the_pages_say(world):
    found = strip(world["people"].member, LATER)
    assert found.acknowledged == reading(world, catalogue.IN_TIME[0])
    assert found.confirmed == medians.medians(found.asked, [QUARTER])["right", QUARTER].theirs
    assert found.chart.weeks[-1][1:] == (4, 1)
    assert found.causes_asked == []


def test_every_measure_has_words_a_sum_and_parts_of_its_own():
    for measure in catalogue.MEASURES.values():
        names = [part.slug for part in measure.parts]
        assert measure.words.endswith(".") and measure.sum
        assert len(set(names)) == len(names)
        assert {*measure.hits, *measure.of, *measure.against} <= set(names)
        assert measure.kind != Kind.SHARE or measure.hits
