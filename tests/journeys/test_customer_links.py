"""The customer's links: theirs alone, one answer each, and nothing changes because somebody looks (promise S3)."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.utils.timezone import now

from accounts import passes
from accounts.models import Pass
from cases.enums import CaseState
from cases.models import Case, Confirmation, Event
from cases.steps import resolve
from mail import delivery
from surveys import inviting
from tests import builders
from tests.journeys.hands import press, sees, sign_in
from tests.journeys.trip import PHONE

pytestmark = pytest.mark.browser
HOUR = timedelta(hours=1)
UNTOUCHED = ("Session", "Draft")  # what any visit to a page may leave behind


@pytest.fixture
def asked(house) -> Confirmation:
    """A question to the customer, asked an hour ago, its letter delivered."""
    at = now() - 30 * HOUR
    case = builders.acknowledged(builders.case(owner=house.marta, now=at), now=at + HOUR)
    builders.ready_to_offer(case, now=at + HOUR)
    resolve.offer(case=case, actor=house.marta, text="Forty by courier", now=at + HOUR)
    resolve.carry_out(case=case, actor=house.marta, text="They came", by="Sven", at=at + HOUR, now=at + HOUR)
    confirmation = resolve.ask(case=case, actor=house.marta, now=now() - HOUR)
    delivery.deliver_due(now())
    return confirmation


def page_of(confirmation: Confirmation) -> str:
    return f"/confirm/{passes.token_of(confirmation.link)}/"


def rows() -> dict[str, list]:
    """Every row of every table but those any visit may touch."""
    tables = [model for model in apps.get_models() if model.__name__ not in UNTOUCHED]
    return {model._meta.label: list(model._base_manager.order_by("pk").values_list()) for model in tables}


def links_of(letters) -> Iterator[str]:
    for letter in letters:
        html = letter.message.get_body(("html",))
        yield from letter.links
        yield from re.findall(r"<(http[^>]+)>", letter.message["List-Unsubscribe"] or "")
        yield from re.findall(r'href="(http[^"]+)"', html.get_content()) if html else ()


def test_browser_of_a_colleague_is_refused_before_anything_is_looked_up(asked, house, open_browser):
    one = open_browser()
    sign_in(one.page, house.marta)
    one.page.goto(page_of(asked))
    sees(one.page, "This page belongs to a customer", "Only the customer can say whether it is put right")
    assert Confirmation.objects.get().verdict == "pending"


def test_second_yes_changes_nothing(asked, open_browser):
    first, second = open_browser(**PHONE).page, open_browser(**PHONE).page
    first.goto(page_of(asked))
    second.goto(page_of(asked))
    press(first, "Yes, it is put right")
    sees(first, "Thank you, Ruth.")
    told = Event.objects.count()
    press(second, "Yes, it is put right")
    sees(second, "Thank you, Ruth.")
    assert (Event.objects.count(), Case.objects.get().state) == (told, CaseState.RESOLVED)


def test_unknown_expired_and_revoked_links_look_the_same(asked, open_browser):
    page = open_browser(**PHONE).page
    token = passes.token_of(asked.link)
    seen = []
    for change in ({"expires_at": now() - HOUR}, {"expires_at": now() + HOUR, "revoked_at": now()}):
        Pass.objects.filter(pk=asked.link_id).update(**change)
        page.goto(f"/confirm/{token}/")
        seen.append(page.inner_text("body"))
    page.goto(f"/confirm/{token[:-4]}AAAA/")
    assert [*seen, page.inner_text("body")] == [seen[0]] * 3
    sees(page, "This link opens nothing any more.", "Send a fresh one to the address we have")


def test_machine_that_opens_every_link_of_every_letter_changes_nothing(asked, house, postbox, open_browser, client):
    resolve.confirm(confirmation=asked, yes=True, text="", now=now())
    inviting.invite_due(now() + timedelta(days=3))
    delivery.deliver_due(now() + timedelta(days=3))
    theirs = ("/confirm/", "/survey/", "/status/")
    found = sorted({link for link in links_of(postbox.letters) if any(page in link for page in theirs)})
    assert {link.split("/")[3] for link in found} == {"confirm", "survey", "status"}
    assert any(link.endswith("/stop/") for link in found)
    before = rows()
    scanner = open_browser().page
    for link in found:
        path = "/" + link.split("/", 3)[3]
        assert (client.get(path).status_code, client.head(path).status_code) == (200, 200)
        scanner.goto(link)
        scanner.wait_for_load_state("networkidle")
    assert rows() == before
