"""The final answer: only the council sends it, only after two refused results, and it closes as not agreed."""

from datetime import timedelta

import pytest

from cases.ending import FinalAnswer
from cases.enums import CaseState, EscalationReason, Outcome
from cases.escalation import escalate
from cases.models import Escalation
from cases.refusals import Refused
from cases.timeline import faults
from council import deciding, rights
from council.models import Decision, DecisionKind
from mail.models import Message
from tests import builders
from tests.builders import NOON
from tests.cases.resolving import refused

HOUR = timedelta(hours=1)
ANSWER = FinalAnswer("The drawing says 0.2 mm.", "Free rework until June.", "The chamber of commerce in Ulm.")


@pytest.fixture
def case(people):
    return builders.acknowledged(builders.case(owner=people.owner))


def asked_for(case, people, refusals=2):
    for _ in range(refusals):
        refused(case, NOON + HOUR)
    why = EscalationReason.NOT_AGREED
    return escalate(case=case, reason=why, asked_by=people.owner, now=NOON + HOUR)


def decide(entry, actor, **facts):
    kind = DecisionKind.NOT_AGREED
    return deciding.decide(escalation=entry, actor=actor, kind=kind, reason="All tried", now=NOON + 2 * HOUR, **facts)


def test_final_answer_closes_the_case_and_stands_in_the_log(case, people):
    entry = asked_for(case, people)
    decision = decide(entry, people.member, answer=ANSWER)
    case.refresh_from_db()
    entry.refresh_from_db()
    assert (case.state, case.outcome) == (CaseState.CLOSED, Outcome.NOT_AGREED)
    assert (Decision.objects.get(kind="not_agreed"), entry.decided_at) == (decision, NOON + 2 * HOUR)
    assert Message.objects.filter(template="final_answer").count() == 1
    assert faults(case.pk) == []


def test_final_answer_before_two_refusals_is_refused_and_leaves_nothing(case, people):
    entry = asked_for(case, people, refusals=1)
    with pytest.raises(Refused, match="only after two results they refused"):
        decide(entry, people.member, answer=ANSWER)
    assert not Decision.objects.filter(kind="not_agreed").exists()


@pytest.mark.parametrize("who", ["owner", "lead", "colleague", "auditor"])
def test_nobody_but_the_council_sends_it(case, people, who):
    entry = asked_for(case, people)
    with pytest.raises(Refused):
        decide(entry, getattr(people, who), answer=ANSWER)


def test_a_refused_result_offers_the_final_answer_from_the_second_on(case, people):
    refused(case, NOON + HOUR)
    refused(case, NOON + HOUR)
    entry = Escalation.objects.get(case=case, reason="refused")
    assert DecisionKind.NOT_AGREED in rights.possible(entry)


def test_form_asks_for_the_three_parts_at_their_fields(client, clock, case, people):
    clock.move_to(NOON + 2 * HOUR)
    entry = asked_for(case, people)
    client.force_login(people.member)
    address = f"/council/{entry.pk}/decide/not_agreed/"
    answer = client.post(address, {"reason": "All tried"})
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, ["found", "stands", "whom"])
    client.post(address, {**vars(ANSWER), "reason": "All tried"})
    case.refresh_from_db()
    assert case.outcome == Outcome.NOT_AGREED
