"""Nobody is let go but by a vote: not by a verb, an import, an address, a sweep or a statement by hand."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.urls import get_resolver

from cases import ending, seal, workflow
from cases.enums import CaseState, Outcome, StepState
from cases.models import Case, Ending, Step
from cases.refusals import Refused
from council import guard
from council.letgo import counting
from council.models import Ballot, BallotState, Vote
from tests import builders
from tests.builders import NOON
from tests.council.letting import HOUR, bench_of, filed, tried, voted

pytestmark = pytest.mark.django_db


@pytest.fixture
def three():
    return bench_of(3)


def ended_by_hand(case, **changes):
    """Close a case in the database itself, with every step out of the way."""
    Step.objects.filter(case=case, state=StepState.PLANNED).update(state=StepState.ENDED, done_at=NOON)
    fields = {"state": CaseState.CLOSED, "outcome": Outcome.LET_GO, "closed_at": NOON, **changes}
    with transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**fields)


def test_the_verb_refuses_without_a_mandate(three):
    case = tried(three.owner)
    with pytest.raises(Refused, match="Only a vote of the council"):
        workflow.end(case=case, act=Outcome.LET_GO, now=NOON, actor=three.members[0])


def test_no_other_act_carries_a_mandate(three):
    case = tried(three.owner)
    with pytest.raises(Refused, match="Only a vote of the council"):
        workflow.end(case=case, act=Outcome.WITHDRAWN, now=NOON, actor=None, mandate_ref="ballot-1")


@pytest.mark.parametrize("mandate", ["ballot-1", "ballot-0", "the chair said so", "ballot-1' OR '1'='1"])
def test_the_verb_with_a_forged_mandate_is_refused_by_the_database(three, mandate):
    case = tried(three.owner)
    with pytest.raises(IntegrityError, match=guard.REFUSAL), transaction.atomic():
        workflow.end(case=case, act=Outcome.LET_GO, now=NOON, actor=three.members[0], mandate_ref=mandate)
    case.refresh_from_db()
    assert case.state == CaseState.OPEN


@pytest.mark.parametrize("state", [BallotState.OPEN, BallotState.KEPT, BallotState.OVERTAKEN])
def test_a_ballot_that_did_not_let_go_is_no_mandate(three, state):
    case = tried(three.owner)
    ballot = filed(case, three.members[0])
    Ballot.objects.filter(pk=ballot.pk).update(state=state)
    with pytest.raises(IntegrityError, match=guard.REFUSAL):
        ended_by_hand(case, mandate_ref=ballot.mandate)


@pytest.mark.parametrize("yes", [0, 1])
def test_a_ballot_marked_by_hand_without_the_votes_is_no_mandate(three, yes):
    case = tried(three.owner)
    ballot = voted(filed(case, three.members[0]), dict.fromkeys(three.members[:yes], "let_go"))
    Ballot.objects.filter(pk=ballot.pk).update(state=BallotState.LET_GO)
    with pytest.raises(IntegrityError, match=guard.REFUSAL):
        ended_by_hand(case, mandate_ref=ballot.mandate)


def test_votes_of_people_without_a_seat_are_no_mandate(three):
    case = tried(three.owner)
    ballot = filed(case, three.members[0])
    strangers = [builders.user() for _ in range(5)]
    Vote.objects.bulk_create(Vote(ballot=ballot, user=one, choice="let_go", at=NOON) for one in strangers)
    Ballot.objects.filter(pk=ballot.pk).update(state=BallotState.LET_GO)
    with pytest.raises(IntegrityError, match=guard.REFUSAL):
        ended_by_hand(case, mandate_ref=ballot.mandate)


def test_a_majority_is_no_mandate_where_every_vote_was_needed(three):
    case = tried(three.owner)
    ballot = voted(filed(case, three.members[0]), dict.fromkeys(three.members[:2], "let_go"))
    Ballot.objects.filter(pk=ballot.pk).update(state=BallotState.LET_GO, unanimous=True)
    with pytest.raises(IntegrityError, match=guard.REFUSAL):
        ended_by_hand(case, mandate_ref=ballot.mandate)


def test_the_mandate_of_one_case_does_not_end_another(three):
    case, other = tried(three.owner), tried(three.owner)
    ballot = voted(filed(case, three.members[0]), dict.fromkeys(three.members, "let_go"))
    assert ballot.state == BallotState.LET_GO
    with pytest.raises(IntegrityError, match=guard.REFUSAL):
        ended_by_hand(other, mandate_ref=ballot.mandate)


def test_a_case_is_not_created_as_let_go(three):
    case = tried(three.owner)
    case.pk, case.state, case.outcome, case.closed_at = None, CaseState.CLOSED, Outcome.LET_GO, NOON
    case.mandate_ref, case.thread = "ballot-1", None
    with pytest.raises(IntegrityError, match=guard.REFUSAL), transaction.atomic():
        Case.objects.bulk_create([case])


def test_no_case_is_let_go_without_naming_a_mandate(three):
    with pytest.raises(IntegrityError):
        ended_by_hand(tried(three.owner))


def test_the_lead_confirms_no_end_that_is_a_letting_go(three):
    case = tried(three.owner)
    asked = Ending.objects.create(case=case, act=Outcome.LET_GO, asked_by=three.owner, asked_at=NOON)
    with pytest.raises(Refused, match="Only a vote of the council"):
        ending.confirm(ending=asked, actor=three.members[0], now=NOON + HOUR)


def test_the_guards_are_part_of_the_seal():
    names = {name for _, name in seal.triggers(connection)}
    assert {one.name for one in guard.GUARDS} <= names
    assert seal.missing() == []


def test_a_guard_that_was_dropped_is_missed_and_comes_back():
    name = guard.GUARDS[0].name
    on = " ON cases_case" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on}")
    assert seal.missing() == [name]
    seal.install(connection)
    assert seal.missing() == []


def test_no_admin_is_there_to_reach_cases_or_votes():
    assert not apps.is_installed("django.contrib.admin")
    assert "admin" not in get_resolver().namespace_dict


def test_least_is_two():
    assert counting.LEAST == 2


def posted(client, user, address, **given):
    client.force_login(user)
    return client.post(address, given)


@pytest.mark.parametrize("kind", ["let_go", "keep"])
def test_the_address_of_decisions_knows_neither(client, three, kind):
    entry = filed(tried(three.owner), three.members[0]).escalation
    assert posted(client, three.members[1], f"/council/{entry.pk}/decide/{kind}/", reason="So").status_code == 404


@pytest.mark.parametrize("what", ["let_go", "letgo", "let-go"])
def test_the_acts_of_a_case_know_no_letting_go(client, three, what):
    case = tried(three.owner)
    assert posted(client, three.members[0], f"/cases/RC-{case.pk}/acts/{what}/", reason="So").status_code == 404
