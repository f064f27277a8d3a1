"""The figures: each counts what it says."""

from datetime import UTC, datetime, timedelta

import pytest

from cases.enums import ActionKind, Channel
from cases.models import Action, Case, CaseCause, Cause, CauseKind
from cases.steps import resolve
from cases.words import write
from council import periods
from council.figures import causes, chart, counting
from council.figures.laps import Lap
from council.figures.strip import strip
from tests import builders
from tests.builders import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONE = "Europe/Zurich"
QUARTER = periods.quarter(NOON, ZONE)


def lap(**known):
    fields = {
        "number": 1, "began_at": NOON - DAY, "resolved_at": None, "silent": False, "rounds": 1, "state": "open",
        "outcome": "", "closed_at": None, "acknowledged_at": None, "acknowledge_by": NOON - DAY + 4 * HOUR,
    }  # fmt: skip
    return Lap(**{**fields, **known})


def test_quarter_starts_at_local_midnight():
    assert periods.Period(datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)) == QUARTER
    assert periods.quarter_before(QUARTER, ZONE).start == datetime(2026, 6, 30, 22, tzinfo=UTC)


def test_acknowledged_in_time_counts_unfinished_past_due_as_missed():
    rows = [
        lap(acknowledged_at=NOON - DAY + HOUR),
        lap(acknowledged_at=NOON - DAY + 5 * HOUR),
        lap(),
        lap(acknowledge_by=NOON + HOUR),
        lap(closed_at=NOON - DAY + HOUR, state="closed"),
        lap(number=2),
        lap(began_at=QUARTER.start - HOUR),
    ]
    assert counting.acknowledged_in_time(rows, QUARTER, NOON) == counting.Share(1, 3)


def test_median_to_confirmed_counts_running_and_silent_as_waiting():
    rows = [
        lap(began_at=NOON - 4 * DAY, resolved_at=NOON - 3 * DAY),
        lap(began_at=NOON - 4 * DAY, resolved_at=NOON - 2 * DAY, silent=True),
        lap(began_at=NOON - 4 * DAY),
        lap(began_at=NOON - 4 * DAY, resolved_at=NOON - DAY),
    ]
    found = counting.time_to_confirmed(rows, QUARTER, NOON)
    assert (found.seconds, found.of, found.running) == (3 * 86400, 4, 1)


def test_ends_tell_word_silence_and_reopened_apart():
    rows = [
        lap(resolved_at=NOON, rounds=2),
        lap(resolved_at=NOON, silent=True),
        lap(number=2, rounds=2, resolved_at=NOON),
        lap(outcome="not_agreed", state="closed", closed_at=NOON),
    ]
    found = counting.ends(rows, QUARTER)
    assert (found.by_word.percent, found.silent.percent, found.reopened) == (50, 25, counting.Share(1, 3))


def struck(**known):
    fields = {
        "cause": 1, "kind": "Carrier", "received_at": NOON - 10 * DAY, "stake": 500, "customer": 1,
        "channel": "phone", "mended_at": None,
    }  # fmt: skip
    return causes.Struck(**{**fields, **known})


def test_recurrence_is_a_failure_within_90_days_of_the_mending():
    mended = NOON - 30 * DAY
    rows = [
        struck(cause=1, mended_at=mended, received_at=mended + DAY),
        struck(cause=2, mended_at=mended, received_at=mended - DAY),
        struck(cause=3, mended_at=mended, received_at=mended + DAY, channel=Channel.FOUND),
        struck(cause=4, mended_at=NOON - 200 * DAY, received_at=NOON - 10 * DAY),
        struck(cause=5, mended_at=None),
    ]
    assert causes.recurred(rows, NOON) == counting.Share(1, 4)


def test_causes_weigh_a_customer_once():
    rows = [struck(), struck(), struck(customer=2, stake=300), struck(kind="Planning", stake=200)]
    bars = causes.weights(rows, NOON)
    assert [(bar.name, bar.stake, bar.cases, bar.share) for bar in bars] == [
        ("Carrier", 800, 3, 100), ("Planning", 200, 1, 25),
    ]  # fmt: skip
    assert causes.first_two(bars) == 100


@pytest.mark.parametrize(("most", "top"), [(0, 3), (3, 3), (4, 6), (16, 30), (31, 60)])
def test_the_ruled_lines_divide_evenly(most, top):
    weeks = [(week, most, 0) for week in periods.weeks(NOON, ZONE, 12)]
    assert chart.draw(weeks, ZONE).rules[-1].text == str(top)


def test_weeks_begin_on_monday_and_end_with_the_present_one():
    weeks = periods.weeks(NOON, ZONE, 12)
    assert (len(weeks), NOON in weeks[-1], weeks[-1].start) == (12, True, datetime(2026, 11, 15, 23, tzinfo=UTC))


def test_strip_counts_a_customer_once_and_leaves_history_out(people):
    customer = builders.customer()
    builders.case(owner=people.owner, of=customer)
    builders.case(owner=people.owner, of=customer, severity="low")
    old = builders.case(owner=people.owner)
    Case.objects.filter(pk=old.pk).update(historical=True)
    found = strip(Case.objects.all(), NOON).at_stake
    assert (found.amount, found.cases, found.unknown) == (128_400_000, 2, 0)


def test_strip_reads_a_life_from_receipt_to_the_customers_yes(people):
    case = builders.acknowledged(builders.case(owner=people.owner))
    builders.ready_to_offer(case, now=NOON + HOUR)
    resolve.offer(case=case, actor=people.owner, text="Forty", now=NOON + HOUR)
    resolve.carry_out(case=case, actor=people.owner, text="Done", by="Sven", at=NOON + HOUR, now=NOON + HOUR)
    asked = resolve.ask(case=case, actor=people.owner, now=NOON + HOUR)
    resolve.confirm(confirmation=asked, yes=True, text="", now=NOON + DAY)
    found = strip(Case.objects.all(), NOON + 2 * DAY)
    assert (found.acknowledged, found.confirmed) == (counting.Share(1, 1), counting.Median(86400.0, 1, 0))
    assert found.ends.by_word == counting.Share(1, 1)
    assert found.chart.weeks[-1][1:] == (1, 1)


def test_strip_weighs_causes_and_sees_them_mended(people):
    case = builders.case(owner=people.owner)
    kind = CauseKind.objects.first()
    cause = Cause.objects.create(title="Hand-over", kind=kind, owner=people.owner, found_at=NOON)
    CaseCause.objects.create(case=case, cause=cause, at=NOON)
    row = write(text="Two signatures", now=NOON, case=case)
    done = {"cause": cause, "kind": ActionKind.CORRECTIVE, "words": row, "owner": people.owner}
    Action.objects.create(**done, planned_at=NOON, due_at=NOON + DAY, done_at=NOON + HOUR, done_by=people.owner)
    found = strip(Case.objects.all(), NOON + DAY)
    assert (found.recurred, found.weights[0].name) == (counting.Share(0, 1), kind.name)
    Action.objects.create(**done, planned_at=NOON, due_at=NOON + DAY)
    assert strip(Case.objects.all(), NOON + DAY).recurred == counting.Share(0, 0)
