"""What the sign-in library sends leaves like every letter, and its body does not stay."""

import pytest
from django.core.mail import EmailMultiAlternatives, send_mail

from mail.delivery import Delivered, deliver_due
from mail.models import Message
from tests.mail.conftest import NOW, body_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def outbox_backend(settings, clock):
    settings.EMAIL_BACKEND = "mail.backend.OutboxBackend"


def test_a_mail_is_queued_and_not_sent(smtp):
    send_mail("Reset\nyour password", "https://a.example/reset/secret/", None, ["Marta <marta@demo.example>"])
    message = Message.objects.get()
    assert (message.subject, message.state) == ("Reset your password", "queued")
    assert (message.sensitive, message.to_staff) == (True, True)
    assert list(message.recipients.values_list("name", "address")) == [("Marta", "marta@demo.example")]
    assert smtp.letters == []


def test_a_mail_leaves_as_written_and_its_body_is_emptied(smtp):
    mail = EmailMultiAlternatives("Reset", "https://a.example/reset/secret/", None, ["marta@demo.example"])
    mail.attach_alternative("<p>Reset</p>", "text/html")
    assert mail.send() == 1
    assert deliver_due(NOW.replace(year=2027)) == Delivered(sent=1)
    assert body_of(smtp.mails[0]).strip() == "https://a.example/reset/secret/"
    assert body_of(smtp.mails[0], "html").strip() == "<p>Reset</p>"
    assert smtp.mails[0]["Auto-Submitted"] == "auto-generated"
    assert Message.objects.values("subject", "text", "html").get() == {"subject": "Reset", "text": "", "html": ""}


def test_a_mail_to_nobody_is_not_queued():
    assert EmailMultiAlternatives("Reset", "words", None, []).send() == 0
    assert not Message.objects.exists()
