"""Stored first, read then; what cannot be read three times is put aside and the rest goes on (promise R9)."""

import pytest

from mail.inbound import child, sorting, storing
from mail.models import Inbound, InboundState, Notice
from tests import builders
from tests.mail.conftest import NOW
from tests.mail.inbound.writing import mail

pytestmark = pytest.mark.django_db


def store(raw: bytes = b"") -> Inbound:
    return storing.store(raw=raw or mail(), source=Inbound.Source.COMMAND, now=NOW)


def test_r9_any_bytes_are_stored_as_they_came():
    raw = bytes(range(256))

    inbound = store(raw)

    assert (inbound.raw.path.read_bytes(), inbound.state) == (raw, InboundState.STORED)


def test_r9_the_third_failure_puts_a_message_aside_and_the_others_go_on(monkeypatch):
    admin = builders.user("admin")
    bad, good = store(mail("poison")), store(mail("good", Message_ID="<2@halden.example>"))
    here, apart = sorting.reading.read, child.read

    def read(raw):
        if b"poison" in raw:
            raise ValueError("poison")
        return here(raw)

    def read_apart(path):
        if b"poison" in path.read_bytes():
            raise child.Unreadable("poison")
        return apart(path)

    monkeypatch.setattr(sorting.reading, "read", read)
    monkeypatch.setattr(child, "read", read_apart)
    for _ in range(4):
        sorting.sort_waiting(NOW)

    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, bad.attempts, bad.error) == (InboundState.QUARANTINED, 3, "Unreadable: poison")
    assert good.state == InboundState.READ
    assert list(Notice.objects.filter(kind="quarantined").values_list("user", flat=True)) == [admin.pk]


def test_r9_an_attempt_counts_even_if_the_program_dies_in_it(monkeypatch):
    inbound = store()

    def die(raw):
        raise SystemExit

    monkeypatch.setattr(sorting.reading, "read", die)
    with pytest.raises(SystemExit):
        sorting.sort(inbound, NOW)

    inbound.refresh_from_db()
    assert (inbound.attempts, inbound.state) == (1, InboundState.STORED)


def test_r9_a_program_that_dies_each_time_does_not_go_on_for_ever():
    inbound = store()
    Inbound.objects.update(attempts=3)

    sorting.sort_waiting(NOW)

    inbound.refresh_from_db()
    assert inbound.state == InboundState.QUARANTINED


def test_the_second_attempt_is_made_in_a_process_of_its_own(monkeypatch):
    inbound = store()
    Inbound.objects.update(attempts=1)
    monkeypatch.setattr(sorting.reading, "read", None)

    sorting.sort_waiting(NOW)

    inbound.refresh_from_db()
    assert (inbound.state, inbound.text.strip()) == (InboundState.READ, "Hello")


def test_a_message_put_aside_is_read_again_when_asked():
    inbound = store()
    Inbound.objects.update(state=InboundState.QUARANTINED, attempts=3)

    assert sorting.read_again(inbound)
    sorting.sort_waiting(NOW)

    inbound.refresh_from_db()
    assert inbound.state == InboundState.READ


def test_the_same_message_by_two_doors_counts_once():
    for _ in range(2):
        store()

    sorting.sort_waiting(NOW)

    assert sorted(Inbound.objects.values_list("state", flat=True)) == ["double", "read"]


def test_a_guessed_id_keeps_no_message_away():
    store(mail("Nothing", sender="evil@else.example", Message_ID="<guessed@halden.example>"))
    store(mail("Two are bent.", Message_ID="<guessed@halden.example>"))

    sorting.sort_waiting(NOW)

    assert list(Inbound.objects.values_list("state", flat=True)) == ["read", "read"]


def test_what_a_database_cannot_hold_is_left_out():
    inbound = store(b"From: a@b.example\nSubject: a\x00b\n\nc\x00d \xed\xa0\x80")

    sorting.sort_waiting(NOW)

    inbound.refresh_from_db()
    assert inbound.text.startswith("cd")
