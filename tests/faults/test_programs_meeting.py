"""Programs that send the same thing at the same moment, and two workers that tell the same news."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from cases.models import Case, Delivery, Entry
from cases.webhooks import hooks, pulling
from tests import builders
from tests.api.asking import Program
from tests.builders import NOON

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
AT_ONCE = 6


def at_once(work) -> list:
    """Return what `work` returns in each of several threads that begin together."""
    together = Barrier(AT_ONCE)

    def one(_):
        try:
            together.wait(20)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def test_complaint_sent_at_once_under_one_key_is_one_case():
    builders.defaults.install()
    ruth = builders.contact(builders.customer())
    body = {"customer": ruth.customer_id, "contact": ruth.pk, "text": "It broke."}
    program = Program(builders.user("manager"))
    answers = at_once(lambda: program.post("cases/", body, key="order-4711"))
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert ({answer.json()["id"] for answer in answers}, Case.objects.count()) == ({Case.objects.get().pk}, 1)


def test_call_sent_at_once_under_one_key_is_one_entry():
    case = builders.case(owner=builders.user("manager"))
    body = {"kind": "call", "side": "ours", "contact": case.reporter_id, "text": "Called."}
    program = Program(case.owner)
    answers = at_once(lambda: program.post(f"cases/{case.pk}/entries/", body, key="call-000815"))
    assert sorted(answer.status_code for answer in answers) == [200] * (AT_ONCE - 1) + [201]
    assert ({answer.json()["id"] for answer in answers}, Entry.objects.count()) == ({Entry.objects.get().pk}, 1)


def test_r4_news_pulled_at_once_is_one_row():
    builders.defaults.install()
    about = {"name": "Shop", "address": "https://hooks.example.com/", "wanted": ["case.opened"]}
    row, _ = hooks.add(**about, actor=builders.user("admin"), now=NOON)
    cases = {builders.case().pk for _ in range(5)}
    at_once(lambda: pulling.pull(row, NOON))
    assert sorted(Delivery.objects.values_list("event__case", flat=True)) == sorted(cases)
