"""Confidential cases, complaints about a person here, legal matters with counsel's clearance."""

from datetime import timedelta

import pytest
from django.http import Http404

from cases import access, editing, escalation, legal, letters, merging, presence, secrecy
from cases.enums import ClearanceKind, ClearanceState, EntryKind, EscalationReason, Fault, Severity
from cases.models import Due, Escalation, Step
from cases.refusals import Refused
from cases.steps import resolve
from council import deciding
from mail.models import Message, Notice
from surveys import readers
from tests import builders
from tests.builders import NOON

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
TEXT = "It was our mistake: the gauge was not calibrated."


@pytest.fixture
def owner(lead):
    return builders.user("manager", name="Marta Keller", of=lead.team)


@pytest.fixture
def case(owner):
    return builders.case(owner=owner)


@pytest.fixture
def counsel():
    return builders.user("counsel", name="Carla Weiss")


# About a person here


@pytest.mark.parametrize("role", ["manager", "lead", "council", "chair", "sponsor", "counsel", "auditor"])
def test_whom_it_is_about_never_sees_it_whatever_their_role(case, lead, role):
    person = builders.user(role, of=case.team)
    secrecy.set_about(case=case, actor=lead, person=person, owner=None, now=NOON)
    with pytest.raises(Http404):
        access.case_for(person, case.pk)


def test_complaint_about_the_owner_needs_another_owner(case, lead, owner):
    with pytest.raises(Refused, match="Choose who takes it over") as no:
        secrecy.set_about(case=case, actor=lead, person=owner, owner=None, now=NOON)
    assert no.value.field == "owner"
    other = builders.user("manager", of=case.team)
    secrecy.set_about(case=case, actor=lead, person=owner, owner=other, now=NOON)
    case.refresh_from_db()
    assert (case.owner, case.about_user, case.confidential) == (other, owner, True)
    assert not Due.objects.filter(case=case, owner=owner, closed_at=None).exists()


def test_it_is_never_given_back_to_whom_it_is_about(case, lead):
    person = builders.user("manager", of=case.team)
    secrecy.set_about(case=case, actor=lead, person=person, owner=None, now=NOON)
    for verb in (
        lambda: editing.assign(case=case, actor=lead, owner=person, now=NOON),
        lambda: editing.give_step(case=case, actor=lead, number=2, owner=person, now=NOON),
    ):
        with pytest.raises(Refused, match=f"The complaint is about {person.name}"):
            verb()


def test_answers_go_to_the_lead_and_past_a_lead_it_is_about(case, lead, owner):
    chair = builders.user("chair", name="Jonas Frei")
    other = builders.user("manager", of=case.team)
    secrecy.set_about(case=case, actor=lead, person=owner, owner=other, now=NOON)
    case.refresh_from_db()
    assert readers.reader_of(case) == lead
    secrecy.set_about(case=case, actor=chair, person=lead, owner=None, now=NOON)
    case.refresh_from_db()
    assert (readers.reader_of(case), presence.lead_of(case)) == (chair, chair)


def test_complaint_is_not_logged_for_the_person_it_is_about(owner):
    with pytest.raises(Refused, match="Choose somebody else as owner"):
        builders.case(owner=owner, about_user=owner)


def test_complaint_logged_about_a_person_is_confidential(owner):
    case = builders.case(owner=owner, about_user=builders.user("manager"))
    assert (case.about_person, case.confidential) == (True, True)


# Confidential


def test_owner_closes_the_door_and_only_the_lead_opens_it(case, lead, owner):
    secrecy.set_confidential(case=case, actor=owner, confidential=True, reason="", now=NOON)
    with pytest.raises(Refused, match="Only the team lead or the council"):
        secrecy.set_confidential(case=case, actor=owner, confidential=False, reason="x", now=NOON)
    secrecy.set_confidential(case=case, actor=lead, confidential=False, reason="All is public now", now=NOON)
    case.refresh_from_db()
    assert not case.confidential


@pytest.mark.parametrize(("mark", "match"), [({"sensitive": True}, "Take that mark off"), ({}, "about a person here")])
def test_door_stays_closed_as_long_as_the_case_asks_for_it(owner, lead, mark, match):
    case = builders.case(owner=owner, **(mark or {"about_person": True}))
    with pytest.raises(Refused, match=match):
        secrecy.set_confidential(case=case, actor=lead, confidential=False, reason="x", now=NOON)


ACTS = {
    "closed": lambda case, lead: secrecy.set_confidential(
        case=case, actor=case.owner, confidential=True, reason="", now=NOON
    ),
    "legal": lambda case, lead: legal.mark(case=case, actor=case.owner, reason="Somebody was hurt", now=NOON),
    "about": lambda case, lead: secrecy.set_about(case=case, actor=lead, person=builders.user(), owner=None, now=NOON),
}


@pytest.mark.parametrize("act", ACTS)
def test_s2_letters_written_before_the_door_closed_are_read_by_no_administrator(case, lead, act):
    letters.to_colleague(user=lead, case=case, key="told", template="decided", now=NOON, facts={})
    ACTS[act](case, lead)
    assert {one.template: one.confidential for one in Message.objects.all()} == {"receipt": True, "decided": True}


def test_s2_letters_of_a_case_that_took_in_a_confidential_one_are_read_by_no_administrator(case, lead, owner):
    survivor = builders.case(owner=owner, of=case.customer)
    secrecy.set_confidential(case=case, actor=owner, confidential=True, reason="", now=NOON)
    merging.merge(case=case, into=survivor, actor=lead, reason="The same", now=NOON)
    assert not Message.objects.filter(confidential=False).exists()


def test_letters_are_open_again_with_the_door(case, lead, owner):
    secrecy.set_confidential(case=case, actor=owner, confidential=True, reason="", now=NOON)
    secrecy.set_confidential(case=case, actor=lead, confidential=False, reason="All is public now", now=NOON)
    assert not Message.objects.filter(confidential=True).exists()


def test_whom_it_is_about_is_told_nothing_although_they_asked_for_something(case, lead, owner):
    other = builders.user("manager", of=case.team)
    entry = escalation.escalate(case=case, reason=EscalationReason.BY_HAND, asked_by=owner, now=NOON)
    secrecy.set_about(case=case, actor=lead, person=owner, owner=other, now=NOON)
    Notice.objects.all().delete()
    member = builders.user("council")
    about = {"escalation": entry, "actor": member, "kind": "back_owner", "reason": "He hid the delivery note."}
    deciding.decide(**about, now=NOON)
    assert not Notice.objects.filter(user=owner).exists()
    assert not Message.objects.filter(recipients__address=owner.email, template="decided").exists()
    assert Notice.objects.filter(user=other, kind="decided").exists()


# Legal, safety or irregular


def test_marked_case_is_confidential_and_on_the_docket_at_once(case, owner):
    legal.mark(case=case, actor=owner, reason="They named their lawyer", now=NOON)
    case.refresh_from_db()
    assert (case.sensitive, case.confidential) == (True, True)
    assert Escalation.objects.get(case=case).reason == "sensitive"


def test_acknowledging_never_waits_for_counsel_without_an_admission(owner):
    case = builders.acknowledged(builders.case(owner=owner, sensitive=True))
    assert Step.objects.get(case=case, number=1).state == "done"


@pytest.mark.parametrize("fault", [Fault.OURS, Fault.SHARED])
def test_admission_waits_until_counsel_cleared_these_very_words(owner, counsel, fault):
    case = builders.case(owner=owner, sensitive=True)
    with pytest.raises(Refused, match="counsel clears an admission first") as no:
        builders.acknowledged(case, fault=fault, text=TEXT)
    assert no.value.field == "text"
    row = legal.ask(case=case, actor=owner, kind=ClearanceKind.ADMISSION, text=TEXT, now=NOON)
    with pytest.raises(Refused, match="Counsel has not answered yet"):
        builders.acknowledged(case, fault=fault, text=TEXT)
    legal.decide(clearance=row, actor=counsel, cleared=True, reason="", now=NOON)
    with pytest.raises(Refused, match="differ from what counsel cleared"):
        builders.acknowledged(case, fault=fault, text=TEXT + " And more.")
    builders.acknowledged(case, fault=fault, text=TEXT)
    assert Step.objects.get(case=case, number=1).state == "done"


def test_offer_waits_for_counsel(owner, counsel):
    case = builders.ready_to_offer(builders.case(owner=owner, sensitive=True), now=NOON)
    given = {"case": case, "actor": owner, "text": "Forty new ones", "means": EntryKind.CALL, "now": NOON}
    with pytest.raises(Refused, match="counsel clears an offer first"):
        resolve.offer(**given)
    row = legal.ask(case=case, actor=owner, kind=ClearanceKind.OFFER, text="Forty new  ones", now=NOON)
    legal.decide(clearance=row, actor=counsel, cleared=True, reason="", now=NOON)
    assert resolve.offer(**given).attempt == 1


def test_counsel_has_four_working_hours(owner, counsel):
    case = builders.case(owner=owner, sensitive=True, severity=Severity.LOW)
    row = legal.ask(case=case, actor=owner, kind=ClearanceKind.OFFER, text=TEXT, now=NOON)
    clock = Due.objects.get(kind="clearance", ref=row.pk)
    assert (clock.owner, clock.due_at) == (counsel, NOON + 4 * HOUR)


def test_named_counsel_takes_over_what_waits(owner, lead, counsel):
    case = builders.case(owner=owner, sensitive=True)
    row = legal.ask(case=case, actor=owner, kind=ClearanceKind.OFFER, text=TEXT, now=NOON)
    other = builders.user("counsel", name="Zoe Adler")
    legal.name_counsel(case=case, actor=lead, counsel=other, now=NOON)
    row.refresh_from_db()
    assert (row.counsel, Due.objects.get(kind="clearance").owner) == (other, other)


def test_refusal_of_counsel_needs_its_reason(owner, counsel):
    case = builders.case(owner=owner, sensitive=True)
    row = legal.ask(case=case, actor=owner, kind=ClearanceKind.OFFER, text=TEXT, now=NOON)
    with pytest.raises(Refused, match="what may be"):
        legal.decide(clearance=row, actor=counsel, cleared=False, reason="", now=NOON)
    legal.decide(clearance=row, actor=counsel, cleared=False, reason="Name no gauge", now=NOON)
    row.refresh_from_db()
    assert (row.state, row.reason.text) == (ClearanceState.REFUSED, "Name no gauge")


@pytest.mark.parametrize("role", ["manager", "lead", "council", "auditor"])
def test_nobody_but_counsel_clears(owner, counsel, role):
    case = builders.case(owner=owner, sensitive=True)
    row = legal.ask(case=case, actor=owner, kind=ClearanceKind.OFFER, text=TEXT, now=NOON)
    with pytest.raises(Refused, match="Only counsel"):
        legal.decide(clearance=row, actor=builders.user(role), cleared=True, reason="", now=NOON)


def test_without_counsel_the_refusal_says_whom_to_ask(owner):
    case = builders.case(owner=owner, sensitive=True)
    with pytest.raises(Refused, match="An administrator gives somebody that role"):
        legal.ask(case=case, actor=owner, kind=ClearanceKind.OFFER, text=TEXT, now=NOON)
