"""Withdrawn, customer lost, not agreed, reopened: who may, what is refused, what remains due."""

from datetime import timedelta

import pytest

from cases import ending, entries, reopening
from cases.enums import CaseState, EndingState, EntryKind, Outcome, Side
from cases.models import Due, Ending, Step
from cases.refusals import Refused
from cases.timeline import Kind, faults
from mail.models import Message
from mail.rendering import letter_of
from tests import builders
from tests.builders import NOON
from tests.cases.resolving import asked, confirmed, refused

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
ANSWER = ending.FinalAnswer("The drawing says 0.2 mm.", "Free rework until June.", "The chamber of commerce in Ulm.")


@pytest.fixture
def case(lead):
    return builders.acknowledged(builders.case(owner=builders.user("manager", of=lead.team)))


def their_mail(case, side=Side.THEIRS, kind=EntryKind.EMAIL):
    said = {"side": side, "contact": case.reporter, "text": "Forget it, it was us.", "kind": kind}
    return entries.add_entry(case=case, actor=case.owner, now=NOON + HOUR, subject="Re", **said)


def withdrawal(case):
    return ending.ask_withdrawn(case=case, actor=case.owner, entry=their_mail(case), now=NOON + HOUR)


def test_withdrawal_waits_for_the_lead_with_a_clock_of_their_own(case, lead):
    one = withdrawal(case)
    clock = Due.objects.get(case=case, kind="ending", ref=one.pk)
    case.refresh_from_db()
    assert (clock.owner, clock.allowed, case.state) == (lead, "4h", CaseState.OPEN)
    assert Message.objects.filter(template="end_asked", to_staff=True).count() == 1


def test_withdrawal_confirmed_quotes_the_customers_own_words(case, lead):
    one = withdrawal(case)
    ending.confirm(ending=one, actor=lead, now=NOON + 2 * HOUR)
    closed = case.events.get(kind=Kind.CLOSED)
    assert (closed.words, closed.contact, closed.facts["outcome"]) == (one.entry.words, case.reporter, "withdrawn")
    assert Due.objects.get(kind="ending").closed_at == NOON + 2 * HOUR
    assert faults(case.pk) == []


@pytest.mark.parametrize(("side", "kind"), [(Side.OURS, EntryKind.LETTER), (Side.THEIRS, EntryKind.CALL)])
def test_only_written_words_of_theirs_withdraw(case, side, kind):
    with pytest.raises(Refused, match="Only they withdraw a complaint, in writing") as no:
        ending.ask_withdrawn(case=case, actor=case.owner, entry=their_mail(case, side, kind), now=NOON + HOUR)
    assert no.value.field == "entry"


def test_words_said_on_another_case_withdraw_nothing(case, lead):
    other = builders.case(owner=case.owner)
    with pytest.raises(Refused, match="Only they withdraw a complaint"):
        ending.ask_withdrawn(case=case, actor=case.owner, entry=their_mail(other), now=NOON + HOUR)


@pytest.mark.parametrize("role", ["manager", "quality", "counsel", "auditor", "admin"])
def test_nobody_but_lead_and_council_confirms(case, role):
    one = withdrawal(case)
    with pytest.raises(Refused, match="The team lead confirms"):
        ending.confirm(ending=one, actor=builders.user(role, of=case.team), now=NOON + 2 * HOUR)


def test_end_refused_lets_work_go_on(case, lead):
    one = withdrawal(case)
    ending.refuse(ending=one, actor=lead, reason="They meant the other order", now=NOON + 2 * HOUR)
    one.refresh_from_db()
    case.refresh_from_db()
    assert (one.state, one.reason.text, case.state) == (EndingState.REFUSED, "They meant the other order", "open")
    assert not Due.objects.filter(kind="ending", closed_at=None).exists()


def test_end_is_asked_for_once(case):
    withdrawal(case)
    with pytest.raises(Refused, match="asked already"):
        ending.ask_lost(case=case, actor=case.owner, on=NOON.date(), reason="Gone", now=NOON + HOUR)


def test_customer_lost_keeps_the_day(case, lead):
    one = ending.ask_lost(case=case, actor=case.owner, on=NOON.date(), reason="They buy elsewhere", now=NOON + HOUR)
    ending.confirm(ending=one, actor=lead, now=NOON + HOUR)
    case.refresh_from_db()
    assert (case.outcome, Ending.objects.get().on) == (Outcome.CUSTOMER_LOST, NOON.date())


def test_question_stops_once_the_case_has_ended(case, lead):
    question = asked(case, NOON + HOUR)
    ending.confirm(ending=withdrawal(case), actor=lead, now=NOON + 2 * HOUR)
    question.refresh_from_db()
    assert question.next_at is None


# Not agreed


def test_final_answer_closes_as_not_agreed_and_is_sent(case):
    for _ in range(2):
        refused(case, NOON + HOUR)
    ending.not_agreed(case=case, actor=builders.user("council"), answer=ANSWER, now=NOON + 2 * HOUR)
    case.refresh_from_db()
    letter = Message.objects.get(template="final_answer")
    assert (case.state, case.outcome) == (CaseState.CLOSED, Outcome.NOT_AGREED)
    assert all(part in letter_of(letter).text for part in (ANSWER.found, ANSWER.stands, ANSWER.whom))
    due = Step.objects.filter(case=case, state="planned").values_list("number", flat=True)
    assert set(due) == {5, 6, 9}


def test_one_refused_result_is_not_enough_for_a_final_answer(case):
    refused(case, NOON + HOUR)
    with pytest.raises(Refused, match="only after two results they refused"):
        ending.not_agreed(case=case, actor=builders.user("council"), answer=ANSWER, now=NOON + 2 * HOUR)


@pytest.mark.parametrize("missing", ["found", "stands", "whom"])
def test_final_answer_has_three_parts(case, missing):
    for _ in range(2):
        refused(case, NOON + HOUR)
    answer = ending.FinalAnswer(**{**vars(ANSWER), missing: " "})
    with pytest.raises(Refused) as no:
        ending.not_agreed(case=case, actor=builders.user("council"), answer=answer, now=NOON + 2 * HOUR)
    assert no.value.field == missing


# Opened again


def test_new_facts_open_a_case_that_was_not_agreed(case, lead):
    for _ in range(2):
        refused(case, NOON + HOUR)
    ending.not_agreed(case=case, actor=builders.user("council"), answer=ANSWER, now=NOON + 2 * HOUR)
    again = reopening.reopen(case=case, actor=lead, why="new_facts", text="The drawing changed", now=NOON + 3 * HOUR)
    assert (again.state, again.outcome, again.round) == (CaseState.OPEN, "", 2)


def test_new_facts_are_for_lead_and_council_to_weigh(case):
    confirmed(case, NOON + HOUR)
    with pytest.raises(Refused, match="new facts") as no:
        reopening.reopen(case=case, actor=case.owner, why="new_facts", text="x", now=NOON + 2 * HOUR)
    assert no.value.field == "why"


def test_open_case_is_not_opened_again(case, lead):
    with pytest.raises(Refused, match="is open"):
        reopening.reopen(case=case, actor=lead, why="recurrence", text="x", now=NOON + HOUR)
