"""One bad row never stops a sweep (promise R5): it is set aside, the others go on, and it can be tried again.

The poison is real: a case whose chain is gone cannot have an event, so whatever a sweep does to it breaks.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError

from accounts.models import AdminEvent
from cases import chasing, escalation, heeding, promises, reminding, retrying, search, sweeping
from cases.enums import DueKind, EscalationReason, PromiseState, Severity, StepNumber
from cases.models import (
    CalendarVersion,
    Case,
    Chain,
    Chase,
    Confirmation,
    Due,
    Escalation,
    Policy,
    PolicyVersion,
    Promise,
    SetAside,
    Step,
)
from cases.search import documents
from cases.timeline import faults
from council import ranking
from council import sweep as council_sweep
from mail.models import Message, MessageState
from surveys import answering, inviting, judging
from surveys import reminding as survey_reminding
from surveys.models import Answer, Invitation, InvitationState
from tests import builders
from tests.builders import NOON
from tests.surveys import making
from tests.surveys.making import DAY, LEAVES

pytestmark = pytest.mark.django_db
LATE = NOON + timedelta(days=40)


def opened(**fields) -> Case:
    return builders.case(owner=builders.user(), **fields)


def chased(case: Case) -> bool:
    return Chase.objects.filter(due__case=case, due__kind=DueKind.STEP, due__ref=StepNumber.ACKNOWLEDGE).exists()


def with_a_dead_letter() -> Case:
    case = opened()
    Message.objects.filter(key=f"receipt-{case.pk}").update(state=MessageState.DEAD)
    return case


def heeded(case: Case) -> bool:
    return Message.objects.get(key=f"receipt-{case.pk}").heeded_at is not None


def promised() -> Case:
    return builders.acknowledged(opened())


def broken(case: Case) -> bool:
    return Promise.objects.get(case=case).state == PromiseState.BROKEN


def asked() -> Case:
    return Case.objects.get(pk=making.asked().case_id)


def reminded(case: Case) -> bool:
    return Confirmation.objects.get(case=case).reminders == 1


def invited(case: Case) -> bool:
    return Invitation.objects.get(case=case).state == InvitationState.SENT


def without_an_answer() -> Case:
    return making.invited().case


def ended(case: Case) -> bool:
    return Invitation.objects.get(case=case).state == InvitationState.SILENT


def answered() -> Case:
    invitation = making.invited()
    answering.keep_part(invitation=invitation, marks={"satisfied": 4}, text="", now=LEAVES + DAY)
    return invitation.case


def judged(case: Case) -> bool:
    return Answer.objects.get(invitation__case=case).judged_at is not None


def low() -> Case:
    case = opened(severity=Severity.LOW)
    while council_sweep.is_sampled(case.pk, 1):
        case = opened(severity=Severity.LOW)
    return case


def seen(case: Case) -> bool:
    return Step.objects.get(case=case, number=StepNumber.COUNCIL).state == "done"


Sweep = Callable[[datetime], int]
SWEEPS: dict[str, tuple[Sweep, Callable[[], Case], Callable[[Case], bool]]] = {
    chasing.SWEEP: (chasing.chase_due, opened, chased),
    heeding.SWEEP: (heeding.heed_mail, with_a_dead_letter, heeded),
    promises.SWEEP: (promises.break_overdue, promised, broken),
    reminding.SWEEP: (reminding.remind_due, asked, reminded),
    inviting.SWEEP: (inviting.invite_due, making.resolved, invited),
    survey_reminding.SWEEP: (survey_reminding.remind_due, without_an_answer, ended),
    judging.SWEEP: (judging.judge_due, answered, judged),
    council_sweep.SWEEP: (council_sweep.see_due, low, seen),
}


@pytest.mark.parametrize("name", SWEEPS)
def test_a_bad_row_is_set_aside_and_the_others_go_on(name):
    sweep, make, done = SWEEPS[name]
    bad, good = make(), make()
    Chain.objects.filter(case=bad).delete()

    sweep(LATE)

    assert (done(good), done(bad)) == (True, False)
    aside = SetAside.objects.filter(sweep=name)
    assert aside.exists()
    assert all(row.error for row in aside)
    assert {row.at for row in aside} == {LATE}
    assert faults(good.pk) == []


@pytest.mark.parametrize("name", SWEEPS)
def test_a_row_set_aside_is_left_alone_until_it_is_given_back(name):
    sweep, make, done = SWEEPS[name]
    bad = make()
    chain = Chain.objects.get(case=bad)
    Chain.objects.filter(case=bad).delete()
    sweep(LATE)
    chain.save(force_insert=True)

    sweep(LATE)
    assert not done(bad)

    administrator = builders.user("admin")
    for row in SetAside.objects.filter(sweep=name):
        retrying.retry(row=row, actor=administrator, now=LATE)
    sweep(LATE)
    assert done(bad)
    assert not SetAside.objects.filter(sweep=name).exists()
    assert AdminEvent.objects.filter(kind="row_retried").exists()
    assert faults(bad.pk) == []


def test_a_case_that_breaks_the_index_is_set_aside_and_can_be_given_back(monkeypatch):
    bad, good = opened(), opened()
    read = documents.of

    def poisoned(ids):
        if bad.pk in ids:
            raise ValueError("no such word")
        return read(ids)

    monkeypatch.setattr(documents, "of", poisoned)
    search.index_due(NOON)
    waiting = Chain.objects.filter(indexed_seq=0)
    assert not waiting.filter(case=good).exists()
    row = SetAside.objects.get(sweep="search")
    assert (row.ref, row.error) == (bad.pk, "no such word")

    monkeypatch.setattr(documents, "of", read)
    retrying.retry(row=row, actor=builders.user("admin"), now=NOON)
    assert search.index_due(NOON) == 1
    assert not SetAside.objects.exists()


def unreadable(case: Case, **facts) -> None:
    """Give a case rules that its sweep cannot work with."""
    broken = Policy.objects.create(name="Broken")
    version = PolicyVersion.objects.create(policy=broken, number=1, facts=facts, made_at=NOON)
    Case.objects.filter(pk=case.pk).update(policy_version=version)


def test_a_case_with_rules_nobody_can_read_keeps_no_other_from_being_asked():
    bad, good = making.resolved(), making.resolved()
    unreadable(bad, survey={})
    inviting.invite_due(LATE)
    assert list(Invitation.objects.values_list("case", flat=True)) == [good.pk]
    row = SetAside.objects.get(sweep=inviting.SWEEP)
    assert (row.kind, row.ref, row.error) == ("Case", bad.pk, "KeyError: 'after_days'")
    unreadable_no_more(bad, good)
    retrying.retry(row=row, actor=builders.user("admin"), now=LATE)
    inviting.invite_due(LATE)
    assert invited(bad)


def unreadable_no_more(bad: Case, good: Case) -> None:
    Case.objects.filter(pk=bad.pk).update(policy_version=good.policy_version_id)


def test_an_entry_that_cannot_be_weighed_leaves_the_docket_in_order():
    cases = [opened(), opened()]
    bad, good = [escalation.escalate(case=case, reason=EscalationReason.BY_HAND, now=NOON) for case in cases]
    version = CalendarVersion.objects.get()
    hours = CalendarVersion.objects.create(calendar=version.calendar, number=2, facts={}, made_at=NOON)
    Due.objects.filter(kind=DueKind.DECISION, ref=bad.pk).update(calendar_version=hours)
    assert ranking.rank_docket(NOON + timedelta(hours=2)) == 1
    row = SetAside.objects.get(sweep=ranking.SWEEP)
    assert (row.kind, row.ref) == ("Escalation", bad.pk)
    assert Escalation.objects.get(pk=good.pk).rank != good.rank
    assert ranking.rank_docket(NOON + timedelta(hours=3)) == 1


def test_a_row_the_database_stood_in_the_way_of_is_not_a_bad_row(db):
    cases = [opened(), opened()]
    tried: list[int] = []

    def act(case: Case) -> None:
        tried.append(case.pk)
        if case == cases[0]:
            raise OperationalError("deadlock detected")

    assert sweeping.each("chase", cases, act, now=NOON) == 1
    assert tried == [case.pk for case in cases]
    assert not SetAside.objects.exists()


def test_a_due_thing_without_a_case_stops_no_chase():
    good = opened()
    lonely = Due.objects.filter(case=good, kind=DueKind.STEP).first()
    lonely.pk, lonely.case = None, None
    lonely.save(force_insert=True)
    chasing.chase_due(LATE)
    assert chased(good)
    assert SetAside.objects.get().ref == lonely.pk
