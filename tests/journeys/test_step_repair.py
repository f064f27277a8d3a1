"""Steps 3 and 4 in the browser: refused at the field with the words kept, then done, then gold."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import passes
from cases.enums import CaseState, GestureState, StepState
from cases.models import Confirmation, Gesture, Offer
from tests import builders
from tests.cases.stepping import state_of
from tests.journeys.hands import choose, press, sees, send_letter, step
from tests.journeys.stages import at_desk, is_gold, keeps, quiet, refused_at, soon, worked

pytestmark = pytest.mark.browser
OFFER = "Forty housings by courier, Thursday 08:00"


def test_resolve_is_offered_carried_out_asked_and_confirmed_by_the_customer(house, open_browser):
    case = worked(house)
    one = open_browser()
    page = at_desk(one, house.marta)
    here = step(page, case, 3)
    here.get_by_label("What we offer").fill(OFFER)
    press(here, "Make the offer")
    sees(here, "Answer all seven discovery questions before the offer.")
    keeps(here, What_we_offer=OFFER)
    assert Offer.objects.count() == 0
    builders.ready_to_offer(case, now=timezone.now())
    send_letter(here, "Make the offer", pointed_out=True)
    choose(here, "What did they say?", "Accepted")
    press(here, "Write it down")
    here.get_by_label("What was done").fill("Forty came at 07:50")
    here.get_by_label("When", exact=True).fill(soon(days=2))
    press(here, "It is carried out")
    refused_at(here, "When", "This moment lies in the future.")
    keeps(here, What_was_done="Forty came at 07:50")
    here.get_by_label("When", exact=True).fill(soon(minutes=-1))
    press(here, "It is carried out")
    send_letter(here, "Ask Ruth to confirm")
    sees(here, "Ruth Aebi was asked")
    _says_yes(open_browser)
    is_gold(step(page, case, 3))
    case.refresh_from_db()
    assert (case.state, state_of(case, 3)) == (CaseState.RESOLVED, StepState.DONE)
    quiet(one)


def _says_yes(open_browser) -> None:
    phone = open_browser(width=390, height=844).page
    phone.goto(f"/confirm/{passes.token_of(Confirmation.objects.select_related('link').get().link)}/")
    press(phone, "Yes, it is put right")
    sees(phone, "Thank you, Ruth.")


def test_go_beyond_needs_a_reason_and_above_the_limit_the_council(house, open_browser):
    case = worked(house)
    marta, jonas = open_browser(), open_browser()
    here = step(at_desk(marta, house.marta), case, 4)
    choose(here, "What did it cost them most?", "Time")
    here.get_by_label("What you would like to give").fill("A planner at their site for a month")
    here.get_by_label("What it costs us").fill("9000")
    press(here, "Propose it")
    refused_at(here, "Why it fits what went wrong", "Say why it fits what went wrong")
    keeps(here, What_you_would_like_to_give="A planner at their site for a month", What_it_costs_us="9000")
    here.get_by_label("Why it fits what went wrong").fill("They lost a month of planning.")
    press(here, "Propose it")
    sees(here, "above what Marta Keller may give alone")
    _approve(at_desk(jonas, house.jonas))
    here = step(marta.page, case, 4)
    press(here, "It reached them")
    refused_at(here, "How it reached them", "Write how it reached them.")
    here.get_by_label("How it reached them").fill("He started on Thursday.")
    press(here, "It reached them")
    is_gold(here)
    assert Gesture.objects.get().state == GestureState.DELIVERED
    quiet(marta)


def _approve(page) -> None:
    page.goto("/council/")
    page.locator(".docket-row").get_by_role("link", name="Approve").first.click()
    form = page.get_by_role("dialog")
    choose(form, "Why", "It fits what went wrong.")
    press(form, "Approve")
    sees(page, "Decided:")


def test_words_that_blame_are_pointed_out_while_they_are_written(house, open_browser):
    case = worked(house)
    builders.ready_to_offer(case, now=timezone.now() - timedelta(minutes=1))
    one = open_browser()
    here = step(at_desk(one, house.marta), case, 3)
    here.get_by_label("What we offer").press_sequentially("Sven Holm was careless. ")
    sees(here, "This speaks of a person: “Sven Holm”, “careless”.")
    here.get_by_label("What we offer").fill(OFFER)
    here.get_by_text("This speaks of a person").wait_for(state="hidden")
    quiet(one)
