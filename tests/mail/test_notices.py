"""Lines under the bell: once each, counted cheaply, nobody else's touched."""

import pytest
from django.test import RequestFactory

from accounts.models import User
from mail import context, notices
from mail.models import Notice
from tests.mail.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def marta() -> User:
    return User.objects.create_user("marta@demo.example", name="Marta Keller")


@pytest.fixture
def bob() -> User:
    return User.objects.create_user("bob@demo.example", name="Bob")


def _tell(user, key="k1", **given) -> bool:
    known = {"kind": "of_a_kind_to_come", "facts": {"number": "RC-2041"}, "url": "/cases/2041/", "now": NOW}
    return notices.tell(user=user, key=key, **{**known, **given})


def test_tell_tells_once_for_each_person(marta, bob):
    assert [_tell(marta), _tell(marta, facts={}), _tell(bob)] == [True, False, True]
    assert list(marta.notices.values_list("facts", flat=True)) == [{"number": "RC-2041"}]


def test_unread_count_counts_ones_own_and_stops_at_a_hundred(marta, bob):
    Notice.objects.bulk_create(Notice(user=marta, key=f"k{n}", kind="x", at=NOW) for n in range(120))
    assert (notices.unread_count(marta), notices.unread_count(bob)) == (100, 0)


def test_mark_read_touches_only_ones_own(marta, bob):
    _tell(marta, "a"), _tell(marta, "b"), _tell(bob, "a")
    theirs = bob.notices.get()
    first = marta.notices.get(key="a")
    assert notices.mark_read(user=marta, now=NOW, ids=[first.pk, theirs.pk]) == 1
    assert notices.mark_read(user=marta, now=NOW) == 1
    assert (notices.unread_count(marta), notices.unread_count(bob)) == (0, 1)


def test_bell_asks_once_and_only_when_shown(marta, rf: RequestFactory, django_assert_num_queries):
    _tell(marta)
    request = rf.get("/")
    request.user = marta
    with django_assert_num_queries(0):
        shown = context.bell(request)
    with django_assert_num_queries(1):
        assert (shown["notices_unread"] == 1, bool(shown["notices_unread"])) == (True, True)


def test_bell_is_silent_for_a_stranger(rf: RequestFactory, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert context.bell(rf.get("/"))["notices_unread"] == 0


def test_page_lists_ones_own_and_marks_them(client, marta, bob):
    _tell(marta), _tell(bob, facts={"number": "RC-9999"})
    client.force_login(marta)
    page = client.get("/notices/").content.decode()
    assert "There is news on RC-2041." in page
    assert "RC-9999" not in page
    answer = client.post("/notices/read/")
    assert (answer.status_code, answer["Location"]) == (302, "/notices/")
    assert (notices.unread_count(marta), notices.unread_count(bob)) == (0, 1)


def test_page_uses_the_sentence_an_app_above_brings(client, marta, settings, tmp_path):
    (tmp_path / "notices").mkdir()
    (tmp_path / "notices" / "of_a_kind_to_come.txt").write_text("{{ facts.number }} answered <b>")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    _tell(marta, facts={"number": "<i>RC"})
    client.force_login(marta)
    assert "&lt;i&gt;RC answered <b>" in client.get("/notices/").content.decode()


@pytest.mark.parametrize(
    ("url", "to"), [("/cases/2041/", "/cases/2041/"), ("//evil.example/", "/notices/"), ("", "/notices/")]
)
def test_opening_a_notice_reads_it_and_leads_only_inside(client, marta, url, to):
    _tell(marta, url=url)
    client.force_login(marta)
    answer = client.post(f"/notices/{marta.notices.get().pk}/read/")
    assert (answer.status_code, answer["Location"]) == (302, to)
    assert notices.unread_count(marta) == 0


def test_nobody_reads_the_notice_of_another(client, marta, bob):
    _tell(bob)
    client.force_login(marta)
    assert client.post(f"/notices/{bob.notices.get().pk}/read/").status_code == 404
    assert notices.unread_count(bob) == 1


def test_looking_marks_nothing(client, marta):
    _tell(marta)
    client.force_login(marta)
    client.get("/notices/")
    assert client.get("/notices/read/").status_code == 405
    assert notices.unread_count(marta) == 1


def test_page_costs_the_same_with_one_notice_and_with_thirty(client, marta, django_assert_num_queries):
    client.force_login(marta)
    for count in (1, 30):
        for number in range(count):
            _tell(marta, f"{count}-{number}")
        with django_assert_num_queries(4):  # session, person, notices, bell
            client.get("/notices/")
