"""Who may act on which step in which state: every step × state × role, as access and the transition table say."""

import pytest
from django.test import Client

from accounts.models import User
from cases import workflow
from cases.enums import CaseState, EntryKind, Outcome, StepNumber
from cases.models import Case, Step
from cases.steps import resolve
from tests import builders
from tests.builders import NOON

pytestmark = pytest.mark.django_db

MAY_WORK = ("owner", "colleague", "lead", "quality", "holder")
ONLY_READS = ("outsider", "auditor", "council")
LEARNT_FROM = (StepNumber.ROOT_CAUSE, StepNumber.LEARNINGS, StepNumber.INSTITUTIONALIZE)
FINISHED = {
    "open": (),
    "resolved": (StepNumber.ACKNOWLEDGE, StepNumber.RESOLVE),
    # What we learn from a customer lost stays due.
    "closed": tuple(number for number in StepNumber if number not in LEARNT_FROM),
}


@pytest.fixture(autouse=True)
def at_noon(clock):
    clock.move_to(NOON)


def made(state, **fields):
    """Return a case in `state`, worked by the product's own verbs."""
    north = builders.team()
    case = builders.case(owner=builders.user("manager", of=north), **fields)
    if state == "resolved":
        confirmed(builders.acknowledged(case, now=NOON))
    if state == "closed":
        workflow.end(case=case, act=Outcome.CUSTOMER_LOST, now=NOON, actor=case.owner)
    case.refresh_from_db()
    assert case.state == state
    return case


def confirmed(case):
    builders.ready_to_offer(case, now=NOON)
    words = {"case": case, "actor": case.owner, "now": NOON}
    resolve.offer(text="Forty housings", means=EntryKind.CALL, **words)
    resolve.carry_out(text="They arrived", by="Sven", at=NOON, **words)
    resolve.confirm(confirmation=resolve.ask(**words), yes=True, text="", now=NOON)


def person(role, case, number):
    """Return somebody who stands to the case as `role` says."""
    north, south = builders.team(), builders.team("South")
    if role == "owner":
        return case.owner
    if role == "holder":
        holder = builders.user("manager", of=south)
        Step.objects.filter(case=case, number=number).update(owner=holder)
        return holder
    roles = {"colleague": "manager", "outsider": "manager"}
    return builders.user(roles.get(role, role), of=north if role in ("colleague", "lead") else south)


def give(user, case, number):
    """Send the act every step has: giving it to somebody, here a person called Taker."""
    client = Client()
    client.force_login(user)
    taker = User.objects.filter(name="Taker").first() or builders.user(name="Taker", of=builders.team())
    typed = {"act": "give", "owner": taker.pk}
    return client.post(f"/cases/{case.number}/steps/{number.slug}/", typed)


def answers(role, case):
    """Return how each of the nine steps answers to giving it away, by number."""
    return {number: give(person(role, case, number), case, number).status_code for number in StepNumber}


@pytest.mark.parametrize("state", CaseState.values)
@pytest.mark.parametrize("role", MAY_WORK)
def test_whoever_works_the_case_acts_on_what_is_still_to_be_done(role, state):
    case = made(state)
    expected = {number: 422 if number in FINISHED[state] else 303 for number in StepNumber}
    assert answers(role, case) == expected
    given = Step.objects.filter(case=case, owner__name="Taker").values_list("number", flat=True)
    assert set(given) == {number for number, status in expected.items() if status == 303}


@pytest.mark.parametrize("state", CaseState.values)
@pytest.mark.parametrize("role", ONLY_READS)
def test_whoever_only_reads_changes_nothing(role, state):
    case = made(state)
    before = case.events.count()
    assert answers(role, case) == dict.fromkeys(StepNumber, 403)
    assert case.events.count() == before


@pytest.mark.parametrize(
    ("status", "roles"),
    [(303, ("owner", "lead", "holder")), (403, ("auditor", "council")), (404, ("outsider", "quality"))],
)
def test_a_confidential_case_and_no_case_look_alike_to_who_may_not_see_it(status, roles):
    case = made("open", sensitive=True)
    assert {role: answers(role, case) for role in roles} == dict.fromkeys(roles, dict.fromkeys(StepNumber, status))


def test_a_case_that_does_not_exist_is_not_found():
    missing = Case(pk=9_999_999, owner=builders.user("lead"))
    assert answers("owner", missing) == dict.fromkeys(StepNumber, 404)


def test_whoever_is_not_signed_in_is_sent_to_sign_in():
    case = made("open")
    answer = Client().post(f"/cases/{case.number}/steps/acknowledge/", {"act": "give"})
    assert answer.url.startswith("/account/login/")
