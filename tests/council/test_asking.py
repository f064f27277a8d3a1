"""A question to the owner: the clock stands once, four working hours at most."""

from datetime import timedelta

import pytest

from cases import deadlines, escalation, standstill
from cases.enums import EscalationReason, StepState
from cases.models import Due, Pause, Step
from cases.refusals import Refused
from cases.timeline import faults
from council import asking, deciding
from council.models import DecisionKind, Question
from mail.models import Notice
from tests import builders
from tests.builders import NOON

HOUR = timedelta(hours=1)
K = DecisionKind


def by_hand(people):
    case = builders.case(owner=people.owner)
    return case, escalation.escalate(case=case, reason=EscalationReason.BY_HAND, asked_by=people.owner, now=NOON)


def decide(entry, actor, kind, *, reason, now=NOON + HOUR):
    return deciding.decide(escalation=entry, actor=actor, kind=kind, reason=reason, now=now)


def test_a_question_stops_the_clock_until_the_answer(people):
    case, entry = by_hand(people)
    due = Due.objects.get(kind="decision", ref=entry.pk)
    decide(entry, people.member, K.SEND_BACK, reason="Which carrier?")
    question = Question.objects.get()
    due.refresh_from_db()
    entry.refresh_from_db()
    assert (entry.decided_at, entry.waiting_since) == (None, NOON + HOUR)
    assert (question.until_at, due.due_at) == (NOON + 5 * HOUR, NOON + timedelta(hours=23))
    assert Step.objects.get(case=case, number=8).state == StepState.PLANNED
    stood = Pause.objects.get(clock=due)
    assert (stood.from_at, stood.to_at, stood.by) == (NOON + HOUR, NOON + 5 * HOUR, people.member)
    asking.answer(question=question, actor=people.owner, text="The northern one", now=NOON + 2 * HOUR)
    due.refresh_from_db()
    entry.refresh_from_db()
    stood.refresh_from_db()
    assert (due.due_at, entry.waiting_since) == (NOON + 5 * HOUR, None)
    assert stood.to_at == NOON + 2 * HOUR
    assert due.due_at == deadlines.recounted(due, standstill.pauses_of(due))
    assert Notice.objects.filter(user=people.member, kind="council_answer").count() == 1
    assert faults(case.pk) == []


def test_a_second_question_does_not_stop_the_clock_again(people):
    _, entry = by_hand(people)
    decide(entry, people.member, K.SEND_BACK, reason="Which carrier?")
    with pytest.raises(Refused, match="does not fit"):
        decide(entry, people.member, K.SEND_BACK, reason="And when?")
    asking.answer(question=Question.objects.get(), actor=people.owner, text="The northern one", now=NOON + HOUR)
    before = Due.objects.get(kind="decision", ref=entry.pk).due_at
    decide(entry, people.chair, K.SEND_BACK, reason="Since when?", now=NOON + 2 * HOUR)
    assert Due.objects.get(kind="decision", ref=entry.pk).due_at == before
    assert Question.objects.first().until_at is None


def test_only_those_who_work_the_case_answer(people):
    _, entry = by_hand(people)
    decide(entry, people.member, K.SEND_BACK, reason="Which carrier?")
    with pytest.raises(Refused, match="owner of the case answers"):
        asking.answer(question=Question.objects.get(), actor=people.auditor, text="x", now=NOON + HOUR)


def test_without_an_answer_the_clock_runs_again_by_itself(people):
    _, entry = by_hand(people)
    decide(entry, people.member, K.SEND_BACK, reason="Which carrier?")
    due_at = Due.objects.get(kind="decision", ref=entry.pk).due_at
    asking.answer(question=Question.objects.get(), actor=people.owner, text="Late", now=NOON + timedelta(hours=22))
    assert Due.objects.get(kind="decision", ref=entry.pk).due_at == due_at


def test_an_open_question_does_not_keep_the_council_from_deciding(people):
    _, entry = by_hand(people)
    decide(entry, people.member, K.SEND_BACK, reason="Which carrier?")
    decide(entry, people.chair, K.BACK_OWNER, reason="It does not matter", now=NOON + 2 * HOUR)
    with pytest.raises(Refused, match="answered or decided in the meantime"):
        asking.answer(question=Question.objects.get(), actor=people.owner, text="The northern", now=NOON + 3 * HOUR)


def test_nobody_is_chased_while_the_question_waits(people):
    _, entry = by_hand(people)
    decide(entry, people.member, K.SEND_BACK, reason="Which carrier?")
    due = Due.objects.get(kind="decision", ref=entry.pk)
    assert due.chase_at == NOON + timedelta(hours=21)  # an hour of two was gone; it runs on from five o'clock on
