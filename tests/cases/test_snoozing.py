"""Putting a reminder off: once a rung, with a reason everybody sees, never past the next one, and no due time moves."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from cases import chasing, snoozing, words
from cases.models import Case, Due, Event, Snooze
from cases.refusals import Refused
from cases.timeline import Kind, faults
from mail.models import Notice
from tests import builders
from tests.builders import NOON

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
THEN = NOON + HOUR
HALF, MOST = NOON + 2 * HOUR, NOON + timedelta(hours=3, minutes=12)  # rungs of an acknowledgement in 4 hours
PUT_OFF = HALF + HOUR


@pytest.fixture
def case(team) -> Case:
    opened = builders.case(owner=builders.user(of=team))
    Due.objects.filter(case=opened).exclude(kind="step", ref=1).update(chase_at=None)
    return opened


def clock(case: Case) -> Due:
    return Due.objects.select_related("case").get(case=case, kind="step", ref=1)


def put_off(case: Case, *, actor=None, until: datetime = PUT_OFF, reason="They call back at three.", now=THEN):
    return snoozing.snooze(due=clock(case), actor=actor or case.owner, until_at=until, reason=reason, now=now)


def told() -> int:
    return Notice.objects.filter(kind="chase").count()


def test_reminder_comes_when_it_was_put_off_to_and_the_due_time_stays(case):
    due_at = clock(case).due_at
    put_off(case)
    assert (clock(case).due_at, clock(case).chase_at) == (due_at, PUT_OFF)
    assert (chasing.chase_due(HALF), told()) == (0, 0)
    assert (chasing.chase_due(PUT_OFF), told()) == (1, 1)


def test_reminder_is_put_off_once(case):
    put_off(case)
    with pytest.raises(Refused, match="put off once already"):
        put_off(case, until=PUT_OFF + MINUTE)
    assert snoozing.next_to_put_off(clock(case), case.owner, THEN) is None


def test_database_keeps_it_to_once_a_rung(case):
    row = put_off(case)
    again = {"due": row.due, "rung": row.rung, "until_at": PUT_OFF, "by": case.owner, "at": THEN}
    with pytest.raises(IntegrityError), transaction.atomic():
        Snooze.objects.create(reason=words.write(text="x", now=THEN, case=case), **again)


def test_next_rung_can_be_put_off_once_more(case):
    put_off(case)
    chasing.chase_due(PUT_OFF)
    later = MOST + 10 * MINUTE
    assert put_off(case, until=later, now=PUT_OFF + MINUTE).rung == 80
    assert clock(case).chase_at == later


@pytest.mark.parametrize(
    ("changed", "field", "why"),
    [
        ({"reason": "  "}, "reason", "Say why it can wait"),
        ({"until": HALF}, "until_at", "would come before that anyway"),
        ({"until": MOST}, "until_at", "at most until the next one"),
    ],
)
def test_snooze_refused_at_the_field_with_the_reason(case, changed, field, why):
    with pytest.raises(Refused, match=why) as refused:
        put_off(case, **changed)
    assert (refused.value.field, Snooze.objects.count(), clock(case).chase_at) == (field, 0, HALF)


def test_what_the_lead_hears_is_for_the_lead_to_put_off(case, team):
    chasing.chase_due(MOST)
    last = NOON + 4 * HOUR + 10 * MINUTE
    with pytest.raises(Refused, match="only your lead"):
        put_off(case, until=last, now=MOST + MINUTE)
    assert put_off(case, actor=team.lead, until=last, now=MOST + MINUTE).rung == 100


def test_what_goes_to_the_council_nobody_puts_off(case, team):
    chasing.chase_due(NOON + 4 * HOUR)
    with pytest.raises(Refused, match="goes to the council"):
        put_off(case, actor=team.lead, until=NOON + timedelta(days=1), now=NOON + 4 * HOUR + MINUTE)


def test_stranger_to_the_case_puts_nothing_off(case):
    stranger = builders.user(of=builders.team("South"))
    with pytest.raises(Refused, match="Only who works this case"):
        put_off(case, actor=stranger)


def test_stopped_clock_has_no_reminder_to_put_off(case):
    builders.acknowledged(case)
    with pytest.raises(Refused, match="Nobody will be reminded"):
        put_off(case)


def test_everybody_on_the_case_sees_that_and_why(client, case, team):
    put_off(case)
    event = Event.objects.get(case=case, kind=Kind.SNOOZED)
    assert (event.facts["rung"], event.words.text, faults(case.pk)) == (50, "They call back at three.", [])
    client.force_login(team.lead)
    with time_machine.travel(THEN + MINUTE, tick=False):
        panel = client.get(f"/cases/{case.number}/why/{clock(case).pk}/").content.decode()
        page = client.get(case.get_absolute_url()).content.decode()
    assert f"put off by {case.owner.name}" in panel and "They call back at three." in panel
    assert "They call back at three." in page


def test_form_keeps_what_was_typed_when_refused(client, case):
    client.force_login(case.owner)
    sent = {"until_at": "2026-11-17T13:30", "reason": "They call back at three."}
    with time_machine.travel(THEN, tick=False):
        refused = client.post(f"/cases/{case.number}/why/{clock(case).pk}/snooze/", sent)
        taken = client.post(
            f"/cases/{case.number}/why/{clock(case).pk}/snooze/", {**sent, "until_at": "2026-11-17T15:00"}
        )
    assert (refused.status_code, taken.status_code) == (422, 303)
    assert "They call back at three." in refused.content.decode()
    assert Snooze.objects.get().until_at == PUT_OFF
