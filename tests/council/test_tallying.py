"""The tallies: kept up by a sweep, the same as if read anew, rebuilt by one command."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import F

from cases import merging
from cases.enums import EntryKind
from cases.models import Case, Chain, SetAside
from cases.steps import resolve
from council.figures import reading, tallying
from council.models import Tally
from tests import builders
from tests.builders import NOON

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def put_right(case, *, yes_at=NOON + DAY):
    builders.ready_to_offer(case, now=NOON + HOUR)
    resolve.offer(case=case, actor=case.owner, text="Forty", now=NOON + HOUR)
    resolve.carry_out(case=case, actor=case.owner, text="Done", by="Sven", at=NOON + HOUR, now=NOON + HOUR)
    asked = resolve.ask(case=case, actor=case.owner, now=NOON + HOUR)
    resolve.confirm(confirmation=asked, yes=True, text="", now=yes_at)


def kept_and_anew():
    kept = {row.pk: dict(reading.facts_of(row)) for row in Tally.objects.all()}
    anew = {row.pk: dict(reading.facts_of(row)) for row in reading.tallies(Case.objects.values_list("pk", flat=True))}
    return kept, anew


def test_a_case_is_counted_from_receipt_to_their_yes(people):
    case = builders.acknowledged(builders.case(owner=people.owner))
    put_right(case)
    assert tallying.tally_due(NOON + DAY) == 1
    row = Tally.objects.get()
    assert (row.pk, row.is_last, row.team_id) == (case.pk * 1000 + 1, True, people.owner.team_id)
    assert (row.told_at, row.told_wall, row.told_work) == (NOON + timedelta(minutes=38), 2280, 2280)
    assert (row.right_at, row.right_wall) == (NOON + DAY, 86400)
    assert row.right_work == 9 * 3600  # Tuesday 12:00 to 17:00 and Wednesday 08:00 to 12:00
    assert (row.stake_low, row.stake, row.stake_high) == (30_120_000, 128_400_000, 139_320_000)
    assert row.year_on.isoformat() == "2027-11-18"


def test_the_sweep_costs_one_look_when_nothing_has_grown(people, django_assert_num_queries):
    builders.case(owner=people.owner)
    tallying.tally_due(NOON)
    with django_assert_num_queries(2):
        assert tallying.tally_due(NOON) == 0


def test_what_is_kept_is_what_would_be_read_anew(people):
    done = builders.acknowledged(builders.case(owner=people.owner))
    tallying.tally_due(NOON)
    put_right(done)
    builders.case(owner=people.owner, severity="low")
    tallying.tally_due(NOON + DAY)
    kept, anew = kept_and_anew()
    assert kept == anew
    assert len(kept) == 2
    assert not Chain.objects.filter(seq__gt=F("tallied_seq")).exists()


def test_a_case_merged_into_another_is_counted_no_more(people):
    of = builders.customer()
    absorbed = builders.case(owner=people.owner, of=of)
    survivor = builders.case(owner=people.owner, of=of)
    tallying.tally_due(NOON)
    merging.merge(case=absorbed, into=survivor, actor=people.lead, reason="Twice the same", now=NOON + DAY)
    tallying.tally_due(NOON + DAY)
    row = Tally.objects.get()
    assert (row.case_id, row.told_missed) == (survivor.pk, True)


def test_a_case_that_breaks_it_is_set_aside_and_the_others_are_counted(people, monkeypatch):
    bad, good = builders.case(owner=people.owner), builders.case(owner=people.owner)
    whole = reading.tallies

    def breaks(ids):
        if bad.pk in ids:
            raise ValueError("no such number")
        return whole(ids)

    monkeypatch.setattr(reading, "tallies", breaks)
    assert tallying.tally_due(NOON) == 1
    assert (Tally.objects.get().case_id, SetAside.objects.get().ref) == (good.pk, bad.pk)
    assert tallying.tally_due(NOON) == 0


def test_the_command_counts_everything_anew(people):
    case = builders.acknowledged(builders.case(owner=people.owner), means=EntryKind.CALL)
    tallying.tally_due(NOON)
    Tally.objects.update(told_wall=1, severity="low")
    said = StringIO()
    call_command("rebuild_figures", stdout=said)
    assert said.getvalue() == "1 cases counted\n"
    assert Tally.objects.get(case=case).told_wall == 2280
