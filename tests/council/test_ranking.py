"""The order of the docket."""

from datetime import timedelta

import pytest

from cases import escalation
from cases.enums import EscalationReason
from cases.models import Escalation
from council import ranking
from tests import builders
from tests.builders import NOON

HOUR = timedelta(hours=1)


def entry(people, *, now=NOON, of=None, **fields):
    case = builders.case(owner=people.owner, of=of, now=now, **fields)
    return escalation.escalate(case=case, reason=EscalationReason.BY_HAND, now=now)


def test_rank_is_stake_times_share_times_what_presses(people):
    first = entry(people)
    pressed = entry(people, competitor="Rival Ltd", public_exposure=True)
    assert ranking.rank_docket(NOON + HOUR) == 2
    ranks = dict(Escalation.objects.values_list("pk", "rank"))
    assert ranks[first.pk] == pytest.approx(128_400_000 * 0.25)
    assert ranks[pressed.pk] == pytest.approx(128_400_000 * 0.25 * 1.5 * 1.5)


def test_share_is_at_least_a_tenth(people):
    first = entry(people)
    ranking.rank_docket(NOON)
    assert Escalation.objects.get(pk=first.pk).rank == pytest.approx(12_840_000)


def test_an_unknown_stake_counts_as_the_tiers_median(people):
    for revenue in (39_000_000, 20_000_000, 10_000_000):
        builders.case(owner=people.owner, of=builders.customer(yearly_revenue=revenue))
    unknown = entry(people, of=builders.customer(yearly_revenue=None))
    ranking.rank_docket(NOON)
    assert Escalation.objects.get(pk=unknown.pk).rank == pytest.approx((20_000_000 * 2.8 + 19_200_000) * 0.1)


def test_decided_entries_are_left_alone(people):
    done = entry(people)
    escalation.decided(entry=done, now=NOON)
    assert ranking.rank_docket(NOON + HOUR) == 0


def test_ranking_costs_the_same_for_one_and_thirty(people, django_assert_num_queries):
    entry(people)
    ranking.rank_docket(NOON)
    with django_assert_num_queries(5):
        ranking.rank_docket(NOON + HOUR)
    for _ in range(29):
        entry(people)
    with django_assert_num_queries(5):
        assert ranking.rank_docket(NOON + 2 * HOUR) == 30
