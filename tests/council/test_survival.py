"""The median of times that have not all ended."""

from council import survival


def test_median_of_ended_times_is_the_lower_middle():
    assert survival.median([(1, True), (2, True), (3, True), (4, True)]) == 2


def test_median_of_nothing_is_none():
    assert survival.median([]) is None


def test_median_is_none_while_most_are_running():
    assert survival.median([(1, True), (5, False), (6, False)]) is None


def test_running_times_push_the_median_out():
    # at risk 5, 4, then the cut-off one leaves: 0.8, 0.6, then 0.6 × (1 − 1/2) = 0.3 at 7
    spans = [(2, True), (3, True), (4, False), (7, True), (9, False)]
    assert [(at, round(share, 9)) for at, share in survival.curve(spans)] == [(2, 0.8), (3, 0.6), (7, 0.3)]
    assert survival.median(spans) == 7


def test_textbook_curve_of_six_mercaptopurine():
    # Freireich et al. 1963: weeks in remission; published estimates 0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    running = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    steps = survival.curve([*((week, True) for week in ended), *((week, False) for week in running)])
    assert [(week, round(share, 3)) for week, share in steps] == [
        (6, 0.857), (7, 0.807), (10, 0.753), (13, 0.69), (16, 0.627), (22, 0.538), (23, 0.448),
    ]  # fmt: skip
    assert survival.median([*((week, True) for week in ended), *((week, False) for week in running)]) == 23


def test_cut_off_at_the_moment_of_an_end_still_counts_as_waiting():
    assert survival.curve([(5, True), (5, False)]) == [(5, 0.5)]
