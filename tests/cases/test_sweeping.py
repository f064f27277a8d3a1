"""The lease of a sweep: short, kept while the work goes on, and never in the way of who takes over."""

from datetime import timedelta

import pytest

from cases import sweeping
from cases.models import Sweep
from tests.builders import NOON

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


class Beating:
    """A clock for the lease that each look moves on."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.at = seconds, 0.0

    def __call__(self) -> float:
        self.at += self.seconds
        return self.at


def until() -> object:
    return Sweep.objects.get(name="chase").lease_until


def killed(now) -> None:
    """Leave the lease as a worker does that is killed in the middle."""
    assert sweeping.Lease.take("chase", now) is not None


def test_worker_that_was_killed_keeps_others_out_for_a_minute():
    killed(NOON)
    answers = [sweeping.run("chase", NOON + later * SECOND, lambda now: 1) for later in (1, 60, 61)]
    assert answers == [0, 0, 1]


def test_lease_moves_on_while_the_work_goes_on(monkeypatch):
    monkeypatch.setattr(sweeping, "monotonic", Beating(sweeping.RENEW_S + 1))
    seen = []

    def work(now) -> int:
        for _ in range(5):
            sweeping.rest()
            seen.append(until())
        return 5

    sweeping.run("chase", NOON, work)
    assert seen == sorted(set(seen))
    assert seen[0] > NOON + sweeping.LEASE
    assert until() is None


def test_lease_another_has_taken_over_stays_theirs():
    def work(now) -> int:
        killed(NOON + 2 * sweeping.LEASE)
        return 1

    sweeping.run("chase", NOON, work)
    assert until() == NOON + 3 * sweeping.LEASE


def test_rows_rest_keeps_the_lease_too(monkeypatch):
    monkeypatch.setattr(sweeping, "monotonic", Beating(sweeping.RENEW_S + 1))
    ends = []

    def work(now) -> int:
        rows = list(Sweep.objects.all())
        return sweeping.each("chase", rows * 3, lambda row: ends.append(until()), now=now)

    assert sweeping.run("chase", NOON, work) == 3
    assert ends[-1] > NOON + sweeping.LEASE


def test_backlog_is_worked_off_in_one_run():
    waiting = list(range(7))

    def work(now) -> int:
        taken = waiting[:3]
        del waiting[:3]
        return len(taken)

    assert sweeping.run("chase", NOON, sweeping.in_batches(work)) == 7
    assert waiting == []


def test_work_without_end_gives_way_after_a_while(monkeypatch):
    monkeypatch.setattr(sweeping, "monotonic", Beating(sweeping.WORK_S / 4))
    assert sweeping.in_batches(lambda now: 1)(NOON) == 3
