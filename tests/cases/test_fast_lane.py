"""The fast lane and the moment of receipt: rules of thumb that cannot be gamed."""

from datetime import timedelta

import pytest

from cases import fast_lane, receiving
from cases.enums import CaseState, Severity
from cases.models import CauseKind, Due, Round, Step
from cases.queries import case_page, standing
from cases.refusals import Refused
from cases.steps import council, survey
from cases.timeline import faults
from tests import builders
from tests.builders import NOON
from tests.cases.resolving import confirmed

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def owner():
    return builders.user("manager", of=builders.team())


@pytest.fixture
def small(owner):
    case = builders.acknowledged(builders.case(owner=owner, severity=Severity.LOW))
    return confirmed(case, NOON + DAY)


def take(case, now=NOON + DAY):
    return fast_lane.take(case=case, actor=case.owner, kind=CauseKind.objects.first(), now=now)


def test_fast_lane_waives_five_steps_by_rule_under_a_kind_of_cause(small):
    case = take(small)
    waived = Step.objects.filter(case=case, state="waived").values_list("number", "note")
    assert sorted(waived) == [(number, "fast_lane") for number in (2, 4, 5, 6, 9)]
    assert (case.fast_lane, case.causes.get().kind) == (True, CauseKind.objects.first())
    assert faults(case.pk) == []


def test_case_in_the_fast_lane_closes_once_survey_and_council_are_done(small):
    case = take(small)
    survey.complete(case=case, how="silent", now=NOON + DAY)
    council.complete(case=case, actor=None, how="rule", now=NOON + DAY)
    case.refresh_from_db()
    assert (case.state, case.outcome) == (CaseState.CLOSED, "recovered")


def test_waivers_of_the_fast_lane_are_not_held_against_it(small):
    """Hitt, 7: no waiver after confirmation without the lead; but this one is a rule."""
    case = take(small, now=NOON + DAY + HOUR)
    page = case_page.read(case.owner, case.pk, now=NOON + 2 * DAY)
    assert standing.pulse(page).waived_after_confirmation == 0


def test_confirmed_on_the_third_working_day_is_in_time(owner):
    case = builders.acknowledged(builders.case(owner=owner, severity=Severity.LOW))
    assert fast_lane.confirmed_by(case) == NOON + 3 * DAY + 5 * HOUR  # Friday at closing time
    late = confirmed(case, NOON + 4 * DAY)
    with pytest.raises(Refused, match="later than three working days"):
        take(late, now=NOON + 4 * DAY)


@pytest.mark.parametrize("severity", [Severity.NORMAL, Severity.HIGH, Severity.CRITICAL])
def test_fast_lane_is_for_small_matters_only(owner, severity):
    case = confirmed(builders.acknowledged(builders.case(owner=owner, severity=severity)), NOON + HOUR)
    with pytest.raises(Refused, match="small matters only"):
        take(case)


def test_fast_lane_waits_for_the_customers_own_word(owner):
    case = builders.acknowledged(builders.case(owner=owner, severity=Severity.LOW))
    with pytest.raises(Refused, match="once the customer has confirmed"):
        take(case)


def test_a_repeat_within_90_days_brings_the_full_road_back(small, owner):
    take(small)
    again = builders.case(
        owner=owner, of=small.customer, reporter=small.reporter, severity=Severity.LOW, now=NOON + 60 * DAY
    )
    planned = Step.objects.filter(case=again, state="planned").count()
    confirmed(builders.acknowledged(again, now=NOON + 60 * DAY + HOUR), NOON + 60 * DAY + HOUR)
    with pytest.raises(Refused, match=f"RC-{small.pk}.*the full road is taken"):
        take(again, now=NOON + 60 * DAY + HOUR)
    assert planned == 9


def test_fast_lane_needs_a_kind_of_cause(small):
    with pytest.raises(Refused) as no:
        fast_lane.take(case=small, actor=small.owner, kind=None, now=NOON + DAY)
    assert no.value.field == "kind"


# When it reached us


def correct(case, at, **fields):
    given = {"actor": builders.user("lead", of=case.team), "reason": "The e-mail says so", "now": NOON + HOUR, **fields}
    receiving.correct(case=case, received_at=at, **given)
    case.refresh_from_db()
    return case


def clock_of(case, number):
    return Due.objects.get(case=case, kind="step", ref=number)


def test_every_clock_is_counted_anew_from_the_moment_of_receipt(owner):
    case = correct(builders.case(owner=owner), NOON - 2 * HOUR)
    assert (clock_of(case, 1).due_at, clock_of(case, 1).started_at) == (NOON + 2 * HOUR, NOON - 2 * HOUR)
    assert Round.objects.get(case=case).began_at == case.received_at == NOON - 2 * HOUR
    assert (case.next_due_at, faults(case.pk)) == (NOON + 2 * HOUR, [])


def test_what_was_done_is_measured_anew_too(owner):
    case = builders.acknowledged(builders.case(owner=owner), now=NOON + HOUR)
    correct(case, NOON - 2 * HOUR, now=NOON + 2 * HOUR)
    assert clock_of(case, 1).work_s == 3 * 3600


def test_a_missed_deadline_stays_missed_whatever_is_corrected(owner):
    case = builders.acknowledged(builders.case(owner=owner), now=NOON + 5 * HOUR)
    before = clock_of(case, 1)
    correct(case, NOON + 4 * HOUR, now=NOON + 6 * HOUR)
    after = clock_of(case, 1)
    assert (before.missed, after.missed, after.due_at) == (True, True, before.due_at)


@pytest.mark.parametrize(
    ("fields", "match"),
    [
        ({"reason": " "}, "Say how you know"),
        ({"at": NOON + 9 * HOUR}, "lies in the future"),
        ({"at": NOON}, "says already"),
        ({"role": "manager"}, "Only the team lead"),
    ],
)
def test_receipt_is_not_corrected(owner, fields, match):
    case = builders.case(owner=owner)
    at = fields.pop("at", NOON - HOUR)
    role = fields.pop("role", "lead")
    with pytest.raises(Refused, match=match):
        correct(case, at, actor=builders.user(role, of=case.team), **fields)
