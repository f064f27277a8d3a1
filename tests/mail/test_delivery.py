"""Letters leave at least once with one Message-ID; nothing stops the others (promises R2, R3, R5)."""

from datetime import timedelta

import pytest

from mail import carriers, claims, delivery, outbox
from mail.delivery import Delivered, deliver_due
from mail.models import Message, MessageState
from tests.mail.conftest import NOW, body_of, queue

pytestmark = pytest.mark.django_db


def _states() -> list[str]:
    return list(Message.objects.order_by("id").values_list("state", flat=True))


def test_deliver_sends_a_letter_once(smtp):
    message = queue(facts={"name": "Anna"})
    assert deliver_due(NOW) == Delivered(sent=1)
    assert deliver_due(NOW) == Delivered()
    (letter,) = smtp.letters
    assert letter.recipients == ("anna@halden.example",)
    assert letter.message["Message-ID"] == message.message_id
    message.refresh_from_db()
    assert (message.state, message.attempts, message.claim, message.error) == ("sent", 1, "", "")
    assert message.subject == smtp.mails[0]["Subject"] == "A test letter from Alder Castings"
    assert message.sent_at >= NOW
    assert message.text.startswith("Good day Anna,")
    assert message.recipients.get().state == "accepted"


def test_deliver_keeps_one_connection_for_many_letters(smtp, monkeypatch):
    opened = []
    real = carriers.EmailBackend.open
    monkeypatch.setattr(carriers.EmailBackend, "open", lambda self: opened.append(real(self)) or opened[-1])
    for number in range(45):
        queue(f"k{number}")
    assert deliver_due(NOW) == Delivered(sent=45)
    assert opened.count(True) == 1


def test_deliver_stops_at_its_limit(smtp):
    for number in range(5):
        queue(f"k{number}")
    assert deliver_due(NOW, limit=3) == Delivered(sent=3)
    assert _states() == ["sent"] * 3 + ["queued"] * 2


def test_a_letter_for_later_stays(smtp):
    queue(send_at=NOW + timedelta(hours=1))
    assert deliver_due(NOW) == Delivered()
    assert deliver_due(NOW + timedelta(hours=1)) == Delivered(sent=1)


def test_a_temporary_refusal_waits_and_then_leaves(smtp):
    message = queue()
    smtp.answers = ["451 Try later", "451 Try later"]
    assert deliver_due(NOW) == Delivered(postponed=1)
    message.refresh_from_db()
    assert (message.state, message.error) == ("queued", "451 Try later")
    assert NOW + timedelta(minutes=1) <= message.send_at < NOW + timedelta(minutes=2)
    later = NOW + timedelta(minutes=2)
    assert deliver_due(later) == Delivered(postponed=1)
    assert deliver_due(later + timedelta(minutes=4)) == Delivered()
    assert deliver_due(later + timedelta(minutes=6)) == Delivered(sent=1)
    assert [mail["Message-ID"] for mail in smtp.mails] == [message.message_id]


def test_a_letter_never_taken_is_dead_after_eight_attempts(smtp):
    message = queue()
    smtp.answers = ["451 Try later"] * 20
    moments = [NOW + timedelta(days=day) for day in range(10)]
    assert [deliver_due(moment).postponed for moment in moments] == [1] * 7 + [0] * 3
    message.refresh_from_db()
    assert (message.state, message.attempts, message.error) == ("dead", 8, "451 Try later")
    assert message.recipients.get().state == "refused"


def test_a_final_refusal_is_dead_at_once_and_may_be_sent_again(smtp):
    message = queue()
    smtp.by_address["anna@halden.example"] = "550 No such person"
    assert deliver_due(NOW) == Delivered(dead=1)
    message.refresh_from_db()
    assert (message.state, message.error) == ("dead", "550 No such person")
    smtp.by_address.clear()
    assert outbox.retry(message=message, now=NOW)
    assert deliver_due(NOW) == Delivered(sent=1)
    assert smtp.mails[0]["Message-ID"] == message.message_id


def test_a_letter_refused_as_a_whole_is_dead(smtp):
    queue()
    smtp.answers = ["554 Looks like spam"]
    assert deliver_due(NOW) == Delivered(dead=1)


def test_a_retry_goes_only_to_addresses_still_waiting(smtp):
    message = queue(to=[("A", "a@x.example"), ("B", "b@x.example"), ("C", "c@x.example")])
    smtp.by_address = {"b@x.example": "450 Busy", "c@x.example": "550 Unknown"}
    assert deliver_due(NOW) == Delivered(postponed=1)
    smtp.by_address = {}
    assert deliver_due(NOW + timedelta(hours=1)) == Delivered(sent=1)
    assert [letter.recipients for letter in smtp.letters] == [("a@x.example",), ("b@x.example",)]
    rows = message.recipients.order_by("address").values_list("state", "error")
    assert list(rows) == [("accepted", ""), ("accepted", ""), ("refused", "550 Unknown")]


def test_a_letter_that_reached_one_of_two_is_sent(smtp):
    message = queue(to=[("A", "a@x.example"), ("B", "b@x.example")])
    smtp.by_address = {"b@x.example": "550 Unknown"}
    assert deliver_due(NOW) == Delivered(sent=1)
    message.refresh_from_db()
    assert (message.state, message.error) == ("sent", "550 Unknown")


def test_a_letter_without_a_usable_address_is_dead_and_says_so(smtp):
    message = queue(to=[("A", "nowhere")])
    assert deliver_due(NOW) == Delivered(dead=1)
    message.refresh_from_db()
    assert message.error == delivery.NO_ADDRESS


def test_a_poison_letter_is_set_aside_and_the_others_leave(smtp, letters):
    letters("broken", "Subject: x\n\n{{ when_at|date:'l' }}\n")
    queue("k1")
    bad = queue("k2", template="broken", facts={"when_at": "not a moment"})
    missing = queue("k3", template="no_such_letter")
    queue("k4")
    assert deliver_due(NOW) == Delivered(sent=2, dead=2)
    bad.refresh_from_db(), missing.refresh_from_db()
    assert bad.error == "Invalid isoformat string: 'not a moment'"
    assert missing.error == ("Its template is missing: letters/no_such_letter.en.txt, letters/no_such_letter.txt")


def test_a_server_that_is_down_costs_no_attempt(smtp, settings):
    for number in range(30):
        queue(f"k{number}")
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    moments = [NOW + timedelta(minutes=minute) for minute in range(0, 60, 2)]
    for moment in moments:
        assert "refused" in deliver_due(moment).unreachable
    assert set(Message.objects.values_list("state", "attempts")) == {("queued", 0)}
    settings.EMAIL_PORT = port
    assert deliver_due(NOW + timedelta(hours=1)) == Delivered(sent=30)


def test_a_connection_lost_in_mid_letter_costs_that_letter_one_attempt(smtp, monkeypatch):
    queue("k1"), queue("k2")
    real, fails = carriers.smtplib.SMTP.sendmail, [True]

    def sendmail(self, *args):
        if fails:
            fails.pop()
            self.close()
        return real(self, *args)

    monkeypatch.setattr(carriers.smtplib.SMTP, "sendmail", sendmail)
    assert deliver_due(NOW) == Delivered(sent=1, postponed=1)
    assert list(Message.objects.order_by("id").values_list("state", "attempts")) == [("queued", 1), ("sent", 1)]


def test_a_crash_before_the_commit_repeats_with_the_same_message_id(smtp, monkeypatch):
    message = queue()

    class Killed(BaseException):
        pass

    def killed(**_):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(claims, "settle", killed)
        deliver_due(NOW)
    assert _states() == ["sending"]
    assert deliver_due(NOW + timedelta(minutes=4)) == Delivered()
    assert deliver_due(NOW + timedelta(minutes=6)) == Delivered(sent=1, taken_back=1)
    assert [mail["Message-ID"] for mail in smtp.mails] == [message.message_id] * 2


def test_a_letter_that_kills_its_sender_each_time_is_set_aside():
    message = queue()
    for day in range(8):
        moment = NOW + timedelta(days=day)
        claims.take_back(now=moment)
        assert [one.pk for one in claims.claim(now=moment, limit=5)] == [message.pk]
    assert claims.take_back(now=NOW + timedelta(days=8)) == 1
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("dead", 8)
    assert message.error.startswith("The program that was sending")


def test_a_claim_lost_to_another_worker_is_not_settled_twice():
    queue()
    (mine,) = claims.claim(now=NOW, limit=5)
    claims.take_back(now=NOW + timedelta(hours=1))
    (theirs,) = claims.claim(now=NOW + timedelta(hours=1), limit=5)
    accepted = claims.Outcome(at=NOW, accepted=[mine.recipients.get().pk])
    assert claims.settle(message=mine, outcome=accepted) == ""
    assert claims.settle(message=theirs, outcome=accepted) == MessageState.SENT


def test_two_claims_share_nothing():
    for number in range(30):
        queue(f"k{number}")
    first, second = claims.claim(now=NOW, limit=20), claims.claim(now=NOW, limit=20)
    assert (len(first), len(second)) == (20, 10)
    assert {one.pk for one in first}.isdisjoint(one.pk for one in second)


def test_a_slow_batch_gives_its_rest_back(smtp, monkeypatch):
    queue("k1"), queue("k2")
    monkeypatch.setattr(delivery, "BATCH_SECONDS", -1)
    monkeypatch.setattr(delivery, "SWEEP_SECONDS", 0.01)
    deliver_due(NOW)
    assert set(Message.objects.values_list("state", "attempts")) == {("queued", 0)}


def test_a_sensitive_body_is_emptied_once_sent(smtp):
    message = queue(facts={"name": "Anna"}, sensitive=True)
    deliver_due(NOW)
    message.refresh_from_db()
    assert (message.state, message.text, message.html, message.facts) == ("sent", "", "", {})
    assert body_of(smtp.mails[0]).startswith("Good day Anna,")


@pytest.mark.django_db(transaction=True)
def test_a_sweep_of_many_letters_costs_few_statements_each(smtp, django_assert_max_num_queries):
    for number in range(40):
        queue(f"k{number}")
    # a letter: update, recipients and their transaction; a batch of 20: four more and its transaction
    with django_assert_max_num_queries(40 * 4 + 3 * 6 + 4):
        deliver_due(NOW)


def test_files_are_written_where_no_server_is_set(outgoing):
    message = queue(facts={"name": "Anna"})
    assert deliver_due(NOW) == Delivered(sent=1)
    (path,) = outgoing.iterdir()
    assert path.name == f"{message.pk:07d}-test.eml"
    assert f"Message-ID: {message.message_id}".encode() in path.read_bytes()


def test_files_written_again_are_the_same_file(outgoing, monkeypatch):
    queue()
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(claims, "settle", lambda **_: (_ for _ in ()).throw(KeyboardInterrupt))
        deliver_due(NOW)
    deliver_due(NOW + timedelta(hours=1))
    assert (_states(), len(list(outgoing.iterdir()))) == (["sent"], 1)


def test_files_that_cannot_be_written_wait(outgoing):
    queue()
    outgoing.write_text("a file where the folder should be")
    assert "File exists" in deliver_due(NOW).unreachable
    assert list(Message.objects.values_list("state", "attempts")) == [("queued", 0)]
