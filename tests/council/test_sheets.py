"""Sheets: the same numbers as counted now, for whole audiences only, fresh or not used."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from cases.models import Case
from council.figures import overview, sheets, strip, tallying, upkeep
from council.figures.asked import NAMES, of_everybody, spans, usual
from council.models import Sheet, Tally
from tests import builders
from tests.builders import NOON
from tests.council.test_tallying import put_right

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATER = NOON + 2 * DAY


@pytest.fixture
def world(people, clock):
    clock.move_to(LATER)
    put_right(builders.acknowledged(builders.case(owner=people.owner)))
    builders.case(owner=people.owner, now=NOON - 80 * DAY)
    builders.case(owner=people.owner, title="Somebody was rude", about_person=True)
    upkeep.keep_up(LATER)
    return people


def counted(asked, count):
    return sheets.unpack(sheets.pack(count(asked)))


def test_a_sheet_says_what_would_be_counted_now(world):
    assert Sheet.objects.count() == 2 * (len(NAMES) + 1)
    for reader in (world.chair, world.owner):
        asked = usual(reader, LATER)
        for page, count in ((overview.PAGE, overview.count), (strip.PAGE, strip.count)):
            found, at = sheets.fresh(page, asked, lambda _: pytest.fail("counted"))
            assert (found, at) == (counted(asked, count), LATER)


def test_packing_loses_nothing(world):
    asked = usual(world.chair, LATER)
    read, times = overview.count(asked)
    assert counted(asked, overview.count) == [read, times]
    worth, readings, medians, bars = strip.count(asked)
    assert counted(asked, strip.count) == [worth, readings, list(medians), bars]


def test_audiences_see_their_own_sheet(world):
    totals = {}
    for who in ("chair", "owner"):
        client = Client()
        client.force_login(getattr(world, who))
        totals[who] = client.get("/council/figures/?period=month").context["overview"].flow[0].now.hits
    assert totals == {"chair": 2, "owner": 1}


def test_a_reader_a_case_is_about_counts_for_themselves(world):
    Case.objects.filter(about_person=True).update(about_user=world.member)
    tallying.rebuild(LATER)
    assert Tally.objects.filter(about=world.member).exists()
    assert strip.strip(world.member, LATER).chart.weeks[-1][1] == 1
    assert strip.strip(world.chair, LATER).chart.weeks[-1][1] == 2


@pytest.mark.parametrize("late", [timedelta(minutes=2), -timedelta(minutes=1), 40 * DAY])
def test_a_sheet_that_is_not_fresh_is_not_used(world, late):
    asked = usual(world.chair, LATER + late)
    assert sheets.fresh(overview.PAGE, asked, lambda _: "counted")[0] == "counted"


def test_a_costly_sheet_is_made_less_often_and_kept_longer(world):
    minute = timedelta(minutes=1)
    Sheet.objects.filter(name="figures-year").update(took_ms=2_000)
    asked = replace(usual(world.chair, LATER + 3 * minute), name="year")
    asked = replace(asked, period=spans("year", LATER, asked.zone)[0])
    assert sheets.fresh(overview.PAGE, asked, lambda _: "counted")[0] != "counted"
    assert sheets.make(upkeep.PAGES, LATER + minute) == 2 * len(NAMES)
    assert sheets.make(upkeep.PAGES, LATER + 3 * minute) == 2 * (len(NAMES) + 1)


def test_a_filter_has_no_sheet(world):
    asked = usual(world.chair, LATER).with_filter(severity="high")
    assert sheets.fresh(overview.PAGE, asked, lambda _: "counted")[0] == "counted"


def test_p3_the_page_of_figures_reads_one_sheet(world, django_assert_max_num_queries):
    client = Client()
    client.force_login(world.chair)
    client.get("/council/figures/")
    with django_assert_max_num_queries(6):
        client.get("/council/figures/")


def test_every_name_has_a_period_and_the_one_before():
    for name in NAMES:
        period, before = spans(name, NOON, "Europe/Zurich")
        assert before.end == period.start
        assert of_everybody("all", name, NOON).period == period
