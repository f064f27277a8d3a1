"""Nobody judges a case of their own: a lead who owns it is told whom to ask, and that one can do it."""

import pytest

from cases import legal, merging, reopening, workflow
from cases.enums import CaseState, Outcome
from cases.refusals import Refused
from tests import builders
from tests.builders import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    team = builders.team()
    person = builders.user("lead", name="Jonas Weber", of=team)
    team.lead = person
    team.save()
    return person


@pytest.fixture
def case(lead):
    return builders.case(owner=lead)


def merge(case, actor, into=None):
    into = into or builders.case(owner=case.owner, of=case.customer)
    return merging.merge(case=case, into=into, actor=actor, reason="The same crate", now=NOON)


def refusal(act, *given, **named) -> str:
    with pytest.raises(Refused) as no:
        act(*given, **named)
    return no.value.message


def test_lead_does_not_merge_a_case_of_their_own_and_hears_whom_to_ask(case, lead):
    other = builders.user("lead", name="Lena Frey", of=lead.team)
    builders.user("chair", name="Carla Moss")
    said = f"{case.number} is your own case, and nobody merges a case of their own. Ask Lena Frey to do it."
    assert refusal(merge, case, lead) == said
    assert merge(case, other).state == CaseState.OPEN
    case.refresh_from_db()
    assert case.outcome == Outcome.MERGED


def test_lead_does_not_merge_into_a_case_of_their_own_either(case, lead):
    manager = builders.user(of=lead.team)
    twin = builders.case(owner=manager, of=case.customer)
    assert "is your own case" in refusal(merge, twin, lead, case)


def test_without_another_lead_the_chair_is_named_and_may(case, lead):
    builders.user("lead", name="Of Another Team", of=builders.team("South"))
    chair = builders.user("chair", name="Carla Moss")
    builders.user("sponsor", name="Sam Ott")
    assert "Ask Carla Moss to do it." in refusal(merge, case, lead)
    assert merge(case, chair).state == CaseState.OPEN


def test_without_a_chair_it_is_the_sponsor_and_without_anybody_an_administrator_helps(case, lead):
    assert "An administrator can name another lead, or a chair, who may." in refusal(merge, case, lead)
    sponsor = builders.user("sponsor", name="Sam Ott")
    assert "Ask Sam Ott to do it." in refusal(merge, case, lead)
    assert merge(case, sponsor).state == CaseState.OPEN


def test_council_merges_nothing_that_is_not_the_leads_own(lead):
    theirs = builders.case(owner=builders.user(of=lead.team))
    assert refusal(merge, theirs, builders.user("chair")) == "Only the team lead merges cases."


def test_lead_names_no_counsel_on_a_case_of_their_own(lead):
    case, counsel = builders.case(owner=lead, sensitive=True), builders.user("counsel")
    chair = builders.user("chair", name="Carla Moss")
    given = {"case": case, "counsel": counsel, "now": NOON}
    said = refusal(legal.name_counsel, actor=lead, **given)
    assert "nobody names counsel on a case of their own. Ask Carla Moss to do it." in said
    legal.name_counsel(actor=chair, **given)
    case.refresh_from_db()
    assert case.counsel == counsel


def test_lead_weighs_no_new_facts_on_a_case_of_their_own_but_their_word_opens_it(case, lead):
    chair = builders.user("chair", name="Carla Moss")
    workflow.end(case=case, act=Outcome.CUSTOMER_LOST, now=NOON, actor=chair)
    facts = {"case": case, "text": "The drawing changed", "now": NOON}
    assert "Ask Carla Moss to do it." in refusal(reopening.reopen, actor=lead, why="new_facts", **facts)
    assert reopening.reopen(actor=lead, why="recurrence", **facts).round == 2


def test_chair_weighs_new_facts_on_the_leads_case(case):
    chair = builders.user("chair")
    workflow.end(case=case, act=Outcome.CUSTOMER_LOST, now=NOON, actor=chair)
    opened = reopening.reopen(case=case, actor=chair, why="new_facts", text="The drawing changed", now=NOON)
    assert opened.state == CaseState.OPEN
