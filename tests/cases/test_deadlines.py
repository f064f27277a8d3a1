"""Due times by table, rungs, and what a clock took."""

from datetime import UTC, datetime, timedelta

import pytest

from cases import deadlines, entries, pausing, plan, workflow
from cases.defaults import OFFICE_HOURS
from cases.enums import EntryKind, Side
from cases.models import Due, Pause
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


# Pauses and what comes after them


def waiting(case, *, until: datetime) -> Pause:
    """Return a pause of Resolve and Go beyond from one o'clock on, resting on a call."""
    later = NOON + timedelta(hours=1)
    facts = {"text": "Which part?", "contact": case.reporter, "now": later}
    question = entries.add_entry(case=case, actor=case.owner, kind=EntryKind.CALL, **facts)
    return pausing.pause(
        case=case, actor=case.owner, steps=(3, 4), question=question, reason="x", until_at=until, now=later
    )


def answered(case, *, at: datetime, now: datetime) -> None:
    facts = {"text": "It is 40-B", "contact": case.reporter, "side": Side.THEIRS, "at": at, "now": now}
    entries.add_entry(case=case, actor=case.owner, kind=EntryKind.CALL, **facts)


@pytest.mark.django_db
def test_stopped_clock_is_measured_anew_when_its_pause_turns_out_shorter():
    case = builders.case(owner=builders.user())
    waiting(case, until=NOON + timedelta(hours=4))
    deadlines.stop(case=case, kind="step", ref=4, now=NOON + timedelta(hours=4))
    answered(case, at=NOON + timedelta(hours=2), now=NOON + timedelta(hours=5))
    assert Due.objects.get(case=case, kind="step", ref=4).work_s == 3 * 3600


@pytest.mark.django_db
def test_word_said_before_our_question_does_not_end_the_pause():
    case = builders.case(owner=builders.user())
    pause = waiting(case, until=NOON + timedelta(hours=4))
    answered(case, at=NOON + timedelta(minutes=30), now=NOON + timedelta(hours=2))
    assert Pause.objects.get(pk=pause.pk).to_at == NOON + timedelta(hours=4)


@pytest.mark.django_db
def test_step_planned_anew_counts_the_pause_that_still_holds_it():
    case = builders.case(owner=builders.user())
    pause = waiting(case, until=NOON + timedelta(hours=4))
    again = NOON + timedelta(hours=2)
    workflow.resolve(case=case, contact=case.reporter, now=again)
    workflow.reopen(case=case, why="recurrence", now=again)
    due = Due.objects.get(case=case, round=2, kind="step", ref=3)
    assert due.due_at == deadlines.recounted(due, [(pause.from_at, pause.to_at)]) != deadlines.recounted(due)
