"""The door of customer pages (promise S3): links that open nothing look alike, reading changes nothing."""

import re

import pytest
from django.apps import apps
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from time_machine import travel

from accounts import passes
from cases.models import Confirmation
from mail import delivery
from mail.models import Message
from recovery.logs import without_tokens
from surveys import freshening, limits, reminding
from surveys.models import Invitation
from tests import builders
from tests.surveys import making
from tests.surveys.making import ASKED, DAY, LEAVES, MINUTE

pytestmark = pytest.mark.django_db
OURS = ("accounts", "mail", "cases", "surveys", "council")
# Every address a link can lead to, by what opens it.
PAGES = ("survey", "keep", "stop", "survey_person", "survey_fresh", "confirm", "confirm_person", "confirm_fresh")
PRIVATE = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|/(survey|confirm)/[^/"]+/')


@pytest.fixture(autouse=True)
def next_minute():
    cache.clear()
    with travel(LEAVES + MINUTE, tick=False) as clock:
        yield clock


def everything() -> dict[str, list]:
    """Return every row of every table of ours."""
    models = [model for app in OURS for model in apps.get_app_config(app).get_models()]
    return {model._meta.label: list(model.objects.order_by("pk").values_list()) for model in models}


def bare(response) -> str:
    return PRIVATE.sub("", response.content.decode())


@pytest.mark.parametrize("page", ["survey", "stop"])
def test_unknown_expired_and_revoked_look_the_same(client, next_minute, page):
    revoked, expired = making.invited(), making.invited()
    passes.revoke(purpose="survey", target=f"invitation-{revoked.pk}", now=LEAVES)
    other = passes.token_of(Confirmation.objects.filter(case=expired.case).get().link)
    next_minute.move_to(LEAVES + 90 * DAY)
    tokens = ["nothing", "x" * 43, passes.token_of(revoked.link), passes.token_of(expired.link), other]
    answers = [client.get(reverse(f"surveys:{page}", args=[token])) for token in tokens]
    assert {answer.status_code for answer in answers} == {404}
    assert len({bare(answer) for answer in answers}) == 1


def test_fresh_link_answers_everybody_alike_and_writes_only_to_the_contact(client, next_minute):
    revoked, expired = making.invited(), making.invited()
    passes.revoke(purpose="survey", target=f"invitation-{revoked.pk}", now=LEAVES)
    next_minute.move_to(LEAVES + 90 * DAY)
    tokens = ["nothing", passes.token_of(revoked.link), passes.token_of(expired.link)]
    answers = [client.post(reverse("surveys:survey_fresh", args=[token])) for token in tokens]
    assert len({(answer.status_code, bare(answer)) for answer in answers}) == 1
    letters = Message.objects.filter(template="fresh_link")
    assert list(letters.values_list("recipients__address", flat=True)) == [expired.contact.email]


def test_fresh_link_leaves_once_in_ten_minutes(client):
    url = reverse("surveys:survey_fresh", args=[passes.token_of(making.invited().link)])
    client.post(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(freshening, "send_fresh", lambda **_: pytest.fail("sent twice"))
        assert client.post(url).status_code == 200


def test_address_that_guesses_has_to_wait(client, monkeypatch):
    monkeypatch.setattr(limits, "MISSES", 3)
    url = reverse("surveys:survey", args=[passes.token_of(making.invited().link)])
    answers = [client.get(reverse("surveys:survey", args=[f"guess{n}"])).status_code for n in range(4)]
    assert answers == [404, 404, 404, 429]
    assert client.get(url).status_code == 429


@pytest.mark.parametrize("page", PAGES)
def test_signed_in_colleague_is_refused(client, page):
    invitation = making.invited()
    link = Confirmation.objects.get().link if page.startswith("confirm") else invitation.link
    client.force_login(invitation.case.owner)
    before = everything()
    answers = [client.get(reverse(f"surveys:{page}", args=[passes.token_of(link)]))]
    answers += [client.post(answers[0].request["PATH_INFO"], {"answer": "yes", "wish": "call", "satisfied": "5"})]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert "This page belongs to a customer" in answers[1].content.decode()
    assert everything() == before


@pytest.mark.parametrize("page", ["survey", "stop", "confirm"])
def test_link_leaves_no_trace(client, page):
    invitation = making.invited()
    link = Confirmation.objects.get().link if page == "confirm" else invitation.link
    for token in (passes.token_of(link), "nothing"):
        answer = client.get(reverse(f"surveys:{page}", args=[token]))
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["Cache-Control"] == "no-store, private"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert "default-src 'self'" in answer["Content-Security-Policy"]


def test_token_stands_in_no_row_and_no_log_line():
    token = passes.token_of(making.invited().link)
    assert token not in repr(everything())
    assert token not in without_tokens(f'"POST /survey/{token}/keep/ HTTP/1.1" 200')


def test_scanner_that_opens_every_link_changes_nothing(postbox):
    """Mail scanners open every link of every letter, by GET and by HEAD, some of them twice."""
    invitation = making.invited()
    freshening.send_fresh(token=passes.token_of(Confirmation.objects.get().link), purpose="confirm", now=LEAVES)
    reminding.remind_due(LEAVES + 4 * DAY)
    Message.objects.exclude(state="queued").update(state="queued", sent_at=None, send_at=LEAVES)
    invitation.message.recipients.model.objects.update(state="pending")
    delivery.deliver_due(LEAVES + 4 * DAY)
    links = {link.rstrip(".,") for letter in postbox.letters for link in letter.links}
    headers = [letter.message["List-Unsubscribe"] for letter in postbox.letters]
    links |= {header.strip().strip("<>") for header in headers if header}
    paths = sorted(re.sub(r"^https?://[^/]+", "", link) for link in links if "/survey/" in link or "/confirm/" in link)
    assert len(paths) >= 7
    before = everything()
    for path in paths * 2:
        for read in (Client().get, Client().head):
            assert read(path).status_code == 200
    assert everything() == before


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ("survey", "stop", "confirm")])
def test_acts_are_presses_only(client, page):
    token = passes.token_of(making.invited().link)
    assert client.get(reverse(f"surveys:{page}", args=[token])).status_code == 405


# CSRF: pages without referrer send their forms with `Origin: null`


def strict_client_and_form(page: str):
    making.invited()
    link = Confirmation.objects.get().link if page == "confirm" else Invitation.objects.get().link
    client = Client(enforce_csrf_checks=True)
    url = reverse(f"surveys:{page}", args=[passes.token_of(link)])
    client.get(url)
    return client, url, {"csrfmiddlewaretoken": client.cookies["csrftoken"].value, "satisfied": "5", "answer": "yes"}


@pytest.mark.parametrize("page", ["survey", "confirm"])
@pytest.mark.parametrize("origin", [{}, {"HTTP_ORIGIN": "null"}, {"HTTP_ORIGIN": "http://testserver"}])
def test_form_of_ours_is_taken(page, origin):
    client, url, form = strict_client_and_form(page)
    assert client.post(url, form, **origin).status_code == 302


@pytest.mark.parametrize("origin", [{}, {"HTTP_ORIGIN": "null"}])
def test_form_of_ours_is_taken_over_https(origin):
    client, url, form = strict_client_and_form("survey")
    assert client.post(url, form, secure=True, **origin).status_code == 302


def test_form_of_somebody_else_is_refused():
    client, url, form = strict_client_and_form("survey")
    assert client.post(url, form, HTTP_ORIGIN="https://elsewhere.example").status_code == 403
    del form["csrfmiddlewaretoken"]
    assert client.post(url, form, HTTP_ORIGIN="null").status_code == 403
    assert client.post(url, form).status_code == 403


def test_strange_tokens_are_unknown_tokens(client):
    for token in ("%00", "a" * 2000, "%F0%9F%92%A9", "..", "' OR 1=1 --"):
        answer = client.get(f"/survey/{token}/")
        assert answer.status_code == 404


def test_erased_contact_gets_no_fresh_link():
    invitation = making.invited()
    type(invitation.contact).objects.update(erased_at=ASKED)
    assert freshening.send_fresh(token=passes.token_of(invitation.link), purpose="survey", now=LEAVES) is False
    assert builders.NOON < ASKED


def test_mail_program_unsubscribes_with_one_post_and_no_form_token(client, next_minute):
    invitation = making.invited()
    client.handler.enforce_csrf_checks = True
    address = reverse("surveys:stop", args=[passes.token_of(invitation.link)])
    assert client.post(address, {"something": "else"}).status_code == 403
    invitation.contact.refresh_from_db()
    assert invitation.contact.opted_out_at is None
    answer = client.post(address, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.content) == (200, b"No more surveys.")
    invitation.contact.refresh_from_db()
    assert invitation.contact.opted_out_at is not None
