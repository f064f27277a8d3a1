"""Other systems are told what happened: at least once under one id, signed, without a word, for about a day."""

import json
from datetime import timedelta

import pytest
import time_machine
from standardwebhooks.webhooks import Webhook as Standard

from accounts.models import AdminEvent
from cases import secrecy, timeline
from cases.enums import EscalationReason, Severity
from cases.models import Delivery, Event, Webhook
from cases.webhooks import hooks, kinds, pulling, reaching, telling
from mail.models import Notice
from recovery import metrics
from tests import builders
from tests.builders import NOON
from tests.cases import receiver

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(minutes=1)
ALL = [name for name, _ in kinds.CHOICES]


@pytest.fixture(autouse=True)
def on_this_machine(settings):
    settings.DEBUG, settings.WEBHOOK_NETWORKS = True, ["127.0.0.0/8"]


@pytest.fixture
def hears():
    with receiver.listening() as listens:
        yield listens


@pytest.fixture
def hook(hears):
    builders.defaults.install()
    return entered(hears)[0]


def entered(hears, *wanted: str, now=NOON) -> tuple[Webhook, str]:
    """Enter the receiver as an address."""
    about = {"name": "Shop", "address": hears.url, "wanted": list(wanted) or ALL}
    return hooks.add(**about, actor=builders.user("admin"), now=now)


def news(hears) -> list[dict]:
    """Return what was heard."""
    return [json.loads(body) for _, body in hears.heard]


def test_what_happens_is_told_by_kind_number_time_and_link(hook, hears):
    case = builders.acknowledged(builders.case())
    builders.on_the_docket(case, EscalationReason.BROKEN_PROMISE, now=NOON)
    assert telling.tell_due(SOON) == 3
    assert [one["type"] for one in news(hears)] == ["case.opened", "case.acknowledged", "case.escalated"]
    assert news(hears)[0] == {
        "type": "case.opened",
        "timestamp": "2026-11-17T11:00:00Z",
        "data": {
            "case": case.pk,
            "number": case.number,
            "round": 1,
            "seq": 1,
            "url": f"http://127.0.0.1:8000/cases/{case.number}/",
        },
    }


def test_no_human_word_leaves(hook, hears):
    case = builders.acknowledged(builders.case())
    telling.tell_due(SOON)
    said = b"".join(body for _, body in hears.heard).decode()
    for word in (case.title, case.customer.name, case.reporter.name, "third time", "Apologised"):
        assert word not in said


def test_signature_is_what_the_standard_library_of_receivers_accepts(hears):
    builders.defaults.install()
    row, secret = entered(hears)
    builders.case()
    telling.tell_due(SOON)
    head, body = hears.heard[0]
    with time_machine.travel(SOON, tick=False):
        assert Standard(secret).verify(body, head) == json.loads(body)
        with pytest.raises(Exception, match="No matching signature"):
            Standard(secret).verify(body.replace(b"opened", b"closed"), head)
    assert secret not in Webhook.objects.get(pk=row.pk).secret


def test_address_hears_what_it_asked_for_and_from_now_on(hears):
    builders.case()
    entered(hears, "case.acknowledged")
    builders.acknowledged(builders.case())
    telling.tell_due(SOON)
    assert [one["type"] for one in news(hears)] == ["case.acknowledged"]


def test_s8_nothing_of_a_confidential_case_is_told(hook, hears):
    builders.case(sensitive=True)
    case = builders.case(owner=builders.user())
    telling.pull(hook, NOON)
    secrecy.set_confidential(case=case, actor=case.owner, confidential=True, reason="", now=NOON)
    assert telling.tell_due(SOON) == 0
    assert hears.heard == []
    assert [one.state for one in Delivery.objects.all()] == ["withheld"]


def test_r4_the_same_events_looked_at_again_are_told_once(hook, hears):
    builders.case()
    for minutes in range(0, 60, 5):
        telling.tell_due(SOON + timedelta(minutes=minutes))
    assert (len(hears.heard), Delivery.objects.count()) == (1, 1)


def test_event_committed_late_under_an_earlier_id_is_told_all_the_same(hook, hears):
    """On PostgreSQL a transaction that began earlier may commit later: its events have smaller ids than those seen."""
    early, late = builders.case(severity=Severity.LOW), builders.case(severity=Severity.LOW)
    first = Event.objects.get(case=early, kind="opened")
    Webhook.objects.update(seen_id=Event.objects.filter(case=late).latest("id").pk, settled_id=first.pk - 1)
    hook.refresh_from_db()
    Delivery.objects.create(
        webhook=hook, event=Event.objects.get(case=late, kind="opened"), kind="case.opened", made_at=NOON, next_at=NOON
    )
    telling.tell_due(SOON)
    assert sorted(one["data"]["case"] for one in news(hears)) == [early.pk, late.pk]


def test_what_was_seen_long_enough_ago_is_not_looked_at_again(hook):
    builders.case()
    pulling.pull(hook, NOON + pulling.SETTLES)
    first = Event.objects.latest("id").pk
    builders.case()
    pulling.pull(hook, NOON + 2 * pulling.SETTLES)
    assert (hook.settled_id, hook.seen_id) == (first, Event.objects.latest("id").pk)


def test_r3_address_that_fails_hears_it_again_under_the_same_id(hook, hears):
    builders.case()
    hears.status = 500
    assert telling.tell_due(SOON) == 0
    row = Delivery.objects.get()
    assert (row.attempts, row.status, row.error, row.next_at) == (1, 500, "Answered 500.", SOON + timedelta(minutes=1))
    hears.status = 200
    assert telling.tell_due(SOON + timedelta(seconds=59)) == 0
    assert telling.tell_due(SOON + timedelta(minutes=1)) == 1
    assert len({head["webhook-id"] for head, _ in hears.heard}) == 1 and len(hears.heard) == 2
    assert len({head["webhook-signature"] for head, _ in hears.heard}) == 2  # each attempt has its own moment


def test_address_that_fails_is_left_alone_until_the_next_sweep(hook, hears):
    builders.case()
    builders.case()
    hears.status = 503
    telling.tell_due(SOON)
    assert len(hears.heard) == 1


def test_redirect_is_followed_nowhere(hook, hears):
    builders.case()
    hears.status, hears.head = 302, {"Location": hears.url}
    telling.tell_due(SOON)
    assert (len(hears.heard), Delivery.objects.get().error) == (1, "Answered 302.")


def test_address_that_does_not_answer_for_a_day_is_stopped_and_administrators_are_told(hook, hears):
    builders.case()
    hears.status, now = 500, SOON
    for wait in (*telling.AGAIN, timedelta(0)):
        telling.tell_due(now)
        now += wait
    hook.refresh_from_db()
    assert (Delivery.objects.get().state, hook.stopped_at is not None, len(hears.heard)) == ("given_up", True, 8)
    assert timedelta(hours=23) < now - SOON < timedelta(hours=25)
    assert Notice.objects.get(kind="webhook_stopped").user.has_role("admin")
    assert AdminEvent.objects.filter(kind="webhook_failed").count() == 1
    telling.tell_due(now + timedelta(days=1))
    assert len(hears.heard) == 8


def test_stopped_address_goes_on_with_what_happened_meanwhile(hook, hears):
    admin = builders.user("admin")
    hooks.stop(webhook=hook, actor=admin, now=NOON)
    builders.case()
    assert telling.tell_due(SOON) == 0
    hooks.start(webhook=hook, actor=admin, now=SOON)
    assert telling.tell_due(SOON) == 1


def test_r5_row_that_breaks_stops_no_other_address(hook, hears, monkeypatch):
    entered(hears)
    builders.case()
    whole = kinds.body
    monkeypatch.setattr(kinds, "body", lambda row: 1 / 0 if row.webhook_id == hook.pk else whole(row))
    assert telling.tell_due(SOON) == 1
    assert Delivery.objects.get(webhook=hook).error == "ZeroDivisionError: division by zero"


def test_waiting_news_is_a_figure(hook, hears):
    builders.case()
    telling.pull(hook, NOON)
    assert b"goldseam_webhooks_waiting 1.0" in metrics.page(now=NOON)


def test_every_kind_is_an_event_of_the_catalogue():
    assert {kind for kind, _, _ in kinds.KINDS.values()} <= set(timeline.Kind)
    assert "promise.broken" in kinds.KINDS and reaching.MOST_BYTES == 65_536
