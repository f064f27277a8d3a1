"""The ledger of promises in the browser: late, kept, moved with their yes, disputed and decided."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases import promise_moves, promises
from cases.enums import PromiseKind, PromiseState
from cases.models import Promise
from tests.journeys.hands import choose, press, sees, step, tab
from tests.journeys.stages import at_desk, quiet, refused_at, soon, worked, yesterday

pytestmark = pytest.mark.browser


def promised(case, text: str, now, **due) -> Promise:
    about = {"case": case, "actor": case.owner, "kind": PromiseKind.RECOVERY, "text": text, "now": now}
    return promises.make_promise(due_at=now + timedelta(**due), **about)


def test_promise_is_kept_from_the_ledger(house, open_browser):
    case = worked(house)
    late = promised(case, "The report of the laboratory", timezone.now() - timedelta(minutes=50), minutes=10)
    one = open_browser()
    page = at_desk(one, house.marta)
    page.goto("/promises/?state=late")
    sees(page, "The report of the laboratory")
    page.get_by_role("button", name="Mark as kept: The report of the laboratory").click()
    sees(page, "Kept: The report of the laboratory", "None is late")
    page.get_by_role("link", name="Kept", exact=True).click()
    sees(page.get_by_role("table"), "The report of the laboratory", "kept")
    late.refresh_from_db()
    assert (late.state, late.settled_by) == (PromiseState.KEPT, house.marta)
    quiet(one)


def test_promise_moves_only_with_their_yes_and_to_a_time_ahead(house, open_browser):
    case = worked(house)
    promised(case, "The report of the laboratory", timezone.now(), days=2)
    one = open_browser()
    page = at_desk(one, house.marta)
    step(page, case, 3)
    area = tab(page, "Promises")
    area.locator("li", has_text="The report of the laboratory").get_by_role("link", name="Move").click()
    form = page.get_by_role("dialog")
    form.get_by_label("The new time").fill(soon(days=4))
    press(form, "Move the promise")
    refused_at(form, "How they agreed", "Write how they agreed, in their words.")
    form.get_by_label("How they agreed").fill("“Friday will do”, she said.")
    form.get_by_label("The new time").fill(yesterday())
    press(form, "Move the promise")
    refused_at(form, "The new time", "This time has passed.")
    expect(form.get_by_label("How they agreed")).to_have_value("“Friday will do”, she said.")
    form.get_by_label("The new time").fill(soon(days=4))
    press(form, "Move the promise")
    sees(page, "with their yes: “Friday will do”, she said.".replace("“Friday", "““Friday"))
    moved = Promise.objects.get(state=PromiseState.RENEGOTIATED)
    assert moved.consent.text == "“Friday will do”, she said."
    quiet(one)


def test_disputed_promise_is_for_the_lead_to_decide(house, open_browser):
    case = worked(house)
    promise = promised(case, "The report of the laboratory", timezone.now() - timedelta(minutes=50), minutes=10)
    promises.settle_promise(promise=promise, actor=house.marta, state=PromiseState.KEPT, now=timezone.now())
    promise_moves.dispute(promise=promise, contact=case.reporter, text="Nothing came.", now=timezone.now())
    marta, lena = open_browser(), open_browser()
    page = at_desk(marta, house.marta)
    page.goto("/promises/?state=disputed")
    sees(page, "the lead decides")
    page = at_desk(lena, house.lena)
    page.goto("/promises/?state=disputed&scope=team")
    page.get_by_role("link", name="Decide").click()
    choose(page, "What do you find?", "It was not kept")
    press(page, "Decide")
    refused_at(page.locator("main"), "What you tell the customer", "Write what you tell the customer")
    page.get_by_label("What you tell the customer").fill("You are right: it lay in our outbox. It left today.")
    press(page, "Decide")
    page.wait_for_url(lambda url: "/cases/RC-" in url)
    sees(page, "broken", "They said")
    promise.refresh_from_db()
    assert promise.state == PromiseState.BROKEN
    quiet(lena)
