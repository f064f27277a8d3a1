"""Due times by table, rungs, and what a clock took."""

from datetime import UTC, datetime, timedelta

import pytest

from cases import deadlines, plan
from cases.defaults import OFFICE_HOURS
from cases.models import Due
from cases.worktime import Calendar
from tests import builders
from tests.builders import NOON

OFFICE = Calendar.from_facts({**OFFICE_HOURS, "holidays": ["2026-12-25"]})


def at(text: str) -> datetime:
    """Read a UTC moment; Zürich is one hour ahead in November and December."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("allowed", "start", "due"),
    [
        ("1h", "2026-11-17 07:12", "2026-11-17 08:12"),  # Tuesday morning
        ("4h", "2026-11-17 11:00", "2026-11-17 15:00"),
        ("4h", "2026-11-17 14:00", "2026-11-18 09:00"),  # two hours today, two tomorrow
        ("2h", "2026-11-17 14:00", "2026-11-17 16:00"),  # runs out exactly at closing: due at closing
        ("4h", "2026-11-20 15:00", "2026-11-23 10:00"),  # Friday afternoon into Monday
        ("4h", "2026-11-21 10:00", "2026-11-23 11:00"),  # received on a Saturday
        ("1d", "2026-11-17 07:12", "2026-11-18 16:00"),  # closing time of the next working day
        ("5d", "2026-11-17 07:12", "2026-11-24 16:00"),
        ("2d", "2026-12-23 09:00", "2026-12-28 16:00"),  # over a holiday and a weekend
        ("30m", "2026-11-17 07:12", "2026-11-17 07:42"),
    ],
)
def test_due_moment_follows_the_calendar(allowed, start, due):
    assert deadlines.due_moment(OFFICE, allowed, at(start)) == at(due)


def test_due_moment_refuses_an_unknown_unit():
    with pytest.raises(ValueError, match="not a working time"):
        deadlines.due_moment(OFFICE, "4w", NOON)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("severity", "step", "due"),
    [
        ("low", 1, "2026-11-18 10:00"),
        ("normal", 1, "2026-11-17 15:00"),
        ("high", 1, "2026-11-17 13:00"),
        ("critical", 1, "2026-11-17 12:00"),
        ("normal", 2, "2026-11-18 16:00"),
        ("critical", 2, "2026-11-17 15:00"),
        ("normal", 3, "2026-11-24 16:00"),
        ("critical", 3, "2026-11-19 16:00"),
        ("critical", 4, "2026-11-18 16:00"),
        ("normal", 5, "2026-12-01 16:00"),
        ("normal", 6, "2026-12-03 16:00"),
        ("normal", 8, "2026-11-19 16:00"),
    ],
)
def test_each_step_is_due_as_the_policy_says(severity, step, due):
    case = builders.case(owner=builders.user(), severity=severity)
    assert Due.objects.get(case=case, kind="step", ref=step).due_at == at(due)


@pytest.mark.django_db
def test_survey_and_institutionalize_have_no_clock_at_opening():
    case = builders.case(owner=builders.user())
    assert set(Due.objects.filter(case=case, kind="step").values_list("ref", flat=True)) == {1, 2, 3, 4, 5, 6, 8}


@pytest.mark.django_db
def test_first_chase_is_at_half_the_working_time():
    case = builders.case(owner=builders.user())
    assert Due.objects.get(case=case, kind="step", ref=1).chase_at == NOON + timedelta(hours=2)


@pytest.mark.django_db
def test_clocks_start_at_receipt_and_chases_not_before_logging():
    case = builders.case(owner=builders.user(), received_at=NOON - timedelta(hours=3))
    due = Due.objects.get(case=case, kind="step", ref=1)
    assert (due.due_at, due.chase_at) == (NOON + timedelta(hours=1), NOON)


@pytest.mark.django_db
def test_stopping_a_clock_keeps_working_and_wall_time():
    case = builders.case(owner=builders.user())
    deadlines.stop(case=case, kind="step", ref=1, now=NOON + timedelta(days=1))
    due = Due.objects.get(case=case, kind="step", ref=1)
    assert (due.work_s, due.wall_s, due.missed) == (9 * 3600, 24 * 3600, True)


@pytest.mark.django_db
def test_seam_and_next_due_are_what_a_recount_gives():
    case = builders.acknowledged(builders.case(owner=builders.user()))
    open_dues = list(Due.objects.filter(case=case, closed_at=None))
    assert case.seam == plan.seam(plan.current_steps(case), open_dues)
    assert (case.next_due_at, case.next_kind) == plan.next_due(case, open_dues)
    assert case.seam[0][0] == "done"
