"""The letters as they look: who sees what, and what can be done."""

import pytest

from accounts.models import AdminEvent, User
from mail.delivery import deliver_due
from mail.models import Message
from tests.mail.conftest import NOW, queue

pytestmark = pytest.mark.django_db

OTHERS = ["manager", "lead", "quality", "council", "chair", "sponsor", "counsel"]


def _person(*roles: str) -> User:
    return User.objects.create_user(f"{'-'.join(roles)}@demo.example", name="Somebody Here", roles=roles)


@pytest.fixture
def admin(client):
    client.force_login(_person("admin"))
    return client


@pytest.fixture
def auditor(client):
    client.force_login(_person("auditor"))
    return client


def _dead(**given) -> Message:
    message = queue(to=[("A", "nowhere")], **given)
    Message.objects.filter(pk=message.pk).update(state="dead", error="550 No such person")
    return message


def _text(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("page", ["", "{pk}/", "{pk}/preview/"])
def test_letters_are_not_for_everybody(client, role, page):
    url = "/letters/" + page.format(pk=queue().pk)
    client.force_login(_person(role))
    answer = client.get(url)
    assert answer.status_code == 403
    assert "anna@halden.example" not in answer.content.decode()


def test_a_stranger_is_led_to_the_sign_in(client):
    answer = client.get("/letters/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=/letters/")


def test_list_shows_letters_and_filters_by_state(admin):
    queue("k1"), _dead(key="k2")
    everything, dead = _text(admin.get("/letters/")), _text(admin.get("/letters/?state=dead"))
    assert "anna@halden.example" in everything and "550 No such person" in everything
    assert "anna@halden.example" not in dead and "550 No such person" in dead
    assert "No letter stands like this" in _text(admin.get("/letters/?state=withheld"))


def test_list_costs_the_same_at_one_and_at_thirty_letters(admin, django_assert_num_queries):
    for count in (1, 30):
        for number in range(count):
            queue(f"{count}-{number}")
        with django_assert_num_queries(5):  # session, person, letters, addresses, bell
            admin.get("/letters/")


def test_letter_shows_how_it_fares_and_its_text(admin, settings):
    settings.DEMONSTRATION = False
    message = queue(facts={"name": "Anna"})
    page = _text(admin.get(f"/letters/{message.pk}/"))
    assert "A test letter from Alder Castings" in page
    assert "Good day Anna," in page
    assert f'src="/letters/{message.pk}/preview/"' in page
    assert "Send it again" not in page


def test_preview_is_a_page_without_power(admin):
    message = queue(facts={"name": "<script>alert(1)</script>"})
    answer = admin.get(f"/letters/{message.pk}/preview/")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.content.decode()
    assert "<script" not in answer.content.decode()
    policy = answer["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in policy and "style-src 'unsafe-inline'" in policy
    assert policy[-1] == "sandbox allow-popups allow-popups-to-escape-sandbox"
    assert (answer["X-Frame-Options"], answer["Referrer-Policy"]) == ("SAMEORIGIN", "no-referrer")


def test_no_other_page_allows_inline_styles(admin):
    message = queue()
    for url in ("/letters/", f"/letters/{message.pk}/", "/notices/"):
        assert "unsafe-inline" not in admin.get(url)["Content-Security-Policy"]


def test_a_confidential_letter_shows_its_envelope_only(admin):
    message = queue(confidential=True, facts={"name": "Anna"})
    deliver_due(NOW)
    for url in ("/letters/", f"/letters/{message.pk}/"):
        page = _text(admin.get(url))
        assert "Confidential letter" in page and "anna@halden.example" in page
        assert "A test letter" not in page and "Good day" not in page
    assert admin.get(f"/letters/{message.pk}/preview/").status_code == 403


def test_an_auditor_reads_confidential_letters(auditor):
    message = queue(confidential=True, facts={"name": "Anna"})
    assert "Good day Anna," in _text(auditor.get(f"/letters/{message.pk}/"))


@pytest.mark.parametrize("role", ["admin", "auditor"])
def test_nobody_reads_a_sign_in_letter(client, role):
    client.force_login(_person(role))
    message = queue(sensitive=True, facts={"name": "Anna"})
    assert "Good day" not in _text(client.get(f"/letters/{message.pk}/"))
    assert client.get(f"/letters/{message.pk}/preview/").status_code == 403


def test_a_letter_that_cannot_be_written_still_has_its_page(admin):
    message = queue(template="no_such_letter")
    page = _text(admin.get(f"/letters/{message.pk}/"))
    assert "This letter cannot be written." in page and "no_such_letter" in page
    assert admin.get(f"/letters/{message.pk}/preview/").content == b""


def test_retry_sends_a_dead_letter_again_and_is_recorded(admin):
    message = _dead(key="k")
    assert "Send it again" in _text(admin.get(f"/letters/{message.pk}/"))
    answer = admin.post(f"/letters/{message.pk}/retry/", follow=True)
    assert "The letter leaves again within a minute." in _text(answer)
    message.refresh_from_db()
    assert message.state == "queued"
    assert list(AdminEvent.objects.values_list("kind", "facts")) == [("letter_retried", {"letter": message.pk})]


def test_retry_of_a_letter_that_lives_changes_nothing(admin):
    message = queue()
    answer = admin.post(f"/letters/{message.pk}/retry/", follow=True)
    assert "no longer dead, so nothing was changed" in _text(answer)
    assert not AdminEvent.objects.exists()


def test_an_auditor_changes_nothing(auditor):
    message = _dead(key="k")
    assert "Send it again" not in _text(auditor.get(f"/letters/{message.pk}/"))
    assert auditor.post(f"/letters/{message.pk}/retry/").status_code == 403
    message.refresh_from_db()
    assert message.state == "dead"


def test_retry_needs_a_post(admin):
    message = _dead(key="k")
    assert admin.get(f"/letters/{message.pk}/retry/").status_code == 405
    message.refresh_from_db()
    assert message.state == "dead"
