"""One altered byte shows, and `verify_timeline` says where (promise R8)."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cases import seal, timeline
from cases.models import Chain, Event, Words
from tests import builders
from tests.builders import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return builders.acknowledged(builders.case(owner=builders.user()))


def verified(*numbers: str) -> tuple[int, list[str]]:
    """Run the command; return its exit code and lines."""
    out = StringIO()
    try:
        call_command("verify_timeline", *numbers, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def tampered(case, seq: int, **changes) -> None:
    """Change an event as somebody with the database in hand could."""
    with seal.lifted(connection):
        Event.objects.filter(case=case, seq=seq).update(**changes)


def test_timeline_untouched_is_whole(case):
    events = Event.objects.count()
    assert verified() == (0, [f"1 cases, {events} events, 0 faults"])


def test_timeline_with_one_altered_fact_is_found(case):
    facts = Event.objects.get(case=case, seq=1).facts
    tampered(case, 1, facts={**facts, "channel": "phonf"})
    assert timeline.faults(case.pk) == ["1:hash"]


@pytest.mark.parametrize(
    "change", [{"kind": "closed"}, {"round": 2}, {"at": NOON + timedelta(microseconds=1)}, {"actor": None}]
)
def test_timeline_with_one_altered_column_is_found(case, change):
    tampered(case, 2, **change)
    assert timeline.faults(case.pk) == ["2:hash"]


def test_timeline_with_an_event_cut_out_is_found(case):
    with seal.lifted(connection):
        Event.objects.filter(case=case, seq=2).delete()
    assert timeline.faults(case.pk) == ["3:gap", "3:link"]


def test_timeline_with_its_end_cut_off_is_found(case):
    last = Chain.objects.get(case=case).seq
    with seal.lifted(connection):
        Event.objects.filter(case=case, seq=last).delete()
    assert timeline.faults(case.pk) == [f"{last - 1}:head"]


def test_timeline_with_altered_words_is_found(case):
    complaint = Words.objects.get(case=case, part="complaint")
    Words.objects.filter(pk=complaint.pk).update(text=complaint.text.replace("third", "first"))
    assert timeline.faults(case.pk) == ["1:words"]


def test_timeline_with_erased_words_is_whole(case):
    Words.objects.filter(case=case).update(text="", salt="", erased_at=NOON)
    assert timeline.faults(case.pk) == []


def test_verify_timeline_names_case_event_and_what_is_wrong(case):
    tampered(case, 2, kind="closed")
    events = Event.objects.count()
    assert verified() == (
        1,
        [
            f"RC-{case.pk}, event 2: this event was altered after it was written.",
            f"1 cases, {events} events, 1 faults",
        ],
    )


def test_verify_timeline_walks_only_the_cases_named(case):
    other = builders.case(owner=builders.user())
    tampered(case, 2, kind="closed")
    events = Event.objects.filter(case=other).count()
    assert verified(f"RC-{other.pk}") == (0, [f"1 cases, {events} events, 0 faults"])


def test_verify_timeline_walks_every_case_in_pieces(case, monkeypatch):
    for _ in range(4):
        builders.case(owner=builders.user())
    monkeypatch.setattr("cases.verification.AT_A_TIME", 2)
    assert verified() == (0, [f"5 cases, {Event.objects.count()} events, 0 faults"])


def test_verify_timeline_refuses_a_number_without_a_case(case):
    with pytest.raises(CommandError) as refusal:
        call_command("verify_timeline", "RC-999999")
    assert str(refusal.value) == "There is no case RC-999999."


def test_verify_timeline_refuses_what_is_no_number(case):
    with pytest.raises(CommandError) as refusal:
        call_command("verify_timeline", "spindle")
    assert str(refusal.value).endswith("'spindle' is no case number. Write it as RC-2041.")
