"""Who once owned a case decides nothing on it; a case does not end behind the council's back."""

from datetime import timedelta

import pytest

from cases import chasing, editing, ending, entries, escalation, plan, timeline, workflow
from cases.enums import CaseState, EndingState, EntryKind, EscalationReason, GestureKind, Outcome, Side, StepState
from cases.models import Due, Ending, Escalation, Gesture, Step
from cases.refusals import Refused
from cases.steps import go_beyond
from council import bench, deciding
from council.models import DecisionKind
from council.queries import docket
from tests import builders
from tests.builders import NOON
from tests.cases.resolving import confirmed

HOUR = timedelta(hours=1)
BACK = {"kind": DecisionKind.BACK_OWNER, "reason": "Carry on"}


def laid(case, reason=EscalationReason.BY_HAND, **facts):
    return escalation.escalate(case=case, reason=reason, now=NOON, **facts)


def shown(entry, user, now=NOON + HOUR):
    return docket.one(user, bench.sitting(), entry.pk, now)


def test_a_member_who_gave_the_case_away_still_decides_nothing_on_it(people):
    case = builders.case(owner=people.member)
    entry = laid(case)
    editing.assign(case=case, actor=people.lead, owner=people.owner, now=NOON)
    assert shown(entry, people.member).why_not == "This was your own case. Another member decides."
    with pytest.raises(Refused, match="This was your own case"):
        deciding.decide(escalation=entry, actor=people.member, now=NOON + HOUR, **BACK)
    assert deciding.decide(escalation=entry, actor=people.chair, now=NOON + HOUR, **BACK) is not None


def test_a_member_who_was_given_only_a_step_decides(people):
    case = builders.case(owner=people.owner)
    editing.give_step(case=case, actor=people.lead, number=5, owner=people.member, now=NOON)
    entry = laid(case)
    assert shown(entry, people.member).why_not == ""


def test_an_owner_of_an_earlier_round_decides_on_a_later_one(people):
    case = builders.case(owner=people.member)
    editing.assign(case=case, actor=people.lead, owner=people.owner, now=NOON)
    confirmed(builders.acknowledged(case), NOON + HOUR)
    workflow.reopen(case=case, why="message", now=NOON + 2 * HOUR)
    entry = escalation.escalate(case=case, reason=EscalationReason.BY_HAND, now=NOON + 3 * HOUR)
    assert shown(entry, people.member, NOON + 4 * HOUR).why_not == ""


def test_the_sponsor_comes_in_where_every_member_owned_the_case(people):
    case = builders.case(owner=people.member)
    editing.assign(case=case, actor=people.lead, owner=people.chair, now=NOON)
    editing.assign(case=case, actor=people.lead, owner=people.owner, now=NOON)
    entry = laid(case)
    assert shown(entry, people.sponsor).why_not == ""
    assert deciding.decide(escalation=entry, actor=people.sponsor, now=NOON + HOUR, **BACK) is not None


def test_a_clock_that_is_no_step_is_not_taken_for_one(people):
    case = builders.case(owner=people.owner)
    due = Due.objects.filter(case=case, kind="silence").get()
    Due.objects.filter(case=case).exclude(pk=due.pk).update(chase_at=None)
    chasing.chase_due(NOON + timedelta(days=30))
    entry = Escalation.objects.get(case=case, reason="overdue")
    assert (entry.ref, shown(entry, people.chair).step) == (-due.pk, "")


@pytest.mark.parametrize(("number", "name"), [(1, "Acknowledge"), (9, "Institutionalize")])
def test_a_late_step_is_named(people, number, name):
    entry = laid(builders.case(owner=people.owner), EscalationReason.OVERDUE, ref=number)
    assert shown(entry, people.chair).step == name


def finished(people):
    """Return a confirmed case that only waits for the council."""
    case = confirmed(builders.acknowledged(builders.case(owner=people.owner)), NOON + HOUR)
    done = {"state": StepState.DONE, "done_at": NOON + HOUR}
    Step.objects.filter(case=case, state=StepState.PLANNED).update(**done)
    return case


def test_a_finished_case_waits_for_the_docket_and_closes_with_the_decision(people):
    case = finished(people)
    entry = laid(case)
    assert workflow.settle(case=case, now=NOON + 2 * HOUR) is False
    deciding.decide(escalation=entry, actor=people.chair, now=NOON + 3 * HOUR, **BACK)
    case.refresh_from_db()
    assert (case.state, case.outcome) == (CaseState.CLOSED, Outcome.RECOVERED)
    assert timeline.faults(case.pk) == []


def withdrawn(case, people, now=NOON + HOUR):
    words = {"kind": EntryKind.EMAIL, "text": "We take it back", "side": Side.THEIRS, "contact": case.reporter}
    entry = entries.add_entry(case=case, actor=people.owner, now=now, **words)
    asked = ending.ask_withdrawn(case=case, actor=people.owner, entry=entry, now=now)
    ending.confirm(ending=asked, actor=people.lead, now=now)
    case.refresh_from_db()
    return asked


def test_an_end_takes_its_entries_off_the_docket_each_with_an_event(people):
    case = builders.acknowledged(builders.case(owner=people.owner))
    go_beyond.propose(
        case=case, actor=people.owner, kind=GestureKind.TIME, what="Buffer stock", why="It cost them a weekend",
        cost=450_000, currency="CHF", now=NOON,
    )  # fmt: skip
    by_hand, gesture = laid(case), Escalation.objects.get(case=case, reason="gesture")
    asked = withdrawn(case, people)
    assert Ending.objects.get(pk=asked.pk).state == EndingState.CONFIRMED
    assert not Escalation.objects.filter(case=case, decided_at=None).exists()
    events = case.events.filter(kind="docket_withdrawn").order_by("seq").values_list("facts__escalation", flat=True)
    assert sorted(events) == sorted([by_hand.pk, gesture.pk])
    assert Gesture.objects.get(case=case).state == "declined"
    assert not Due.objects.filter(case=case, kind="decision", closed_at=None).exists()


def test_what_stays_due_after_the_end_is_still_decided(people):
    case = builders.acknowledged(builders.case(owner=people.owner))
    kept, gone = laid(case, EscalationReason.OVERDUE, ref=5), laid(case, EscalationReason.OVERDUE, ref=2)
    withdrawn(case, people)
    assert [one.pk for one in Escalation.objects.filter(case=case, decided_at=None)] == [kept.pk]
    assert Due.objects.filter(case=case, kind="decision", closed_at=None).values_list("ref", flat=True).get() == kept.pk
    assert Escalation.objects.get(pk=gone.pk).decided_at is not None
    assert plan.current_steps(case)[5].state == StepState.PLANNED
