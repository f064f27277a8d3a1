"""Who reads along gets the same words, no customer link; files travel with the letter; who wrote it is named."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from accounts import passes
from mail import blobs, carriers, links, outbox
from mail.delivery import deliver_due
from mail.models import Message, Recipient
from tests.mail.conftest import NOW, body_of, queue

pytestmark = pytest.mark.django_db(transaction=True)
BOSS = ("Urs Boss", "urs@halden.example")
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def following(letters):
    """A letter with a link of the customer's; returns its facts."""
    letters("follow", "Subject: News\n\nDear {{ name }},\n\nit has left.\n")
    with transaction.atomic():
        link = passes.issue(purpose="status", target="status-1-1", now=NOW, lifetime=timedelta(days=9))
    return {"name": "Anna", "number": "RC-2001", "status_url": f"https://g.example/status/{links.mark_of(link)}/"}


def states(message: Message) -> dict[str, str]:
    return dict(Recipient.objects.filter(message=message).values_list("address", "state"))


def test_copy_carries_the_words_but_never_the_customers_link(smtp, following):
    message = queue(template="follow", facts=following, copies=[BOSS])
    deliver_due(NOW)
    own, copy = smtp.letters
    assert (own.recipients, copy.recipients) == (("anna@halden.example",), ("urs@halden.example",))
    assert "/status/" in body_of(own.message) and "/status/" in body_of(own.message, "html")
    assert "it has left." in body_of(copy.message)
    assert "status" not in body_of(copy.message) + body_of(copy.message, "html")
    assert {own.message["Message-ID"], copy.message["Message-ID"]} == {message.message_id}
    assert copy.message["To"] == "Anna Roth <anna@halden.example>"
    assert own.message["Cc"] == copy.message["Cc"] == "Urs Boss <urs@halden.example>"


def test_copy_that_is_refused_for_now_is_tried_again_alone(smtp, following):
    message = queue(template="follow", facts=following, copies=[BOSS])
    smtp.by_address["urs@halden.example"] = "450 Mailbox busy"
    deliver_due(NOW)
    assert states(message) == {"anna@halden.example": "accepted", "urs@halden.example": "pending"}
    smtp.by_address.clear()
    deliver_due(NOW + timedelta(minutes=2))
    assert states(message) == {"anna@halden.example": "accepted", "urs@halden.example": "accepted"}
    assert [one.recipients[0] for one in smtp.letters] == ["anna@halden.example", "urs@halden.example"]


def test_letter_is_dead_when_only_its_copy_arrived(smtp, following):
    message = queue(template="follow", facts=following, copies=[BOSS])
    smtp.by_address["anna@halden.example"] = "550 No such mailbox"
    assert deliver_due(NOW).dead == 1
    assert states(message) == {"anna@halden.example": "refused", "urs@halden.example": "accepted"}


def test_who_is_written_to_gets_no_copy_beside(smtp, following):
    queue(template="follow", facts=following, copies=[("Anna", "ANNA@halden.example")])
    deliver_due(NOW)
    assert [(one.recipients, one.message["Cc"]) for one in smtp.letters] == [(("anna@halden.example",), None)]


def test_files_travel_with_the_letter_under_their_names(smtp, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    blob = blobs.store(upload=SimpleUploadedFile("x.pdf", PDF), now=NOW)
    queue(files=[("Lieferschein März.pdf", blob), ("again.pdf", blob)])
    deliver_due(NOW)
    (part,) = smtp.mails[0].iter_attachments()
    assert part.get_content_type() == "application/pdf"
    assert part.get_content() == PDF
    assert part.get_filename() == "again.pdf"
    assert smtp.mails[0].get_body(("html",)) is not None


def test_file_name_beyond_ascii_arrives_as_it_is(smtp, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    blob = blobs.store(upload=SimpleUploadedFile("x.pdf", PDF), now=NOW)
    queue(files=[("Lieferschein März.pdf", blob)])
    deliver_due(NOW)
    assert [part.get_filename() for part in smtp.mails[0].iter_attachments()] == ["Lieferschein März.pdf"]


def test_letter_whose_file_is_gone_dies_and_says_which(smtp, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    blob = blobs.store(upload=SimpleUploadedFile("x.pdf", PDF), now=NOW)
    message = queue(files=[("note.pdf", blob)])
    blob.path.unlink()
    deliver_due(NOW)
    message.refresh_from_db()
    assert message.state == "dead"
    assert message.error == "The file “note.pdf” is no longer stored. Write the letter again without it."


def test_letter_names_its_writer_and_the_company_and_comes_from_our_address(smtp, settings):
    settings.DEFAULT_FROM_EMAIL = "Alder Castings <care@alder.example>"
    queue(facts={"writer": "Marta Keller"})
    deliver_due(NOW)
    assert smtp.mails[0]["From"] == '"Marta Keller, Alder Castings" <care@alder.example>'


def test_dead_letter_left_to_lie_is_tried_no_more(smtp):
    message = queue()
    smtp.refuse("550 No")
    deliver_due(NOW)
    assert outbox.let_lie(message=message) is True
    assert outbox.retry(message=message, now=NOW) is False
    assert outbox.let_lie(message=message) is False


def test_no_transaction_is_open_while_the_mail_server_answers(smtp, monkeypatch):
    queue("k1"), queue("k2")
    open_ones, send, connect = [], carriers.Smtp.send, carriers.Smtp.open

    def watched(act):
        def call(carrier, *args):
            open_ones.append(connection.in_atomic_block)
            return act(carrier, *args)

        return call

    monkeypatch.setattr(carriers.Smtp, "send", watched(send))
    monkeypatch.setattr(carriers.Smtp, "open", watched(connect))
    assert deliver_due(NOW).sent == 2
    assert open_ones == [False] * 4
