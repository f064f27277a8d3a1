"""Where a case stands, read off its record: rail, acknowledgement, lights, discovery."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.template.loader import get_template

from cases import discovery, entries
from cases.enums import DiscoveryAnswer, EntryKind, Fault
from cases.models import Case, Step
from cases.queries import case_page, pulse, standing
from cases.wording import blocks_of
from tests import builders
from tests.builders import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("three_hours_later")]
HOUR = timedelta(hours=1)
TABS = ("timeline", "discovery", "facts", "promises", "actions", "files")
MOST = 14


@pytest.fixture
def owner(led):
    return led


@pytest.fixture
def case(critical):
    return critical


def page_of(case: Case, user, *, at=NOON + 3 * HOUR) -> case_page.Page:
    return case_page.read(user, case.pk, now=at)


# Where it stands


def test_rail_tells_done_now_and_planned(owner, case):
    stops = standing.rail(page_of(case, owner))
    assert [stop.shown for stop in stops[:3]] == ["done", "now", "planned"]
    assert (stops[0].note, stops[0].facts["took"]) == ("done_acknowledge", 38 * 60)


def test_rail_shows_what_is_late(owner, case):
    stops = standing.rail(page_of(case, owner, at=NOON + timedelta(days=3)))
    assert [stop.number for stop in stops if stop.shown == "late"] == [2, 3, 4, 8]


def test_acknowledgement_is_measured_in_working_time(owner, case):
    found = standing.acknowledged(page_of(case, owner))
    assert (found["took"], found["allowed"], found["late"]) == (38 * 60, "1h", False)


def test_steps_on_the_page_are_those_of_the_latest_round(owner, case):
    Step.objects.create(case=case, round=2, number=1, planned_at=NOON)
    assert page_of(case, owner).steps[1].is_open


def test_sums_know_the_promises(owner, case):
    sums = pulse.sums_of(case, now=NOON + 3 * HOUR)
    promised = sums["promises"]
    assert (promised["all"], promised["open"], promised["late"], promised["kept"]) == (1, 1, 0, 0)
    assert promised["next_at"] == NOON + timedelta(days=1, minutes=38)


def test_sums_count_the_customers_cases_of_twelve_months(owner):
    customer = builders.customer()
    builders.case(owner=owner, of=customer, now=NOON - timedelta(days=400))
    builders.case(owner=owner, of=customer, now=NOON - timedelta(days=300))
    third = builders.case(owner=owner, of=customer)
    assert pulse.sums_of(third, now=NOON)["nth"] == 2


# The lights, from the record


def test_lights_of_an_acknowledged_case(owner, case):
    pulse_now = standing.pulse(page_of(case, owner))
    assert (pulse_now.remedy_at, pulse_now.admitted_at) == (NOON, NOON + timedelta(minutes=38))
    assert pulse_now.admit_by == NOON + timedelta(minutes=98)


def test_admission_needs_something_we_will_do(owner):
    case = builders.case(owner=owner, fault=Fault.OURS)
    entries.add_entry(case=case, actor=owner, kind=EntryKind.CALL, text="Sorry", now=NOON + HOUR, contact=case.reporter)
    assert standing.pulse(page_of(case, owner)).admitted_at is None


def test_fault_named_at_opening_counts_from_then(owner):
    case = builders.case(owner=owner, fault=Fault.OURS, remedy=None)
    assert standing.pulse(page_of(case, owner)).cause_at == NOON


def test_a_word_of_ours_moves_the_end_of_silence(owner, case):
    before = standing.pulse(page_of(case, owner)).silence_due_at
    entries.add_entry(
        case=case, actor=owner, kind=EntryKind.CALL, text="Called", now=NOON + 25 * HOUR, contact=case.reporter
    )
    assert before < standing.pulse(page_of(case, owner)).silence_due_at


# Discovery, from the record


def test_record_proposes_from_what_is_written(owner, case):
    proposed = discovery.proposals(standing.record(page_of(case, owner)))
    assert {number: one.answer for number, one in proposed.items()} == {
        1: DiscoveryAnswer.PARTLY,
        3: DiscoveryAnswer.NO,
        5: DiscoveryAnswer.YES,
        6: DiscoveryAnswer.NO,
        7: DiscoveryAnswer.YES,
    }


def test_every_proposal_has_its_words():
    blocks = blocks_of(get_template("cases/proposals.html").template)
    told = discovery.Record(remedy_told=True, gap_written=True, originals=1, entries=2, contained=True)
    full = replace(told, stake_known=True)
    bare = discovery.Record(remedy_told=True, containing=True, owned=True)
    owned = discovery.Record(gap_written=True, owned=True, acknowledged=True)
    found = {one.why for record in (full, bare, owned) for one in discovery.proposals(record).values()}
    assert found <= set(blocks)
