"""Two workers at once on PostgreSQL: every letter is claimed by exactly one (promise R4)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from mail import claims
from mail.delivery import deliver_due
from tests.mail.conftest import NOW, queue

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _needs_row_locks():
    if connection.vendor != "postgresql":
        pytest.skip("SKIP LOCKED needs PostgreSQL (set DATABASE_URL)")


def _in_threads(work, count: int) -> list:
    def closing(_):
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(closing, range(count)))


def test_eight_claimers_share_nothing():
    for number in range(200):
        queue(f"k{number}")

    def claim_all() -> list[int]:
        mine = []
        while batch := claims.claim(now=NOW, limit=7):
            mine += [message.pk for message in batch]
        return mine

    claimed = [pk for mine in _in_threads(claim_all, 8) for pk in mine]
    assert len(claimed) == len(set(claimed)) == 200


def test_two_sweeps_send_each_letter_once(smtp):
    for number in range(60):
        queue(f"k{number}")
    delivered = _in_threads(lambda: deliver_due(NOW), 2)
    ids = [mail["Message-ID"] for mail in smtp.mails]
    assert sum(one.sent for one in delivered) == len(ids) == len(set(ids)) == 60


def test_the_same_key_queued_at_once_is_one_letter():
    first, second = _in_threads(lambda: queue("same").pk, 2)
    assert first == second
