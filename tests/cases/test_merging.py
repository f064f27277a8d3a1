"""Merging: within one customer, nothing hidden by it, late words on the surviving case."""

from datetime import timedelta

import pytest

from cases import actions, entries, merging, promises, workflow
from cases.enums import ActionKind, CaseState, EntryKind, EscalationReason, Outcome, PromiseKind, Severity, Side
from cases.escalation import escalate
from cases.models import Case, Due, Escalation, Promise
from cases.refusals import Refused
from cases.steps import root_cause
from cases.timeline import Kind, faults
from council.figures import asked, catalogue, counting, tallying
from tests import builders
from tests.builders import NOON
from tests.cases.resolving import confirmed

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
REASON = "The same delivery, told twice"


@pytest.fixture
def lead():
    return builders.user("lead", of=builders.team())


@pytest.fixture
def owner(lead):
    return builders.user("manager", of=lead.team)


@pytest.fixture
def survivor(owner):
    return builders.case(owner=owner)


def twin_of(case: Case, **fields) -> Case:
    """Open the same complaint again."""
    return builders.case(owner=case.owner, of=case.customer, reporter=case.reporter, **fields)


def merged(case: Case, into: Case, lead, now=NOON + 6 * HOUR) -> Case:
    survivor = merging.merge(case=case, into=into, actor=lead, reason=REASON, now=now)
    case.refresh_from_db()
    return survivor


def step_clock(case: Case, number: int) -> Due:
    return Due.objects.get(case=case, kind="step", ref=number)


def test_merged_case_ends_and_says_where_work_goes_on(survivor, lead):
    twin = twin_of(survivor)
    into = merged(twin, survivor, lead)
    assert (twin.state, twin.outcome, twin.merged_into) == (CaseState.CLOSED, Outcome.MERGED, into)
    assert set(twin.steps.values_list("state", flat=True)) == {"ended"}
    assert (twin.events.last().kind, into.events.filter(kind=Kind.ABSORBED).count()) == (Kind.OPENED, 1)
    assert (faults(twin.pk), faults(into.pk)) == ([], [])


def test_survivor_takes_the_earlier_receipt_and_counts_anew(survivor, lead):
    twin = twin_of(survivor, received_at=NOON - 3 * HOUR)
    into = merged(twin, survivor, lead, now=NOON)
    assert into.received_at == NOON - 3 * HOUR
    assert step_clock(into, 1).due_at == NOON + HOUR  # four working hours after nine


def test_a_later_receipt_changes_nothing(survivor, lead):
    twin = twin_of(survivor, now=NOON + 2 * HOUR)
    into = merged(twin, survivor, lead)
    assert into.received_at == NOON


def test_survivor_takes_every_missed_deadline(survivor, lead):
    """Guard against gaming: merging hides no missed deadline."""
    builders.acknowledged(survivor)
    twin = twin_of(survivor)
    builders.acknowledged(twin, now=NOON + timedelta(days=1))
    assert (step_clock(survivor, 1).missed, step_clock(twin, 1).missed) == (False, True)
    into = merged(twin, survivor, lead, now=NOON + timedelta(days=1, hours=1))
    assert step_clock(into, 1).missed
    now = NOON + timedelta(days=2)
    tallying.tally_due(now)
    question, told = asked.usual(lead, now), catalogue.IN_TIME[0]
    share = counting.read(question, [(told, question.period)])[told.slug, question.period]
    assert (share.hits, share.of) == (0, 1)


def test_what_is_still_to_be_kept_goes_with_it(survivor, lead, owner):
    twin = twin_of(survivor)
    due = NOON + timedelta(days=2)
    promise = promises.make_promise(
        case=twin, actor=owner, kind=PromiseKind.RECOVERY, text="A call", due_at=due, now=NOON
    )
    cause = root_cause.link(case=twin, actor=owner, title="Hand-over without a scan", now=NOON)
    into = merged(twin, survivor, lead, now=NOON + HOUR)
    clock = Due.objects.get(kind="promise", ref=promise.pk)
    assert (Promise.objects.get(pk=promise.pk).case, clock.case, clock.closed_at) == (into, into, None)
    assert into.causes.get() == cause


def test_docket_entries_move_but_those_about_its_own_steps(survivor, lead, owner):
    twin = twin_of(survivor)
    escalate(case=twin, reason=EscalationReason.BY_HAND, asked_by=owner, now=NOON)
    escalate(case=twin, reason=EscalationReason.OVERDUE, ref=1, now=NOON)
    into = merged(twin, survivor, lead, now=NOON + HOUR)
    waiting = Escalation.objects.filter(decided_at=None).exclude(reason="repeat")
    assert list(waiting.values_list("case", "reason")) == [(into.pk, "by_hand")]


def test_survivor_takes_what_makes_it_special(survivor, lead):
    twin = twin_of(survivor, severity=Severity.CRITICAL, sensitive=True)
    into = merged(twin, survivor, lead)
    assert (into.severity, into.sensitive, into.confidential) == (Severity.CRITICAL, True, True)


@pytest.mark.parametrize(
    ("wrong", "field", "match"),
    [
        ("another_customer", "other", "another customer"),
        ("itself", "other", "the case itself"),
        ("closed", "other", "It is closed"),
        ("no_reason", "reason", "same complaint"),
        ("not_the_lead", "", "Only the team lead"),
    ],
)
def test_merging_is_refused(survivor, lead, owner, wrong, field, match):
    twin = twin_of(survivor)
    into, actor, reason = survivor, lead, REASON
    if wrong == "another_customer":
        into = builders.case(owner=owner)
    if wrong == "itself":
        into = twin
    if wrong == "closed":
        workflow.end(case=survivor, act=Outcome.CUSTOMER_LOST, now=NOON, actor=owner)
    if wrong == "no_reason":
        reason = " "
    if wrong == "not_the_lead":
        actor = owner
    with pytest.raises(Refused, match=match) as no:
        merging.merge(case=twin, into=into, actor=actor, reason=reason, now=NOON)
    twin.refresh_from_db()
    assert (no.value.field, twin.state) == (field, CaseState.OPEN)


def test_a_second_merge_leads_everybody_to_the_last_survivor(survivor, lead):
    first, last = twin_of(survivor), twin_of(survivor)
    merged(first, survivor, lead)
    merged(survivor, last, lead)
    first.refresh_from_db()
    assert first.merged_into == last


def test_entry_on_a_merged_case_lands_on_the_surviving_one(survivor, lead, owner):
    twin = twin_of(survivor)
    merged(twin, survivor, lead)
    said = {"side": Side.THEIRS, "contact": twin.reporter, "text": "And the gauge", "now": NOON + 7 * HOUR}
    entry = entries.add_entry(case=twin, actor=owner, kind=EntryKind.CALL, **said)
    assert entry.case == survivor


def test_what_is_planned_on_a_merged_case_is_planned_on_the_surviving_one(survivor, lead, owner):
    twin = twin_of(survivor)
    merged(twin, survivor, lead)
    about = {"case": twin, "actor": owner, "text": "A call", "due_at": NOON + 30 * HOUR, "now": NOON + 7 * HOUR}
    promise = promises.make_promise(kind=PromiseKind.RECOVERY, **about)
    action = actions.plan_action(kind=ActionKind.IMMEDIATE, owner=owner, **about)
    assert (promise.case, action.case) == (survivor, survivor)
    assert not Due.objects.filter(case=twin, kind__in=["promise", "action"], closed_at=None).exists()


def test_late_no_opens_a_surviving_case_that_counts_as_put_right(survivor, lead):
    twin = twin_of(survivor)
    merged(twin, survivor, lead)
    confirmed(builders.acknowledged(survivor), NOON + HOUR)
    merging.hear_late(case=twin, contact=twin.reporter, text="It leaks", now=NOON + 8 * HOUR, unhappy=True)
    survivor.refresh_from_db()
    assert (survivor.state, survivor.round) == (CaseState.OPEN, 2)


def test_merged_duplicate_is_no_repeat_of_the_customer(survivor, lead):
    Escalation.objects.all().delete()
    merged(twin_of(survivor, severity=Severity.LOW), survivor, lead)
    workflow.end(case=survivor, act=Outcome.WITHDRAWN, now=NOON + 6 * HOUR, actor=lead)
    assert Case.objects.live().filter(customer=survivor.customer).count() == 1
