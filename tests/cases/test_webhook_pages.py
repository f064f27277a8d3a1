"""Administrators say who is told what, see what was told, and try it; auditors read."""

from datetime import timedelta

import pytest

from cases.models import Delivery, Webhook
from cases.webhooks import hooks, telling
from tests import builders
from tests.builders import NOON
from tests.cases import receiver

pytestmark = pytest.mark.django_db
TYPED = {"name": "Shop", "address": "https://hooks.example.com/goldseam", "wanted": ["case.opened", "case.closed"]}


@pytest.fixture
def admin(client):
    builders.defaults.install()
    person = builders.user("admin", name="Noor Haddad")
    client.force_login(person)
    return person


def test_address_is_entered_and_its_secret_shown_once(client, admin):
    made = client.post("/manage/webhooks/", TYPED)
    row = Webhook.objects.get()
    assert (made.status_code, row.kinds, made["Cache-Control"]) == (200, TYPED["wanted"], "no-store, private")
    assert "whsec_" in made.text
    for page in ("/manage/webhooks/", f"/manage/webhooks/{row.pk}/"):
        assert "whsec_" not in client.get(page).text
    assert "entered the webhook" in client.get("/manage/log/").text


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"address": "http://hooks.example.com/"}, "The address must begin with https://"),
        ({"address": "https://me:secret@hooks.example.com/"}, "no name or password before it"),
        ({"wanted": []}, "Choose at least one thing it is told."),
        ({"name": ""}, "Name it, so that others know what is told there."),
    ],
)
def test_address_is_refused_at_its_field_with_what_was_typed(client, admin, changed, message):
    answer = client.post("/manage/webhooks/", {**TYPED, **changed})
    assert (answer.status_code, message in answer.text, Webhook.objects.count()) == (422, True, 0)


def test_ledger_says_what_became_of_each_and_tells_again(client, admin, settings):
    settings.DEBUG, settings.WEBHOOK_NETWORKS = True, ["127.0.0.0/8"]
    with receiver.listening() as hears:
        row, _ = hooks.add(name="Shop", address=hears.url, wanted=["case.opened"], actor=admin, now=NOON)
        case, hears.status = builders.case(), 500
        telling.tell_due(NOON)
        page = client.get(f"/manage/webhooks/{row.pk}/").text
        assert case.number in page and "Answered 500." in page and "Tell again" in page and "A case is opened" in page
        hears.status = 200
        client.post(f"/manage/webhooks/{row.pk}/told/{Delivery.objects.get().pk}/")
        Delivery.objects.update(next_at=NOON)
        telling.tell_due(NOON + timedelta(seconds=30))
    assert ">told " in client.get(f"/manage/webhooks/{row.pk}/").text


def test_test_is_sent_and_stop_and_start_are_recorded(client, admin):
    row, _ = hooks.add(**TYPED, actor=admin, now=NOON)
    for what in ("try", "stop", "try", "start"):
        assert client.post(f"/manage/webhooks/{row.pk}/{what}/").status_code == 302
    assert [one.kind for one in Delivery.objects.all()] == ["test"]
    log = client.get("/manage/log/").text
    assert "stopped the webhook" in log and "started the webhook" in log


def test_auditor_reads_and_changes_nothing(client, admin):
    row, _ = hooks.add(**TYPED, actor=admin, now=NOON)
    client.force_login(builders.user("auditor"))
    assert "Send a test" not in client.get(f"/manage/webhooks/{row.pk}/").text
    answers = [client.post("/manage/webhooks/", TYPED), client.post(f"/manage/webhooks/{row.pk}/stop/")]
    assert [answer.status_code for answer in answers] == [403, 403]
