"""A letter of ours came back, or is answered: what that undoes, what it holds, and how the next one answers."""

import json
from datetime import timedelta

import pytest
from django.db import transaction

from cases import arriving, heeding
from cases.enums import EntryKind
from cases.models import Confirmation, Contact, Entry, Event
from mail import delivery, holding, outbox, return_paths
from mail.inbound import storing
from mail.models import Inbound, Message, Notice, Suppression
from tests import builders
from tests.builders import NOON
from tests.cases import resolving
from tests.cases.arrivals.arriving import LATER, receive, reply
from tests.mail.inbound.writing import delivery_report, mail

pytestmark = pytest.mark.django_db


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


def forged(case, **facts) -> Inbound:
    """Let a stranger, who has seen no letter of ours, report that one to the reporter came back."""
    return receive(delivery_report(recipient=case.reporter.email, original="<forged@else.example>", **facts))


def test_a_forged_bounce_of_a_letter_of_this_week_changes_nothing_and_is_shown(case, owner):
    asked = resolving.asked(case, NOON)
    letter = sent(case)
    due = asked.next_at

    inbound = forged(case)

    asked.refresh_from_db()
    assert (Contact.objects.get(pk=case.reporter.pk).bounced_at, asked.next_at) == (None, due)
    assert set(letter.recipients.values_list("state", flat=True)) == {"pending"}
    assert Suppression.objects.count() == 0
    assert Event.objects.get(case=case, kind="bounce_unproved").facts == {"message": letter.pk, "inbound": inbound.pk}
    assert not Event.objects.filter(case=case, kind="letter_bounced").exists()
    assert Notice.objects.filter(user=owner, kind="bounce_unproved").count() == 1
    assert inbound.bounce["proved"] is False


def test_many_forged_bounces_of_one_letter_are_told_once(case, owner):
    resolving.asked(case, NOON)
    sent(case)

    for status in ("5.1.1", "5.1.2", "5.1.3"):
        forged(case, status=status)

    assert Event.objects.filter(case=case, kind="bounce_unproved").count() == 1
    assert Notice.objects.filter(user=owner, kind="bounce_unproved").count() == 1


def test_a_forged_bounce_is_read_as_not_proven_by_whoever_works_the_case(case, owner, client):
    resolving.asked(case, NOON)
    sent(case)
    inbound = forged(case)
    client.force_login(owner)

    page = client.get(f"/messages/{inbound.pk}/").content.decode()
    timeline = client.get(case.get_absolute_url()).content.decode()

    assert "That is not proven:" in page and "the address does not exist" not in page
    assert (
        f'could not be delivered. Nothing proves it, and nothing was changed: <a href="/messages/{inbound.pk}/'
        in timeline
    )


def test_whoever_answers_a_forged_bounce_of_their_own_gets_no_word_on_the_case(case):
    resolving.asked(case, NOON)
    sent(case)
    inbound = forged(case)

    receive(
        mail("I am the customer.", sender=inbound.sender, In_Reply_To=inbound.message_id, Message_ID="<2@else.example>")
    )

    assert not Entry.objects.filter(case=case, inbound__isnull=False).exists()


def test_a_bounce_that_answers_our_letter_is_believed(case):
    resolving.asked(case, NOON)
    letter = sent(case)
    text = (
        f"Delivery to the following recipient failed permanently:\n\n  {case.reporter.email}\n\n550 5.1.1 User unknown"
    )
    daemon = "Mail Delivery Subsystem <mailer-daemon@mx.customer.example>"

    receive(mail(text, sender=daemon, Subject="Delivery Status Notification (Failure)", References=letter.message_id))

    assert Contact.objects.get(pk=case.reporter.pk).bounced_at == LATER


def test_a_bounce_at_the_letters_own_return_address_is_believed(case, settings):
    settings.RETURN_PATHS = True
    resolving.asked(case, NOON)
    raw = delivery_report(recipient=case.reporter.email, original="<lost@customer.example>")
    to = return_paths.address_of(sent(case)).encode()

    receive(raw.replace(b"To: care@demo.example", b"To: " + to, 1))

    assert Contact.objects.get(pk=case.reporter.pk).bounced_at == LATER


def test_a_guessed_return_address_proves_nothing(case, settings):
    settings.RETURN_PATHS = True
    resolving.asked(case, NOON)
    raw = delivery_report(recipient=case.reporter.email, original="<lost@customer.example>")
    guessed = f"care+r{sent(case).pk}-{'0' * 24}@demo.example".encode()

    receive(raw.replace(b"To: care@demo.example", b"To: " + guessed, 1))

    assert Contact.objects.get(pk=case.reporter.pk).bounced_at is None


@pytest.mark.parametrize(("source", "believed"), [("notice", True), ("webhook", False), ("imap", False)])
def test_a_provider_is_believed_in_what_it_reports_itself_and_not_in_what_it_hands_on(case, source, believed):
    resolving.asked(case, NOON)
    sent(case)
    raw = delivery_report(recipient=case.reporter.email, original="")
    storing.store(raw=raw, source=source, now=LATER)

    arriving.take_in(LATER)

    assert (Contact.objects.get(pk=case.reporter.pk).bounced_at is not None) is believed


@pytest.mark.parametrize(
    ("mail_part", "believed"),
    [
        ({"commonHeaders": {"messageId": "LETTER"}}, True),
        ({"headers": [{"name": "Message-ID", "value": "LETTER"}]}, True),
        ({"headers": "Message-ID"}, False),
        (["LETTER"], False),
        ({}, False),
    ],
)
def test_a_providers_notice_by_mail_is_believed_where_it_repeats_the_letters_head(case, mail_part, believed):
    resolving.asked(case, NOON)
    part = json.loads(json.dumps(mail_part).replace("LETTER", sent(case).message_id))
    person = {"emailAddress": case.reporter.email, "status": "5.1.1"}
    told = {"notificationType": "Bounce", "mail": part}
    told["bounce"] = {"bounceType": "Permanent", "bouncedRecipients": [person]}

    receive(mail(json.dumps(told), sender="no-reply@sns.amazonaws.com", Subject="AWS Notification Message"))

    assert (Contact.objects.get(pk=case.reporter.pk).bounced_at is not None) is believed


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
