"""What colleagues read of the council."""

from datetime import timedelta

import pytest

from cases import escalation
from cases.enums import EscalationReason
from council import deciding
from council.models import DecisionKind
from mail.models import Message
from mail.rendering import letter_of
from tests import builders
from tests.builders import NOON

HOUR = timedelta(hours=1)


def letter(people, template, kind, **facts):
    case = builders.case(owner=people.owner)
    entry = escalation.escalate(case=case, reason=EscalationReason.BY_HAND, asked_by=people.owner, now=NOON)
    deciding.decide(escalation=entry, actor=people.member, kind=kind, reason="They need it", now=NOON, **facts)
    return case, letter_of(Message.objects.filter(template=template).order_by("id")[0])


def test_the_owner_reads_what_was_decided_and_why(people):
    case, read = letter(
        people, "decided", DecisionKind.ORDER_ACTION, what="Drive the parts there", owner=people.colleague,
        due_at=NOON + 4 * HOUR,
    )  # fmt: skip
    assert read.subject == f"The council decided on {case.number} {case.customer.name}: order an action"
    assert "The reason: They need it" in read.text
    assert "What it is about: Drive the parts there" in read.text
    assert "To be done by Tuesday 17 November, 16:00." in read.text


def test_the_owner_reads_the_question(people):
    case, read = letter(people, "council_question", DecisionKind.SEND_BACK)
    assert read.subject == f"The council asks about {case.number} {case.customer.name}"
    assert f"/cases/{case.number}/#council-question" in read.text


def test_the_sponsor_reads_why_they_were_chosen(people):
    case, read = letter(people, "sponsor", DecisionKind.NAME_SPONSOR, owner=people.sponsor)
    assert read.subject == f"You stand behind {case.number} {case.customer.name}"
    assert "Ada Okafor wrote: They need it" in read.text


@pytest.mark.parametrize("kind", ["decided", "second_vote", "council_answer", "council_question", "sponsor"])
def test_every_line_under_the_bell_names_the_case(kind):
    from django.template.loader import render_to_string

    facts = {"number": "RC-2041", "who": "Ada Okafor", "words": "Which?", "decision": "Reassign", "customer": "Halden"}
    assert "RC-2041" in render_to_string(f"notices/{kind}.txt", {"facts": facts})
