"""Pauses: what may stand still, on what evidence, what ends it, and what it moves."""

from datetime import timedelta

import pytest
import time_machine

from cases import chasing, deadlines, editing, entries, pausing, standstill
from cases.enums import EntryKind, Severity, Side
from cases.forms.clocks import PauseForm
from cases.models import Case, Chase, Due, Entry, Event, Pause
from cases.refusals import Refused
from cases.steps import resolve
from cases.timeline import Kind, faults
from mail.models import Message, MessageState
from tests import builders
from tests.builders import NOON

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
THEN = NOON + HOUR


@pytest.fixture
def case(team):
    return builders.acknowledged(builders.case(owner=builders.user(of=team)))


def asked(case: Case) -> Entry:
    """Return the latest word of ours."""
    return Entry.objects.filter(case=case, side=Side.OURS).latest("at")


def paused(case: Case, *, now=THEN, until=None, steps=(3,), actor=None, **given) -> Pause:
    facts = {"question": asked(case), "reason": "Which part number?", "until_at": until or now + 5 * HOUR, **given}
    return pausing.pause(case=case, actor=actor or case.owner, steps=steps, now=now, **facts)


def step_due(case: Case, number: int) -> Due:
    return Due.objects.get(case=case, kind="step", ref=number)


def theirs(case: Case, now) -> Entry:
    return entries.add_entry(
        case=case, actor=case.owner, kind=EntryKind.CALL, text="It is 40-B", now=now, side=Side.THEIRS,
        contact=case.reporter,
    )  # fmt: skip


def test_pause_moves_what_it_names_by_the_working_time_it_takes(case):
    before = {number: step_due(case, number).due_at for number in (2, 3, 4)}
    paused(case, until=THEN + 2 * HOUR)
    assert step_due(case, 3).due_at == before[3] + 15 * HOUR + 2 * HOUR  # closing at 17:00, so on from 08:00
    assert (step_due(case, 2).due_at, step_due(case, 4).due_at) == (before[2], before[4])
    assert faults(case.pk) == []


def test_pause_of_a_night_moves_nothing(case):
    before = step_due(case, 3).due_at
    paused(case, now=NOON.replace(hour=17), until=NOON.replace(hour=23))
    assert step_due(case, 3).due_at == before


def test_their_answer_ends_it_when_they_gave_it(case):
    before = step_due(case, 3).due_at
    row = paused(case)
    answer = theirs(case, THEN + HOUR)
    row.refresh_from_db()
    assert (row.to_at, row.ended_by) == (THEN + HOUR, answer)
    assert step_due(case, 3).due_at - before == 16 * HOUR
    assert Event.objects.filter(case=case, kind=Kind.RESUMED, facts__why="reply").count() == 1


def test_word_found_late_ends_it_when_it_was_said_though_another_had_ended_it(case):
    before = step_due(case, 3).due_at
    row = paused(case)
    theirs(case, THEN + 2 * HOUR)
    said = {"kind": EntryKind.CALL, "side": Side.THEIRS, "contact": case.reporter}
    for _ in range(2):
        found = {"text": "40-B, I said", "at": THEN + HOUR, "now": THEN + 3 * HOUR}
        first = entries.add_entry(case=case, actor=case.owner, **said, **found)
    row.refresh_from_db()
    assert (row.to_at, row.ended_by_id < first.pk) == (THEN + HOUR, True)
    assert step_due(case, 3).due_at - before == 16 * HOUR
    assert Event.objects.filter(case=case, kind=Kind.RESUMED).count() == 2


def test_overlapping_pauses_count_once(case):
    paused(case, until=THEN + 2 * HOUR)
    moved = step_due(case, 3).due_at
    paused(case, now=THEN + timedelta(minutes=30), until=THEN + 2 * HOUR)
    assert step_due(case, 3).due_at == moved


def test_silence_and_promises_never_pause(case):
    kinds = ("silence", "promise")
    before = dict(Due.objects.filter(case=case, kind__in=kinds).values_list("kind", "due_at"))
    paused(case, steps=(3, 4, 5, 6))
    assert dict(Due.objects.filter(case=case, kind__in=kinds).values_list("kind", "due_at")) == before


def test_rung_reached_is_never_climbed_again_when_a_pause_moves_the_due_time(case):
    due = step_due(case, 3)
    chasing.chase_due(due.chase_at)
    paused(case, now=due.chase_at + HOUR, until=due.chase_at + 6 * HOUR)
    moved = step_due(case, 3)
    chasing.chase_due(moved.chase_at)
    assert list(Chase.objects.filter(due=moved).order_by("rung").values_list("rung", flat=True)) == [50, 80]
    assert moved.chase_at > due.chase_at + 6 * HOUR


def test_working_time_leaves_the_pause_out(case):
    paused(case, steps=(4,), until=THEN + 2 * HOUR)
    deadlines.stop(case=case, kind="step", ref=4, now=NOON + 5 * HOUR)
    due = step_due(case, 4)
    assert (due.work_s, due.wall_s) == (3 * 3600, 5 * 3600)


def test_severity_raised_during_a_pause_counts_the_pause(case):
    row = paused(case, until=THEN + 2 * HOUR)
    editing.set_severity(case=case, actor=case.owner, severity=Severity.CRITICAL, reason="", now=THEN + HOUR)
    due = step_due(case, 3)
    assert due.allowed == "2d"
    assert due.due_at == deadlines.recounted(due, [(row.from_at, row.to_at)])


def test_hand_ends_it_once(case):
    row = paused(case)
    pausing.resume(pause=row, actor=case.owner, now=THEN + HOUR)
    with pytest.raises(Refused, match="has ended already"):
        pausing.resume(pause=row, actor=case.owner, now=THEN + 2 * HOUR)


def test_question_that_never_arrived_ends_it(case):
    letter = entries.add_entry(
        case=case, actor=case.owner, kind=EntryKind.EMAIL, text="Which part?", subject="A question", now=THEN,
        contact=case.reporter,
    )  # fmt: skip
    row = paused(case, now=THEN + HOUR, question=letter)
    assert pausing.question_fell(case=case, entry=letter, now=THEN + 2 * HOUR) == 1
    row.refresh_from_db()
    assert row.to_at == THEN + 2 * HOUR
    Message.objects.filter(pk=letter.message_id).update(state=MessageState.DEAD)
    assert letter.pk not in [one.pk for one in pausing.questions(case)]


@pytest.mark.parametrize(
    ("changed", "field", "why"),
    [
        ({"steps": ()}, "steps", "Say which steps"),
        ({"steps": (1,)}, "steps", "never wait for the customer"),
        ({"steps": (3, 2)}, "steps", "never wait for the customer"),
        ({"steps": (8,)}, "steps", "never wait for the customer"),
        ({"steps": (7,)}, "steps", "no clock runs here"),
        ({"question": None}, "question", "rests on a question of ours"),
        ({"reason": "  "}, "reason", "cannot do before they answer"),
        ({"until": THEN}, "until_at", "This time has passed"),
        ({"until": THEN + 3 * DAY}, "until_at", "for the team lead to grant"),
        ({"until": THEN + 90 * DAY}, "until_at", "At most twenty working days"),
    ],
)
def test_pause_refused_at_the_field_with_the_reason(case, changed, field, why):
    with pytest.raises(Refused, match=why) as refused:
        paused(case, **changed)
    assert (refused.value.field, Pause.objects.count()) == (field, 0)


def test_lead_grants_more_than_two_days(case, team):
    assert paused(case, until=THEN + 5 * DAY, actor=team.lead).to_at == THEN + 5 * DAY


def test_two_days_for_one_question_are_not_stretched_by_pausing_again(case):
    row = paused(case, until=THEN + DAY)
    pausing.resume(pause=row, actor=case.owner, now=THEN + DAY - HOUR)
    with pytest.raises(Refused, match="for the team lead to grant"):
        paused(case, now=THEN + DAY, until=THEN + 3 * DAY)


def test_question_they_answered_is_no_evidence(case):
    question = asked(case)
    theirs(case, THEN)
    with pytest.raises(Refused, match="They have answered since"):
        paused(case, now=THEN + HOUR, question=question)


def test_pause_of_a_decision_holds_that_clock_alone(case):
    due = step_due(case, 3)
    alone = Pause(case=case, clock_id=due.pk, from_at=THEN, to_at=THEN + HOUR)
    assert standstill.held_by(due, alone)
    assert not standstill.held_by(step_due(case, 4), alone)


# In the browser's way


def test_page_says_that_our_clock_stands_and_lets_it_run_again(client, case):
    row = paused(case)
    client.force_login(case.owner)
    with time_machine.travel(THEN + HOUR, tick=False):
        page = client.get(case.get_absolute_url()).content.decode()
        assert "Our clock is paused</b> for Resolve, until" in page and "Which part number?" in page
        client.post(f"/cases/{case.number}/pauses/{row.pk}/end/")
        assert "Our clock is paused" not in client.get(case.get_absolute_url()).content.decode()


def test_form_pauses_and_keeps_what_was_typed_when_refused(client, case):
    client.force_login(case.owner)
    sent = {"steps": ["3"], "question": asked(case).pk, "reason": "Which part?", "until_at": "2026-11-30T10:00"}
    with time_machine.travel(THEN, tick=False):
        refused = client.post(f"/cases/{case.number}/change/pause/", sent)
        taken = client.post(f"/cases/{case.number}/change/pause/", {**sent, "until_at": "2026-11-18T10:00"})
    assert (refused.status_code, taken.status_code) == (422, 303)
    assert "for the team lead to grant" in refused.content.decode() and "Which part?" in refused.content.decode()
    assert Pause.objects.get().steps == [3]


def test_panel_adds_up_to_the_due_time_and_names_the_pause(client, case):
    paused(case, until=THEN + 2 * HOUR)
    due = step_due(case, 3)
    client.force_login(case.owner)
    with time_machine.travel(THEN + HOUR, tick=False):
        answer = client.get(f"/cases/{case.number}/why/{due.pk}/")
    why = answer.context["why"]
    total = deadlines.worktime.between(
        deadlines.calendar_for(due), due.started_at, due.due_at, standstill.pauses_of(due)
    )
    assert why.seconds == total
    page = answer.content.decode()
    assert "Why this deadline: Resolve" in page and "Which part number?" in page and "5 working days" in page
    assert (why.stood, why.unpaused) == (2 * 3600, deadlines.recounted(due))
    assert "without them it would have been due Tuesday 24 November, 17:00" in page
    assert "style=" not in page.split('<main id="main"')[1]


def test_panel_of_another_case_is_not_there(client, case):
    other = builders.case(owner=case.owner, now=NOON + DAY)
    client.force_login(case.owner)
    assert client.get(f"/cases/{case.number}/why/{step_due(other, 3).pk}/").status_code == 404


def test_a_pause_without_a_question_of_ours_says_what_to_do_first(client):
    case = builders.case(owner=builders.user())
    client.force_login(case.owner)
    page = client.get(f"/cases/{case.number}/change/pause/").content.decode()
    assert "A pause rests on a question of ours" in page
    assert 'name="reason"' not in page


def test_form_ticks_only_what_waits_for_their_answer(case):
    with time_machine.travel(THEN, tick=False):
        assert PauseForm(case=case).initial["steps"] == []
        builders.ready_to_offer(case, now=THEN)
        resolve.offer(case=case, actor=case.owner, text="Forty housings", now=THEN, send=True)
        form = PauseForm(case=case)
    assert (form.initial["steps"], "Everything else goes on meanwhile" in form["steps"].help_text) == ([3], True)
