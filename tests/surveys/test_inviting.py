"""Whom a survey asks, when, and whom it spares."""

from datetime import timedelta

import pytest

from accounts.models import Pass
from cases import workflow
from cases.enums import Severity, StepState
from cases.models import Case, Event, Step
from mail.models import Message
from surveys import inviting
from surveys.models import Invitation, InvitationState
from tests import builders
from tests.surveys import making
from tests.surveys.making import CONFIRMED, DAY, LEAVES, MINUTE

pytestmark = pytest.mark.django_db


def only() -> Invitation:
    return Invitation.objects.select_related("contact").get()


def test_invitation_leaves_three_days_after_the_confirmation():
    making.resolved()
    inviting.invite_due(LEAVES - MINUTE)
    assert only().state == InvitationState.PLANNED
    inviting.invite_due(LEAVES)
    sent = only()
    assert (sent.state, sent.sent_at, sent.closes_at) == (InvitationState.SENT, LEAVES, LEAVES + 14 * DAY)
    assert sent.next_at == LEAVES + 4 * DAY
    assert Message.objects.get(template="survey").facts["reader"] == "Marta"


def test_invitation_is_an_event_and_carries_a_pass_for_surveys_only():
    making.invited()
    assert Event.objects.filter(kind="survey_sent").values_list("contact__name", flat=True).get() == "Ruth Aebi"
    assert Pass.objects.filter(purpose="survey").count() == 1
    assert "{{pass:" in Message.objects.get(template="survey").text


def test_inviting_twice_asks_once():
    making.resolved()
    assert [inviting.invite_due(LEAVES), inviting.invite_due(LEAVES), inviting.invite_due(LEAVES + DAY)] == [1, 0, 0]
    assert Message.objects.filter(template="survey").count() == 1


def test_installation_may_ask_sooner(settings):
    settings.SURVEY_DELAY = timedelta(minutes=2)
    making.resolved()
    inviting.invite_due(CONFIRMED + 2 * MINUTE)
    assert only().state == InvitationState.SENT


def test_history_is_never_asked():
    case = making.resolved()
    Case.objects.filter(pk=case.pk).update(historical=True)
    inviting.invite_due(LEAVES)
    assert Invitation.objects.count() == 0


def test_case_that_went_back_meanwhile_is_not_asked():
    case = making.resolved()
    inviting.invite_due(CONFIRMED)
    workflow.reopen(case=case, why="refused", now=CONFIRMED + DAY)
    inviting.invite_due(LEAVES)
    assert only().state == InvitationState.CALLED_OFF
    assert Message.objects.filter(template="survey").count() == 0


def second_case_of(first: Case, **fields) -> Case:
    """Return another confirmed case of the same person, a week later."""
    later = CONFIRMED + 7 * DAY
    return making.resolved(
        of=first.customer, reporter=first.reporter, owner=first.owner, now=later, severity=Severity.LOW, **fields
    )


def test_same_contact_is_asked_once_in_thirty_days():
    first = making.invited().case
    second = second_case_of(first)
    inviting.invite_due(LEAVES + 7 * DAY)
    spared = Invitation.objects.get(case=second)
    assert (spared.state, spared.reason) == (InvitationState.NOT_ASKED, "recently_asked")
    step = Step.objects.get(case=second, number=7)
    assert (step.state, step.note, step.silent) == (StepState.DONE, "not_asked", False)


def test_critical_case_asks_the_same_contact_again():
    first = making.invited().case
    second = second_case_of(first)
    Case.objects.filter(pk=second.pk).update(severity=Severity.CRITICAL)
    inviting.invite_due(LEAVES + 7 * DAY)
    assert Invitation.objects.get(case=second).state == InvitationState.SENT


def test_same_contact_is_asked_again_after_thirty_days():
    first = making.invited().case
    second = second_case_of(first)
    inviting.plan_new(LEAVES)
    Invitation.objects.filter(case=second).update(next_at=LEAVES + 30 * DAY)
    inviting.invite_due(LEAVES + 30 * DAY)
    assert Invitation.objects.get(case=second).state == InvitationState.SENT


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"opted_out_at": CONFIRMED}, "opted_out"),
        ({"bounced_at": CONFIRMED}, "bounced"),
        ({"email": ""}, "no_address"),
    ],
)
def test_customer_without_anybody_to_ask_could_not_be_asked(change, reason):
    case = making.resolved()
    type(case.reporter).objects.filter(pk=case.reporter_id).update(**change)
    inviting.invite_due(LEAVES)
    assert (only().state, only().reason) == (InvitationState.NOT_ASKED, reason)
    assert Event.objects.get(kind="survey_ended").facts["reason"] == reason


def test_somebody_else_is_asked_where_the_first_cannot_be():
    case = making.resolved()
    other = builders.contact(case.customer, name="Paul Egger")
    type(case.reporter).objects.filter(pk=case.reporter_id).update(bounced_at=CONFIRMED)
    inviting.invite_due(LEAVES)
    assert only().contact == other


def test_confidential_case_asks_nobody_who_does_not_know_of_it():
    case = making.resolved()
    builders.contact(case.customer, name="Paul Egger")
    type(case.reporter).objects.filter(pk=case.reporter_id).update(bounced_at=CONFIRMED)
    Case.objects.filter(pk=case.pk).update(confidential=True)
    inviting.invite_due(LEAVES)
    assert only().state == InvitationState.NOT_ASKED


def test_one_broken_row_does_not_stop_the_sweep(monkeypatch):
    broken, whole = making.resolved(), making.resolved()
    inviting.plan_new(CONFIRMED)
    whom = inviting.choosing.whom

    def fails(*, case, **given):
        if case.pk == broken.pk:
            raise RuntimeError("poison")
        return whom(case=case, **given)

    monkeypatch.setattr(inviting.choosing, "whom", fails)
    assert inviting.invite_due(LEAVES) == 1
    assert Invitation.objects.get(case=whole).state == InvitationState.SENT


def test_first_question_of_a_round_leaves_in_few_statements(django_assert_max_num_queries):
    making.resolved()
    inviting.plan_new(CONFIRMED)
    with django_assert_max_num_queries(20):
        inviting.leave(only(), LEAVES)
    assert only().state == InvitationState.SENT


def test_sweep_costs_the_same_to_plan_one_or_many(django_assert_num_queries):
    for _ in range(3):
        making.resolved()
    with django_assert_num_queries(3):
        inviting.plan_new(LEAVES)
