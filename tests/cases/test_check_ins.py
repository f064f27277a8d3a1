"""Check-ins 30, 60 and 90 days after the confirmation: planned, chased, done, and what follows from them."""

from datetime import UTC, datetime, timedelta

import pytest

from cases import check_ins, watching, workflow
from cases.check_ins import Said, Talk
from cases.enums import (
    ActionKind,
    CaseState,
    CheckInState,
    DueKind,
    EntryKind,
    EscalationReason,
    Outcome,
    Side,
)
from cases.models import Action, Case, CheckIn, Due, Entry, Escalation, Event, Step
from cases.refusals import Refused
from cases.steps import resolve
from cases.timeline import Kind, faults
from mail.models import Message, Notice
from tests import builders
from tests.builders import NOON
from tests.surveys.making import CONFIRMED, resolved

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MONTH = CONFIRMED + 30 * DAY
HOLDS = Said(good=True, trust=4, text="Since then every delivery came in time.")
BROKE = Said(good=False, trust=1, text="It was late again on Monday.")
TOO_EARLY = "It is too early to tell whether it holds. Check in from 10 December on."
pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return resolved()


def first(case) -> CheckIn:
    return CheckIn.objects.get(case=case, round=1, day=30)


def call(case) -> Talk:
    return Talk(means=EntryKind.CALL, contact=case.confirmer, minutes=5)


def do(case, said=HOLDS, *, now=MONTH, talk=None):
    check_ins.check_in(check=first(case), actor=case.owner, talk=talk or call(case), said=said, now=now)
    case.refresh_from_db()


def refusal(act, **given) -> str:
    with pytest.raises(Refused) as found:
        act(**given)
    return found.value.field or found.value.message


def states(case) -> list[tuple]:
    return list(CheckIn.objects.filter(case=case).order_by("round", "day").values_list("round", "day", "state"))


def test_confirmation_plans_three_each_with_owner_and_clock(case):
    dues = Due.objects.filter(case=case, kind=DueKind.CHECK_IN, closed_at=None).order_by("due_at")
    assert states(case) == [(1, 30, "pending"), (1, 60, "pending"), (1, 90, "pending")]
    assert [(due.owner, due.due_at) for due in dues] == [
        (case.owner, datetime(2026, 12, 17, 16, 0, tzinfo=UTC)),
        (case.owner, datetime(2027, 1, 18, 16, 0, tzinfo=UTC)),
        (case.owner, datetime(2027, 2, 15, 16, 0, tzinfo=UTC)),
    ]
    assert all(due.chase_at > due.started_at == due.due_at - watching.AHEAD for due in dues)


def test_check_ins_outlive_the_closing(case):
    Step.objects.filter(case=case, state="planned").update(state="done", done_at=CONFIRMED)
    workflow.settle(case=case, now=CONFIRMED)
    do(case)
    assert (first(case).state, case.state, case.outcome) == (CheckInState.GOOD, CaseState.CLOSED, Outcome.RECOVERED)


def test_good_one_is_kept_with_words_mark_and_entry(case):
    do(case)
    check, entry = first(case), Entry.objects.latest("id")
    assert (check.state, check.trust, check.words, check.done_at, check.done_by) == (
        CheckInState.GOOD,
        4,
        entry.words,
        MONTH,
        case.owner,
    )
    assert (entry.kind, entry.side, entry.minutes, entry.words.text) == (EntryKind.CALL, Side.OURS, 5, HOLDS.text)
    assert not Due.objects.filter(kind=DueKind.CHECK_IN, ref=check.pk, closed_at=None).exists()
    facts = Event.objects.get(kind=Kind.CHECK_IN_DONE).facts
    assert facts == {"check_in": check.pk, "day": 30, "state": "good", "trust": 4}
    assert faults(case.pk) == []


def test_bad_one_reopens_tells_and_lies_before_the_council(case):
    do(case, BROKE)
    assert (case.state, case.round, Case.objects.get().rounds.get(number=2).why) == (CaseState.OPEN, 2, "check_in")
    entry = Escalation.objects.get(reason=EscalationReason.CHECK_IN)
    assert (entry.ref, entry.words.text) == (first(case).pk, BROKE.text)
    told = Message.objects.filter(template="check_in_bad").values_list("recipients__name", flat=True)
    assert sorted(told) == sorted([case.owner.name, case.team.lead.name])


def test_reopening_calls_off_those_still_to_come(case):
    do(case, BROKE)
    assert states(case) == [(1, 30, "bad"), (1, 60, "called_off"), (1, 90, "called_off")]
    assert not Due.objects.filter(kind=DueKind.CHECK_IN, closed_at=None).exists()


def test_next_confirmation_plans_them_anew(case):
    do(case, BROKE)
    later = MONTH + DAY
    builders.ready_to_offer(case, now=later)
    resolve.offer(case=case, actor=case.owner, text="A second carrier", now=later)
    resolve.carry_out(case=case, actor=case.owner, text="It runs", by="Sven", at=later, now=later)
    asked = resolve.ask(case=case, actor=case.owner, now=later)
    resolve.confirm(confirmation=asked, yes=True, text="", now=later)
    assert states(case)[3:] == [(2, 30, "pending"), (2, 60, "pending"), (2, 90, "pending")]


def test_little_trust_asks_for_another_look_and_leaves_the_case_resolved(case):
    do(case, Said(good=True, trust=2, text="It holds, but I wonder."))
    action = Action.objects.get(kind=ActionKind.CORRECTIVE)
    assert (case.state, action.owner) == (CaseState.RESOLVED, case.owner)
    look = "look once more at the cause, at whom else it could hit, and at the change"
    assert action.words.text == f"They trust 2 of 5 that it will not happen again: {look}."
    told = Notice.objects.filter(kind="low_trust")
    assert {(one.user.name, one.facts["words"]) for one in told} == {
        (case.owner.name, "It holds, but I wonder."),
        (case.team.lead.name, "It holds, but I wonder."),
    }


def test_their_letter_counts_as_their_word(case):
    do(case, talk=Talk(means=EntryKind.EMAIL, contact=case.confirmer))
    assert Entry.objects.latest("id").side == Side.THEIRS


@pytest.mark.parametrize(
    ("said", "means", "now", "where"),
    [
        (Said(True, 4, " "), EntryKind.CALL, MONTH, "text"),
        (Said(True, 6, "Fine"), EntryKind.CALL, MONTH, "trust"),
        (HOLDS, EntryKind.NOTE, MONTH, "means"),
        (HOLDS, EntryKind.CALL, CONFIRMED + DAY, TOO_EARLY),
    ],
)
def test_check_in_is_refused_at_its_field(case, said, means, now, where):
    given = {"actor": case.owner, "talk": Talk(means, case.confirmer), "said": said, "now": now}
    assert refusal(check_ins.check_in, check=first(case), **given) == where


def test_check_in_is_done_once(case):
    do(case)
    given = {"actor": case.owner, "talk": call(case), "said": HOLDS, "now": MONTH}
    message = refusal(check_ins.check_in, check=first(case), **given)
    assert message == "This check-in is done already. Reload the page to see the answer."


def test_letter_asks_and_the_customer_answers_on_their_page(case):
    check_ins.ask(check=first(case), actor=case.owner, contact=case.confirmer, now=MONTH)
    letter = Message.objects.get(template="check_in")
    assert (first(case).message, letter.recipients.get().address) == (letter, case.confirmer.email)
    check_ins.answer(check=first(case), contact=case.confirmer, said=HOLDS, now=MONTH + HOUR)
    assert (first(case).state, first(case).trust, first(case).done_by) == (CheckInState.GOOD, 4, None)
    assert Entry.objects.latest("id").side == Side.THEIRS


def test_letter_leaves_once(case):
    given = {"actor": case.owner, "contact": case.confirmer, "now": MONTH}
    check_ins.ask(check=first(case), **given)
    assert refusal(check_ins.ask, check=first(case), **given).startswith("The letter is out already.")


def test_answer_that_it_does_not_hold_needs_words(case):
    check_ins.ask(check=first(case), actor=case.owner, contact=case.confirmer, now=MONTH)
    given = {"check": first(case), "contact": case.confirmer, "now": MONTH}
    assert refusal(check_ins.answer, said=Said(False, 1, ""), **given) == "text"


def test_mark_of_trust_with_the_change_is_taken_once(case):
    given = {"case": case, "contact": case.confirmer, "now": MONTH}
    mark = check_ins.mark_trust(trust=5, text="", **given)
    assert (mark.day, mark.trust, mark.state) == (0, 5, CheckInState.GOOD)
    assert refusal(check_ins.mark_trust, trust=4, text="", **given) == "We have your answer already. Thank you."


def test_silence_accepted_plans_none():
    held = builders.case(owner=builders.user())
    workflow.resolve(case=held, now=NOON + HOUR, contact=None, actor=held.owner, silent=True)
    assert states(held) == []


def test_ending_calls_them_off(case):
    workflow.end(case=case, act=Outcome.MERGED, now=MONTH, actor=case.owner)
    assert {state for _, _, state in states(case)} == {"called_off"}


def test_today_leads_to_a_check_in_only_who_may_do_it(client, case, clock):
    clock.move_to(datetime(2026, 12, 17, 9, 0, tzinfo=UTC))
    there = f"/cases/{case.number}/check-ins/{first(case).pk}/"
    colleague = builders.user(of=case.team)
    led_on = {}
    for who in (case.owner, colleague, builders.user(of=builders.team("South")), builders.user("chair")):
        client.force_login(who)
        page = client.get("/?scope=everyone").content.decode()
        assert "30 days on" in page
        led_on[who.pk] = there in page, client.get(there).status_code
    assert list(led_on.values()) == [(True, 200), (True, 200), (False, 403), (False, 403)]
