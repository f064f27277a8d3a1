"""How much of our working time our clock stood: of what was put right or ended, in working seconds, cases beside."""

from datetime import UTC, datetime, timedelta

import pytest

from cases import entries, pausing, reopening, workflow
from cases.enums import EntryKind, Outcome
from cases.models import Case
from council.figures import about_cases, counting, sheets, tallying
from council.figures.asked import of_everybody
from council.models.tally import Tally
from tests import builders
from tests.builders import NOON

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LATER = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture
def owner():
    return builders.user("lead", of=builders.team())


def paused(case: Case, at, hours: int) -> None:
    """Ask them something and let our clock stand for so many hours."""
    asked = {"kind": EntryKind.CALL, "text": "Which drawing?", "contact": case.reporter, "now": at}
    question = entries.add_entry(case=case, actor=case.owner, **asked)
    given = {"question": question, "reason": "Cut them", "until_at": at + hours * HOUR, "now": at}
    pausing.pause(case=case, actor=case.owner, steps=[3], **given)


def ended(case: Case, at) -> None:
    workflow.end(case=case, act=Outcome.CUSTOMER_LOST, now=at, actor=case.owner)


def reading(now=LATER) -> counting.Reading:
    tallying.tally_due(now)
    asked = of_everybody("all", "quarter", now)
    return counting.read(asked, [(about_cases.PAUSED, asked.period)])["paused", asked.period]


def test_portion_is_working_time_paused_over_working_time_open(owner):
    stood, went = builders.case(owner=owner), builders.case(owner=owner)
    paused(stood, NOON + HOUR, 2)
    ended(stood, NOON + 4 * HOUR)
    ended(went, NOON + 4 * HOUR)
    found = reading()
    assert (found.marks, found.base, found.value) == (2 * 3600, 8 * 3600, 25.0)
    assert dict(found.counts) == {"paused": 1, "never": 1}


def test_night_in_a_pause_is_no_working_time_and_overlaps_count_once(owner):
    case = builders.case(owner=owner)
    paused(case, NOON + HOUR, 24)
    paused(case, NOON + 2 * HOUR, 22)
    ended(case, NOON + 48 * HOUR)
    tallying.tally_due(LATER)
    row = Tally.objects.get()
    day = row.open_work // 2
    assert (row.paused, row.paused_work) == (2, day)


def test_case_that_is_open_counts_only_once_it_has_ended(owner):
    case = builders.case(owner=owner)
    paused(case, NOON + HOUR, 2)
    assert reading().value is None
    ended(case, NOON + 4 * HOUR)
    assert reading().value == 50.0


def test_pause_belongs_to_the_round_it_was_made_in(owner):
    case = builders.case(owner=owner)
    paused(case, NOON + HOUR, 2)
    ended(case, NOON + 4 * HOUR)
    reopening.reopen(case=case, actor=owner, why="recurrence", text="Again", now=NOON + 5 * HOUR)
    case.refresh_from_db()
    ended(case, NOON + 6 * HOUR)
    tallying.tally_due(LATER)
    assert list(Tally.objects.order_by("round").values_list("round", "paused", "paused_work")) == [
        (1, 1, None),
        (2, 0, 0),
    ]


def test_sheet_keeps_both_sums(owner):
    case = builders.case(owner=owner)
    paused(case, NOON + HOUR, 2)
    ended(case, NOON + 4 * HOUR)
    found = reading()
    assert sheets.unpack(sheets.pack(found)) == found


def test_page_shows_the_portion_with_its_sum_and_the_cases_beside(client, owner, clock):
    case = builders.case(owner=owner)
    paused(case, NOON + HOUR, 2)
    ended(case, NOON + 4 * HOUR)
    tallying.tally_due(LATER)
    clock.move_to(LATER)
    client.force_login(builders.user("chair"))
    page = client.get("/council/figures/").content.decode()
    assert "50.0&nbsp;%" in page and "1 of 1 case" in page
    opened = client.get("/council/figures/paused/cases/").content.decode().replace("\xa0", " ")
    assert "2 h ÷ 4 h = <b>50.0&nbsp;%" in opened
