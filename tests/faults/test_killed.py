"""A real worker killed at random moments loses no letter and tells no rung twice (promises R2, R3)."""

import pytest

from tests.faults import killing

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
KILLS, SEED = 20, 2041


def test_r2_worker_killed_twenty_times_loses_nothing_and_repeats_nothing(postbox, tmp_path, monkeypatch):
    monkeypatch.setenv("EMAIL_URL", postbox.url)
    outcome = killing.rage(kills=KILLS, seed=SEED, box=postbox, log=tmp_path / "worker.log")
    assert outcome.problems == []
    assert outcome.kills == KILLS
    assert outcome.busy >= KILLS // 4
    assert outcome.letters > KILLS
    assert outcome.repeats <= KILLS
