"""The arithmetic of survey figures, by table. Expected intervals were worked out by hand or stand in the literature."""

import pytest

from surveys import scores


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (0, 10, 0.0, 27.75),  # Wilson's upper end for none of ten
        (10, 10, 72.25, 100.0),
        (5, 10, 23.66, 76.34),
        (1, 1, 20.65, 100.0),
        (81, 263, 25.53, 36.62),  # the example of Newcombe (1998), method 3
        (15, 148, 6.24, 16.05),
        (1, 29, 0.61, 17.18),
    ],
)
def test_share_has_wilsons_interval(hits, n, low, high):
    found = scores.share(hits, n)
    assert (found.value, found.n) == (pytest.approx(100 * hits / n), n)
    assert (found.low, found.high) == (pytest.approx(low, abs=0.006), pytest.approx(high, abs=0.006))


def test_without_answers_there_is_no_figure():
    assert [scores.share(0, 0), scores.mean({}, 1, 5), scores.top_two({}), scores.nps({})] == [None] * 4


@pytest.mark.parametrize(
    ("counts", "value", "low", "high"),
    [
        ({5: 1}, 5.0, 1.0, 5.0),
        ({4: 10}, 4.0, 4.0, 4.0),
        ({1: 5, 5: 5}, 3.0, 1.694, 4.306),  # s = 2.108, se = 0.667
        ({4: 1, 5: 1}, 4.5, 3.520, 5.0),  # cut off at the end of the scale
    ],
)
def test_mean_has_the_interval_of_its_standard_error(counts, value, low, high):
    found = scores.mean(counts, 1, 5)
    assert (found.value, found.low, found.high) == tuple(pytest.approx(one, abs=0.001) for one in (value, low, high))


@pytest.mark.parametrize(("counts", "value"), [({5: 1, 4: 1, 3: 2}, 50.0), ({1: 3}, 0.0), ({4: 2, 5: 3}, 100.0)])
def test_top_two_counts_fours_and_fives(counts, value):
    assert scores.top_two(counts).value == value


@pytest.mark.parametrize(
    ("counts", "value"),
    [
        ({9: 1, 10: 1}, 100.0),
        ({0: 1, 6: 1}, -100.0),
        ({7: 1, 8: 1}, 0.0),
        ({6: 1, 7: 1, 9: 2}, 25.0),
        ({9: 3008, 7: 1425, 3: 437}, 52.79),
    ],
)
def test_nps_is_promoters_minus_detractors(counts, value):
    found = scores.nps(counts)
    assert found.value == pytest.approx(value, abs=0.005)
    assert -100 <= found.low <= found.value <= found.high <= 100


def test_nps_of_a_few_alike_answers_is_not_certain():
    found = scores.nps({10: 3})
    assert (found.value, found.high) == (100.0, 100.0)
    assert found.low < 40


def test_nps_of_many_answers_has_a_narrow_interval():
    found = scores.nps({9: 3008, 7: 1425, 3: 437})
    assert (found.low, found.high) == (pytest.approx(50.95, abs=0.05), pytest.approx(54.56, abs=0.05))
