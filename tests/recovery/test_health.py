"""Promise R12: alive and ready are told apart, and each part at fault is named."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from accounts.models import Heartbeat
from cases import seal
from recovery import health

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_healthz_answers_without_a_database(client):
    assert client.get("/healthz").json() == {"alive": True}


def test_readyz_is_ready_with_a_fresh_sign_of_life(client, db, clock):
    health.beat(now=NOW)
    answer = client.get("/readyz")
    assert (answer.json(), answer.status_code) == ({"ready": True, "faults": {}}, 200)


def test_readyz_names_a_silent_queue(client, db, clock):
    health.beat(now=NOW - timedelta(seconds=121))
    answer = client.get("/readyz")
    expected = {"ready": False, "faults": {"heartbeat": "last sign of life 121 s ago"}}
    assert (answer.json(), answer.status_code) == (expected, 503)


def test_readyz_names_a_queue_that_never_ran(db):
    assert health.faults(now=NOW) == {"heartbeat": "no task has come through the queue yet"}


@pytest.mark.django_db(transaction=True)
def test_readyz_names_a_timeline_without_its_seal():
    health.beat(now=NOW)
    with seal.lifted(connection):
        found = health.faults(now=NOW)
    assert found == {"timeline": "not sealed: run manage.py migrate"}


def test_readyz_names_a_broker_that_is_down(db, monkeypatch):
    health.beat(now=NOW)

    def refuse():
        raise ConnectionRefusedError("nobody listens")

    monkeypatch.setattr(health, "broker_fault", refuse)
    assert health.faults(now=NOW) == {"broker": "ConnectionRefusedError: nobody listens"}


def test_readyz_asks_nothing_more_of_a_database_that_is_down(monkeypatch, db):
    monkeypatch.setattr(health, "database_fault", lambda: "gone")
    monkeypatch.setattr(health, "migrations_fault", lambda: "")
    assert health.faults(now=NOW) == {"database": "gone"}


def test_heartbeat_keeps_one_row(db):
    health.beat(now=NOW)
    health.beat(now=NOW + timedelta(seconds=30))
    assert list(Heartbeat.objects.values_list("name", "at")) == [("queue", NOW + timedelta(seconds=30))]


def test_metrics_are_for_this_machine_only_without_a_token(client, db):
    answers = [
        client.get("/metrics").status_code,
        client.get("/metrics", REMOTE_ADDR="192.0.2.1").status_code,
        client.get("/metrics", headers={"x-forwarded-for": "192.0.2.1"}).status_code,
    ]
    assert answers == [200, 403, 403]


def test_metrics_ask_for_the_token_when_one_is_set(client, db, settings):
    settings.METRICS_TOKEN = "only-for-the-scraper"
    answers = [
        client.get("/metrics").status_code,
        client.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code,
        client.get("/metrics", headers={"authorization": "Bearer only-for-the-scraper"}).status_code,
    ]
    assert answers == [403, 403, 200]


def test_metrics_tell_the_age_of_the_last_sign_of_life(client, db, clock):
    health.beat(now=NOW - timedelta(seconds=42))
    assert 'goldseam_heartbeat_age_seconds{name="queue"} 42.0' in client.get("/metrics").text.splitlines()
