"""A letter is a row first, in the transaction of its act, once for each key."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from mail import outbox
from mail.delivery import deliver_due
from mail.models import Message, MessageState, Recipient
from tests.mail.conftest import NOW, queue

STATES = ["queued", "sending", "sent", "dead", "withheld"]


@pytest.mark.django_db(transaction=True)
def test_queue_refuses_outside_a_transaction():
    with pytest.raises(TransactionManagementError, match="inside the transaction"):
        outbox.queue(key="k", template="test", to=[("", "a@b.example")], facts={}, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_queue_leaves_nothing_when_the_act_fails():
    with pytest.raises(RuntimeError), transaction.atomic():
        queue()
        raise RuntimeError
    assert (Message.objects.count(), Recipient.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_queue_writes_one_letter_for_a_key():
    first = queue("same", to=[("A", "a@b.example")])
    second = queue("same", to=[("B", "b@b.example")])
    assert first.pk == second.pk
    assert list(first.recipients.values_list("address", flat=True)) == ["a@b.example"]


@pytest.mark.django_db
def test_queue_names_an_address_once_whatever_its_case():
    message = queue(to=[("A", "Anna@B.example"), ("A", "anna@b.example")])
    assert list(message.recipients.values_list("address", flat=True)) == ["anna@b.example"]


@pytest.mark.django_db
def test_queue_keeps_line_breaks_out_of_names_and_addresses():
    message = queue(to=[("Anna\r\nBcc: x@evil.example", "a@b.example\nRCPT TO:<x@evil.example>")])
    one = message.recipients.get()
    assert (one.name, one.address) == ("Anna Bcc: x@evil.example", "a@b.example rcpt to:<x@evil.example>")
    assert (one.state, one.error) == ("refused", "This is not an e-mail address.")


@pytest.mark.django_db
def test_queue_takes_what_databases_refuse_out_of_facts():
    assert queue(facts={"words": ["a\x00b\ud800"]}).facts == {"words": ["ab"]}


@pytest.mark.django_db
def test_queue_needs_somebody():
    with pytest.raises(ValueError, match="somebody"):
        queue(to=[])


@pytest.mark.django_db
def test_queue_waits_until_its_moment():
    message = queue(send_at=NOW + timedelta(days=3))
    assert list(Message.objects.ready(NOW + timedelta(days=2))) == []
    assert list(Message.objects.ready(NOW + timedelta(days=3))) == [message]


@pytest.mark.django_db
def test_a_letter_that_is_sent_has_its_moment():
    message = queue()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(state="sent")


def _in_state(state: str) -> Message:
    message = queue()
    sent_at = NOW if state == "sent" else None
    Message.objects.filter(pk=message.pk).update(state=state, sent_at=sent_at, attempts=8)
    message.refresh_from_db()
    return message


@pytest.mark.django_db
@pytest.mark.parametrize("state", STATES)
def test_withhold_acts_only_while_queued(state):
    message = _in_state(state)
    assert outbox.withhold(message=message) is (state == "queued")
    message.refresh_from_db()
    assert message.state == ("withheld" if state == "queued" else state)


@pytest.mark.django_db
@pytest.mark.parametrize("state", STATES)
def test_retry_acts_only_on_the_dead(state):
    message = _in_state(state)
    later = NOW + timedelta(hours=1)
    assert outbox.retry(message=message, now=later) is (state == "dead")
    message.refresh_from_db()
    revived = (MessageState.QUEUED, 0, later)
    unchanged = (state, 8, NOW)
    assert (message.state, message.attempts, message.send_at) == (revived if state == "dead" else unchanged)


@pytest.mark.django_db
@pytest.mark.parametrize("state", STATES)
def test_deliver_sends_only_what_is_queued(state, outgoing):
    message = _in_state(state)
    assert deliver_due(NOW).sent == (1 if state == "queued" else 0)
    message.refresh_from_db()
    assert message.state == ("sent" if state == "queued" else state)


@pytest.mark.django_db
def test_open_thread_is_one_for_a_key():
    first, again, other = (outbox.open_thread(key=key) for key in ("case-1", "case-1", "case-2"))
    assert first.pk == again.pk != other.pk
    assert first.reply_token != other.reply_token


def staff_letter(key: str, number: str):
    return queue(key, facts={"number": number}, to_staff=True)


def kept_close() -> set[str]:
    return set(Message.objects.filter(confidential=True).values_list("key", flat=True))


@pytest.mark.django_db
def test_letters_of_a_conversation_and_those_to_colleagues_about_it_are_kept_close_together():
    with transaction.atomic():
        thread, other = outbox.open_thread(key="one"), outbox.open_thread(key="two")
    queue("theirs", thread=thread, facts={"number": "RC-1"})
    queue("others", thread=other, facts={"number": "RC-1"})
    staff_letter("ours", "RC-1")
    staff_letter("elsewhere", "RC-11")

    changed = outbox.keep_close(thread=thread.pk, number="RC-1", is_close=True)
    close = kept_close()
    opened = outbox.keep_close(thread=thread.pk, number="RC-1", is_close=False)

    assert (changed, close, opened, kept_close()) == (2, {"theirs", "ours"}, 2, set())


@pytest.mark.django_db
def test_letters_to_colleagues_about_a_case_are_found_by_an_index():
    staff_letter("ours", "RC-1")
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # of a handful of rows it would rather read all
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Message.objects.filter(to_staff=True, about="RC-1", confidential=False).explain()

    assert "message_to_staff_about" in plan
