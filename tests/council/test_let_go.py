"""Letting a customer go: what the form asks for, who votes, how it is counted, what follows."""

from datetime import date, timedelta

import pytest

from cases import legal, timeline
from cases.enums import CaseState, Outcome, StepState
from cases.models import Escalation, Step
from cases.refusals import Refused
from council import undoing
from council.letgo import trials, voting
from council.letgo.counting import lets_go
from council.models import Ballot, Decision, DecisionKind, Vote
from mail import delivery
from mail.models import Message
from mail.rendering import letter_of
from tests import builders
from tests.builders import NOON
from tests.council.letting import HOUR, bench_of, filed, tried, voted

pytestmark = pytest.mark.django_db
GO, KEEP, ABSTAIN, NOTHING = "let_go", "keep", "abstain", None
LATER = NOON + timedelta(days=8)


@pytest.fixture
def three():
    return bench_of(3)


@pytest.mark.parametrize(
    ("cast", "unanimous", "expected"),
    [
        ((GO, GO), False, True),
        ((GO, KEEP), False, False),
        ((GO, ABSTAIN), False, False),
        ((GO, NOTHING), False, False),
        ((GO,), False, False),
        ((GO, GO, KEEP), False, True),
        ((GO, GO, ABSTAIN), False, True),
        ((GO, GO, NOTHING), False, True),
        ((GO, KEEP, KEEP), False, False),
        ((GO, GO, KEEP, KEEP), False, False),
        ((GO, GO, ABSTAIN, NOTHING), False, False),
        ((GO, GO, GO, KEEP), False, True),
        ((GO, GO, KEEP, NOTHING, ABSTAIN), False, False),
        ((GO, GO, GO, KEEP, KEEP), False, True),
        ((), False, False),
        ((GO, GO, GO), True, True),
        ((GO, GO, ABSTAIN), True, False),
        ((GO, GO, NOTHING), True, False),
        ((GO, GO, KEEP), True, False),
        ((GO,), True, False),
    ],
)
def test_counting_takes_a_majority_of_all_seats_and_two_at_least(cast, unanimous, expected):
    choices = [one for one in cast if one]
    assert lets_go(choices, seats=len(cast), unanimous=unanimous) is expected


@pytest.mark.parametrize("number", [1, 2, 4, 5, 6])
def test_form_is_refused_while_a_step_was_not_tried(three, number):
    case = tried(three.owner)
    Step.objects.filter(case=case, number=number).update(state=StepState.PLANNED, done_at=None)
    with pytest.raises(Refused, match=f"{number} · .* is neither done nor waived"):
        filed(case, three.members[0])
    assert not Ballot.objects.exists()


def test_a_waived_step_counts_as_tried(three):
    case = tried(three.owner)
    Step.objects.filter(case=case, number=4).update(state=StepState.WAIVED)
    assert trials.trials_of(case).missing == ()


@pytest.mark.parametrize(("refusals", "says"), [(0, "refused no carried-out"), (1, "refused one carried-out")])
def test_form_is_refused_before_two_results_were_refused(three, refusals, says):
    with pytest.raises(Refused, match=says):
        filed(tried(three.owner, refusals=refusals), three.members[0])


def test_trials_quote_the_words_of_the_refusals(three):
    found = trials.trials_of(tried(three.owner)).refusals
    assert [one.words.text for one in found] == ["The gauge is missing", "The gauge is missing"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"why": " "}, "why"),
        ({"morale": ""}, "morale"),
        ({"letter": ""}, "letter"),
        ({"reason": "spite"}, "reason"),
        ({"hours": -1}, "hours"),
        ({"cash": -1}, "cash"),
        ({"contribution": -1}, "contribution"),
        ({"ends_on": date(2026, 11, 17)}, "ends_on"),
    ],
)
def test_form_is_refused_at_the_field_that_is_missing(three, changes, field):
    with pytest.raises(Refused) as refusal:
        filed(tried(three.owner), three.members[0], **changes)
    assert refusal.value.field == field


@pytest.mark.parametrize("role", ["manager", "lead", "quality", "counsel", "auditor", "admin"])
def test_nobody_but_the_council_brings_it_up(three, role):
    with pytest.raises(Refused, match="Only a member of the council"):
        filed(tried(three.owner), builders.user(role))


def test_an_owner_on_the_council_neither_brings_it_up_nor_votes(three):
    case = tried(three.members[0])
    with pytest.raises(Refused, match="your own case"):
        filed(case, three.members[0])
    ballot = filed(case, three.members[1])
    assert [seat.user for seat in ballot.seats.all()] == three.members[1:]
    with pytest.raises(Refused, match="You have no seat"):
        voted(ballot, {three.members[0]: KEEP})


def test_fewer_than_two_without_a_conflict_open_no_vote():
    one = bench_of(2)
    with pytest.raises(Refused, match="Fewer than two members"):
        filed(tried(one.members[0]), one.members[1])


def test_the_sponsor_sits_in_where_members_are_too_few():
    one = bench_of(1)
    sponsor = builders.user("sponsor")
    ballot = filed(tried(one.owner), one.members[0])
    assert [seat.user for seat in ballot.seats.all()] == [one.members[0], sponsor]


def test_seats_are_fixed_when_the_vote_opens(three):
    ballot = filed(tried(three.owner), three.members[0])
    late = builders.user("council", name="Late")
    with pytest.raises(Refused, match="the seats were fixed when it opened"):
        voted(ballot, {late: KEEP})


def test_a_majority_lets_go_at_once_and_stands_in_the_log(three):
    case = tried(three.owner)
    ballot = voted(filed(case, three.members[0]), dict(zip(three.members, (GO, KEEP, GO), strict=True)))
    case.refresh_from_db()
    decision = Decision.objects.get()
    assert (ballot.state, case.state, case.outcome) == ("let_go", CaseState.CLOSED, Outcome.LET_GO)
    assert (decision.kind, case.mandate_ref) == (DecisionKind.LET_GO, f"ballot-{ballot.pk}")
    assert decision.words.text.startswith("2 of 3 voted to let go, 1 to keep")
    assert timeline.faults(case.pk) == []
    assert [row.number for row in Step.objects.filter(case=case, state="planned")] == [9]


def test_farewell_leaves_after_a_while_as_it_was_voted_on(three):
    case = tried(three.owner)
    voted(filed(case, three.members[0]), dict.fromkeys(three.members, GO))
    letter = Message.objects.get(template="farewell")
    assert letter.send_at == NOON + 5 * HOUR + undoing.WINDOW
    assert "We ask you to let us part." in letter_of(letter).text
    assert letter.recipients.get().address == case.reporter.email
    assert delivery.deliver_due(NOON + 5 * HOUR) is not None
    assert Message.objects.get(pk=letter.pk).sent_at is None


def test_keeping_is_a_decision_too_and_work_goes_on(three):
    case = tried(three.owner)
    ballot = voted(filed(case, three.members[0]), dict(zip(three.members, (GO, KEEP, ABSTAIN), strict=True)))
    case.refresh_from_db()
    assert (ballot.state, case.state, Decision.objects.get().kind) == ("kept", CaseState.OPEN, DecisionKind.KEEP)
    assert not Message.objects.filter(template="farewell").exists()
    assert not Escalation.objects.filter(reason="let_go", decided_at=None).exists()


def test_a_vote_may_be_changed_until_the_last_one_closes_it(three):
    first, second, third = three.members
    ballot = voted(filed(tried(three.owner), first), {first: GO, second: KEEP})
    voted(ballot, {second: GO})
    assert Vote.objects.filter(ballot=ballot).count() == 2
    assert voted(ballot, {third: KEEP}).state == "let_go"
    with pytest.raises(Refused, match="This vote is closed"):
        voted(ballot, {third: GO})


@pytest.mark.parametrize("choice", [GO, KEEP])
def test_a_vote_without_a_reason_is_refused_at_its_field(three, choice):
    ballot = filed(tried(three.owner), three.members[0])
    with pytest.raises(Refused) as refusal:
        voting.vote(ballot=ballot, actor=three.members[0], choice=choice, why=" ", now=NOON + 5 * HOUR)
    assert refusal.value.field == "why"


def test_the_sweep_closes_after_five_working_days_and_who_did_not_vote_means_keep(three):
    ballot = voted(filed(tried(three.owner), three.members[0]), {three.members[0]: GO})
    assert voting.close_due(ballot.closes_at - timedelta(seconds=1)) == 0
    assert (voting.close_due(ballot.closes_at), voting.close_due(ballot.closes_at)) == (1, 0)
    ballot.refresh_from_db()
    assert (ballot.state, Decision.objects.get().kind) == ("kept", "keep")


def test_two_of_three_are_enough_when_time_is_over(three):
    ballot = voted(filed(tried(three.owner), three.members[0]), dict.fromkeys(three.members[:2], GO))
    assert ballot.state == "open"
    voting.close_due(ballot.closes_at)
    ballot.refresh_from_db()
    assert ballot.state == "let_go"


def test_the_vote_lasts_five_working_days_and_is_one_due_thing(three):
    case = tried(three.owner)
    ballot = filed(case, three.members[0])
    due = case.dues.get(kind="decision", ref=ballot.escalation_id)
    assert (due.due_at, due.allowed) == (ballot.closes_at, "5d")
    assert ballot.closes_at.date() == date(2026, 11, 24)


def test_a_vote_after_time_is_refused(three):
    ballot = filed(tried(three.owner), three.members[0])
    with pytest.raises(Refused, match="five working days are over"):
        voted(ballot, {three.members[0]: GO}, now=ballot.closes_at)


@pytest.mark.parametrize(("choices", "state"), [((GO, GO, GO), "let_go"), ((GO, GO, ABSTAIN), "kept")])
def test_a_legal_matter_skips_the_trials_only_unanimously(three, choices, state):
    case = tried(three.owner, refusals=0)
    legal.mark(case=case, actor=three.owner, reason="Their lawyer wrote", now=NOON + HOUR)
    ballot = filed(case, three.members[0])
    assert ballot.unanimous is True
    assert voted(ballot, dict(zip(three.members, choices, strict=True))).state == state


def test_a_legal_matter_where_everything_was_tried_takes_the_majority(three):
    case = tried(three.owner)
    legal.mark(case=case, actor=three.owner, reason="Their lawyer wrote", now=NOON + HOUR)
    assert filed(case, three.members[0]).unanimous is False
