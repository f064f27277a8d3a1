"""The figures against a slow, separate recount: of a season of the demonstration."""

from datetime import UTC, datetime
from random import Random

import pytest
from django.db import transaction
from django.db.models import F

from accounts.models import User
from cases import defaults
from cases.models import Case, Chain, Event
from council.figures import reading, tallying
from council.figures.asked import Asked, usual
from council.models import Tally
from recovery.demo import people
from recovery.demo.season import Season
from tests.council.recount import kept, recount

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def season(django_db_setup, django_db_blocker):
    """Play a short season once for all tests here, count it in two goes, and take it back."""
    with django_db_blocker.unblock(), transaction.atomic():
        defaults.install()
        staff = people.staff()
        customers = people.customers(staff, NOW.date(), Random(7))
        played = Season(staff, customers, now=NOW, chance=Random(7))
        played.run(22)
        tallying.tally_due(NOW, limit=10)
        tallying.tally_due(NOW)
        yield staff
        transaction.set_rollback(True)


def question(reader: User) -> Asked:
    return usual(reader, NOW)


def live(cases) -> list[Case]:
    return [case for case in cases if not case.historical]


def test_the_season_is_worth_counting(season):
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert {"confirmed", "closed", "reopened", "survey_judged", "promise_settled"} <= kinds


@pytest.mark.parametrize("which", ["period", "before"])
def test_figures_of_the_demonstration_equal_a_slow_recount(season, which):
    asked = question(season["chair"])
    period = getattr(asked, which)
    assert kept(asked, period) == recount(live(Case.objects.all()), period, NOW)


def test_figures_of_one_team_and_severity_equal_a_slow_recount(season):
    asked = question(season["chair"])
    for filters in ({"team": season["manager"].team_id}, {"severity": "high"}, {"tier": "key"}):
        names = {("customer__tier" if name == "tier" else name): value for name, value in filters.items()}
        narrowed = asked.with_filter(**filters)
        expected = recount(live(Case.objects.filter(**names)), asked.period, NOW)
        assert kept(narrowed, asked.period) == expected, filters


def test_what_a_manager_counts_equals_a_slow_recount_without_confidential_cases(season):
    asked = question(season["manager"])
    expected = recount(live(Case.objects.filter(confidential=False)), asked.period, NOW)
    assert kept(asked, asked.period) == expected


def test_every_tally_of_the_demonstration_equals_one_read_anew(season):
    anew = {row.pk: dict(reading.facts_of(row)) for row in reading.tallies(Case.objects.values_list("pk", flat=True))}
    assert {row.pk: dict(reading.facts_of(row)) for row in Tally.objects.all()} == anew
    assert not Chain.objects.filter(seq__gt=F("tallied_seq")).exists()
