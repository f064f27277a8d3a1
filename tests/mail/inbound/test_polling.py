"""A mailbox on a real IMAP server: read once, whatever happens; nothing there is lost."""

from datetime import timedelta

import pytest

from mail.inbound import imap as speaking
from mail.inbound import polling, sorting, storing
from mail.inbound.secrets import hidden, shown
from mail.models import Inbound, Mailbox, Notice
from tests import builders
from tests.mail.conftest import NOW
from tests.mail.inbound.writing import mail
from tests.mailbox_server import PASSWORD, USER

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mailbox(imap) -> Mailbox:
    return Mailbox.objects.create(
        name="Care",
        host=imap.host,
        port=imap.port,
        safety=Mailbox.Safety.NONE,
        username=USER,
        secret=hidden(PASSWORD),
        takes_old=True,
    )


def poll(now=NOW) -> int:
    """Read all mailboxes as the timetable does."""
    return polling.read_all(now)


def raws() -> list[bytes]:
    return [one.raw.path.read_bytes() for one in Inbound.objects.order_by("id").select_related("raw")]


def test_what_is_new_is_stored_byte_for_byte_and_stays_there(imap, mailbox):
    raw = mail("Two are bent.").replace(b"\n", b"\r\n")
    imap.put(raw)

    stored = poll()

    inbound = Inbound.objects.get()
    assert (stored, raws()) == (1, [raw])
    assert (inbound.mailbox, inbound.source, inbound.uid) == (mailbox, "imap", 1)
    assert imap.count() == 1


def test_reading_twice_stores_nothing_twice(imap, mailbox):
    imap.put(mail())

    assert [poll(), poll()] == [1, 0]


def test_a_program_that_dies_before_noting_its_place_stores_nothing_twice(imap, mailbox):
    imap.put(mail())
    poll()
    Mailbox.objects.update(last_uid=0)

    poll()

    assert Inbound.objects.count() == 1


def test_the_place_is_noted_only_after_the_message_is_stored(imap, mailbox, monkeypatch):
    imap.put(mail())

    def full(**_):
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(storing, "store", full)
        poll()
    mailbox.refresh_from_db()
    place = mailbox.last_uid
    poll()

    assert (place, Inbound.objects.count()) == (0, 1)


def test_a_server_that_counts_anew_brings_nothing_twice(imap, mailbox):
    imap.put(mail(Message_ID="<same@halden.example>"))
    poll()
    sorting.sort_waiting(NOW)
    imap.renumber()

    poll()
    sorting.sort_waiting(NOW)

    assert sorted(Inbound.objects.values_list("state", flat=True)) == ["double", "read"]


def test_a_new_mailbox_begins_with_what_comes_from_now_on(imap, mailbox):
    Mailbox.objects.update(takes_old=False)
    imap.put(mail("old"))
    poll()

    imap.put(mail("new", Message_ID="<new@halden.example>"))
    poll()

    assert [b"new" in raw for raw in raws()] == [True]


def test_one_mailbox_that_fails_never_stops_the_others(imap, mailbox):
    broken = Mailbox.objects.create(name="Broken", host="127.0.0.1", port=1, safety="none", username="x")
    Mailbox.objects.filter(pk=mailbox.pk).update(name="Second")
    imap.put(mail())

    assert poll() == 1
    broken.refresh_from_db()
    assert broken.failing_since == NOW


def test_administrators_hear_once_of_a_mailbox_that_fails_for_long(db):
    admin = builders.user("admin")
    Mailbox.objects.create(name="Broken", host="127.0.0.1", port=1, safety="none", username="x", secret=hidden("x"))

    for minutes in (0, 20, 31, 40):
        poll(NOW + timedelta(minutes=minutes))

    assert list(Notice.objects.filter(kind="mailbox_fails").values_list("user", flat=True)) == [admin.pk]


WRONG = [
    ({"secret": "wrong"}, "does not accept this user name and password"),
    ({"folder": "Nowhere"}, "no folder “Nowhere”"),
    ({"port": 1}, "Nobody answers at"),
    ({"host": "no.such.host.invalid"}, "no server named"),
    ({"safety": "tls"}, "does not speak TLS"),
]


@pytest.mark.parametrize(("fields", "words"), WRONG, ids=[next(iter(fields)) for fields, _ in WRONG])
def test_what_is_wrong_is_said_in_words(mailbox, fields, words):
    given = {name: hidden(value) if name == "secret" else value for name, value in fields.items()}
    for name, value in given.items():
        setattr(mailbox, name, value)

    with pytest.raises(speaking.Unreachable, match=words), speaking.opened(mailbox):
        pass


def test_a_password_is_stored_encrypted_and_lost_with_the_key(settings):
    secret = hidden("gold-seam")
    assert "gold" not in secret and shown(secret) == "gold-seam"
    settings.SECRET_KEY = "another" * 10
    with pytest.raises(RuntimeError, match="Enter it again"):
        shown(secret)


# The page


def form(imap, **given) -> dict:
    known = {"name": "Care", "host": imap.host, "port": imap.port, "safety": "none", "username": USER}
    return {**known, "password": PASSWORD, "folder": "INBOX", "is_active": "on", **given}


def test_an_administrator_tries_and_keeps_a_mailbox(client, imap):
    imap.put(mail())
    client.force_login(builders.user("admin"))

    tried = client.post("/mailboxes/new/", {**form(imap), "try": "1"}).content.decode()
    count = Mailbox.objects.count()
    kept = client.post("/mailboxes/new/", {**form(imap), "save": "1"})

    assert "INBOX holds 1 message." in tried and PASSWORD not in tried
    assert (count, kept.status_code, shown(Mailbox.objects.get().secret)) == (0, 302, PASSWORD)
    assert PASSWORD not in client.get("/mailboxes/").content.decode()


def test_an_empty_password_keeps_the_one_there_is(client, imap, mailbox):
    client.force_login(builders.user("admin"))

    client.post(f"/mailboxes/{mailbox.pk}/", {**form(imap, password="", name="Renamed"), "save": "1"})

    mailbox.refresh_from_db()
    assert (mailbox.name, shown(mailbox.secret)) == ("Renamed", PASSWORD)


def test_a_long_way_without_encryption_is_refused(client, imap):
    client.force_login(builders.user("admin"))

    answer = client.post("/mailboxes/new/", {**form(imap, host="mail.halden.example"), "save": "1"})

    assert (answer.status_code, Mailbox.objects.count()) == (422, 0)
    assert "anybody on the way reads the password" in answer.content.decode()
