"""What stands beside the vote on a customer: their other cases, what changes while it is open, what comes after."""

from datetime import timedelta

import pytest

from cases import editing, escalation, legal, workflow
from cases.enums import CaseState, EscalationReason, Outcome, StepState
from cases.models import Escalation, Step
from cases.refusals import Refused
from council import deciding, rights
from council.letgo import voting
from council.models import Decision, DecisionKind, OtherCase
from tests import builders
from tests.builders import NOON
from tests.cases.resolving import confirmed
from tests.council.letting import HOUR, bench_of, filed, tried, voted

pytestmark = pytest.mark.django_db
GO = "let_go"
LATER = NOON + timedelta(days=8)


@pytest.fixture
def three():
    return bench_of(3)


def test_other_cases_are_spoken_of_one_by_one_and_end_or_go_on(three):
    case = tried(three.owner)
    ends, goes_on = (builders.case(owner=three.owner, of=case.customer, severity="low") for _ in range(2))
    with pytest.raises(Refused) as refusal:
        filed(case, three.members[0], others={ends.pk: True})
    assert refusal.value.field == f"other_{goes_on.pk}"
    ballot = filed(case, three.members[0], others={ends.pk: True, goes_on.pk: False})
    voted(ballot, dict.fromkeys(three.members, GO))
    for one, state, outcome in ((ends, "closed", "let_go"), (goes_on, "open", "")):
        one.refresh_from_db()
        assert (one.state, one.outcome) == (state, outcome)
    assert OtherCase.objects.filter(form=ballot.form, ends=True).get().case == ends


def test_a_legal_matter_does_not_end_with_another_case(three):
    case = tried(three.owner)
    other = builders.case(owner=three.owner, of=case.customer, severity="low")
    legal.mark(case=other, actor=three.owner, reason="Their lawyer wrote", now=NOON + HOUR)
    with pytest.raises(Refused, match="does not end with another case"):
        filed(case, three.members[0], others={other.pk: True})


def test_the_owner_of_a_case_that_would_end_with_it_has_no_seat(three):
    case = tried(three.owner)
    other = builders.case(owner=three.members[2], of=case.customer, severity="low")
    ballot = filed(case, three.members[0], others={other.pk: True})
    assert [seat.user for seat in ballot.seats.all()] == three.members[:2]


def test_who_took_the_case_over_while_the_vote_is_open_votes_no_more(three):
    ballot = filed(tried(three.owner), three.members[0])
    editing.assign(case=ballot.form.case, actor=three.members[0], owner=three.members[1], now=NOON + 5 * HOUR)
    with pytest.raises(Refused, match="your own case by now"):
        voted(ballot, {three.members[1]: GO})
    assert not ballot.votes.exists()


def test_what_was_taken_back_since_keeps_the_customer(three):
    case = tried(three.owner)
    ballot = filed(case, three.members[0])
    Step.objects.filter(case=case, number=2).update(state=StepState.PLANNED, done_at=None)
    assert voted(ballot, dict.fromkeys(three.members, GO)).state == "kept"


def test_a_confirmation_in_the_meantime_overtakes_the_vote(three):
    case = tried(three.owner)
    ballot = filed(case, three.members[0])
    confirmed(case, NOON + 5 * HOUR)
    with pytest.raises(Refused, match="This vote is closed"):
        voted(ballot, {three.members[0]: GO}, now=NOON + 6 * HOUR)
    assert voting.close_due(NOON + 6 * HOUR) == 1
    ballot.refresh_from_db()
    assert (ballot.state, Decision.objects.count()) == ("overtaken", 0)
    assert not Escalation.objects.filter(reason="let_go", decided_at=None).exists()


def test_another_end_overtakes_the_vote(three):
    case = tried(three.owner)
    ballot = filed(case, three.members[0])
    workflow.end(case=case, act=Outcome.WITHDRAWN, now=NOON + 5 * HOUR, actor=None)
    assert voting.close_due(NOON + 6 * HOUR) == 1
    ballot.refresh_from_db()
    assert (ballot.state, Decision.objects.count()) == ("overtaken", 0)


def test_one_vote_at_a_time_on_a_customer(three):
    case = tried(three.owner)
    filed(case, three.members[0])
    with pytest.raises(Refused, match="votes on this customer already"):
        filed(case, three.members[1])


def test_nobody_decides_alone_what_members_vote_on(three):
    entry = filed(tried(three.owner), three.members[0]).escalation
    assert rights.possible(entry) == ()
    for kind in (DecisionKind.LET_GO, DecisionKind.KEEP, DecisionKind.BACK_OWNER):
        with pytest.raises(Refused, match="does not fit"):
            deciding.decide(escalation=entry, actor=three.members[1], kind=kind, reason="So", now=NOON + 5 * HOUR)


@pytest.mark.parametrize("reason", list(EscalationReason))
def test_no_docket_entry_lets_a_single_member_let_go(three, reason):
    entry = escalation.escalate(case=builders.case(owner=three.owner), reason=reason, ref=1, now=NOON)
    assert entry is None or not {DecisionKind.LET_GO, DecisionKind.KEEP} & set(rights.possible(entry))


def test_a_customer_let_go_who_comes_back_is_open_without_the_mandate(three):
    case = tried(three.owner)
    voted(filed(case, three.members[0]), dict.fromkeys(three.members, GO))
    case.refresh_from_db()
    workflow.reopen(case=case, why="message", now=LATER)
    case.refresh_from_db()
    assert (case.state, case.outcome, case.mandate_ref) == (CaseState.OPEN, "", "")
