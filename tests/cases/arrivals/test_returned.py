"""A letter of ours came back, or is answered: what that undoes, what it holds, and how the next one answers."""

from datetime import timedelta

import pytest
from django.db import transaction

from cases import heeding
from cases.enums import EntryKind
from cases.models import Confirmation, Contact, Event
from mail import delivery, holding, outbox
from mail.models import Inbound, Message, Notice
from tests import builders
from tests.builders import NOON
from tests.cases import resolving
from tests.cases.arrivals.arriving import LATER, receive, reply
from tests.mail.inbound.writing import delivery_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return builders.user(name="Marta Keller", of=builders.team())


@pytest.fixture
def case(owner):
    return builders.acknowledged(builders.case(owner=owner))


def sent(case) -> Message:
    """Let the letter with the question have left."""
    message = Confirmation.objects.get(case=case).message
    Message.objects.filter(pk=message.pk).update(state="sent", sent_at=NOON)
    return message


def bounce(case, message: Message, **facts) -> Inbound:
    return receive(delivery_report(recipient=case.reporter.email, original=message.message_id, **facts))


def test_a_hard_bounce_marks_the_contact_and_tells_the_owner(case, owner):
    asked = resolving.asked(case, NOON)

    bounce(case, sent(case))

    asked.refresh_from_db()
    assert Contact.objects.get(pk=case.reporter.pk).bounced_at == LATER
    assert asked.next_at is None
    assert Notice.objects.filter(user=owner, kind="bounced").count() == 1
    assert Event.objects.get(case=case, kind="letter_bounced").facts["hard"] is True


def test_a_hard_bounce_takes_acknowledge_back(owner):
    case = builders.case(owner=owner)
    builders.acknowledged(case, means=EntryKind.EMAIL, subject="We are on it", at=None)
    message = Message.objects.get(template="personal", thread=case.thread)
    Message.objects.filter(pk=message.pk).update(state="sent", sent_at=NOON + timedelta(minutes=40))
    heeding.heed_mail(NOON + timedelta(minutes=41))
    assert case.steps.get(number=1).state == "done"

    bounce(case, message)

    assert case.steps.get(number=1).state == "planned"


def test_a_full_box_marks_nobody_and_tells_the_owner(case, owner):
    resolving.asked(case, NOON)

    bounce(case, sent(case), status="5.2.2", said="smtp; 552 5.2.2 Mailbox full")

    assert Contact.objects.get(pk=case.reporter.pk).bounced_at is None
    assert Notice.objects.filter(user=owner, kind="bounced").count() == 1


def test_a_bounce_of_no_letter_of_ours_changes_nothing(case):
    receive(delivery_report(recipient=case.reporter.email, original="<forged@else.example>"))

    assert Contact.objects.get(pk=case.reporter.pk).bounced_at is None


def test_whoever_writes_from_an_address_has_it(case):
    Contact.objects.filter(pk=case.reporter.pk).update(bounced_at=NOON)

    reply(case)

    assert Contact.objects.get(pk=case.reporter.pk).bounced_at is None


def queue_one_more(case) -> Message:
    with transaction.atomic():
        to = [(case.reporter.name, case.reporter.email)]
        return outbox.queue(key="more", template="test", to=to, facts={}, now=LATER, thread=case.thread)


def test_letters_to_an_address_that_does_not_exist_are_held_until_somebody_writes_from_it(case, postbox):
    resolving.asked(case, NOON)
    bounce(case, sent(case))
    more = queue_one_more(case)

    delivery.deliver_due(LATER)
    more.refresh_from_db()
    held = (more.state, more.error, postbox.to(case.reporter.email))
    reply(case, "I am here again?")
    outbox.retry(message=more, now=LATER)
    delivery.deliver_due(LATER + timedelta(minutes=1))

    assert held == ("dead", holding.HELD, [])
    assert len(postbox.to(case.reporter.email)) == 1


def test_our_next_letter_answers_their_last_message(case, postbox):
    reply(case, "Which day?", Message_ID="<question@customer.example>")
    queue_one_more(case)

    delivery.deliver_due(LATER + timedelta(minutes=1))

    letter = postbox.to(case.reporter.email)[-1].message
    assert letter["In-Reply-To"] == "<question@customer.example>"
    assert letter["References"].split()[-1] == "<question@customer.example>"
