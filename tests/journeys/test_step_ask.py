"""Steps 7 and 8 in the browser: refused at the field with the words kept, then done, then gold."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import passes
from cases import actions, words
from cases.enums import EscalationReason, StepState
from cases.models import Action
from council import fulfilment
from council.models import Decision
from mail import delivery
from surveys import inviting
from surveys.models import Answer, Invitation
from tests import builders
from tests.cases.resolving import confirmed
from tests.cases.stepping import state_of
from tests.journeys.hands import press, sees, step
from tests.journeys.stages import at_desk, is_gold, keeps, quiet, soon, worked, yesterday

pytestmark = pytest.mark.browser


def test_survey_is_answered_by_the_customer_and_shows_as_done(house, open_browser):
    case = worked(house)
    one, phone = open_browser(), open_browser(width=390, height=844)
    page = at_desk(one, house.marta)
    sees(step(page, case, 7), "Waiting for the confirmation.")
    confirmed(case, timezone.now())
    later = timezone.now() + timedelta(days=3)
    inviting.invite_due(later)
    delivery.deliver_due(later)
    phone.page.goto(f"/survey/{passes.token_of(Invitation.objects.select_related('link').get().link)}/")
    press(phone.page, "Send my answer")
    sees(phone.page, "Nothing is filled in yet. Choose at least one number, or write a word.")
    for name in ("satisfied", "heard", "easy"):
        phone.page.locator(f"input[name={name}][value='5']").check(force=True)
    press(phone.page, "Send my answer")
    sees(phone.page, "Thank you, Ruth.")
    here = step(page, case, 7)
    is_gold(here)
    sees(here, "They answered.")
    assert (Answer.objects.get().satisfied, state_of(case, 7)) == (5, StepState.DONE)
    quiet(phone)


def test_council_decides_with_a_time_that_lies_ahead_and_the_step_is_done(house, open_browser):
    case = worked(house)
    now = timezone.now()
    asked = words.write(text="We need the big press on Friday.", now=now, case=case)
    builders.on_the_docket(case, EscalationReason.BY_HAND, asked_by=house.marta, words=asked, now=now)
    one = open_browser()
    page = at_desk(one, house.noor)
    page.goto("/council/")
    row = page.locator(".docket-row")
    row.get_by_text("More", exact=True).click()
    row.get_by_role("link", name="Order an action").click()
    form = page.get_by_role("dialog")
    form.get_by_label("What is to be done").fill("Free the big press")
    form.get_by_label("Who does it").select_option(label="Sven Holm")
    form.get_by_label("By when").fill(yesterday())
    form.get_by_label("Why", exact=True).fill("They wait for it.")
    press(form, "Order it")
    sees(form, "This time has passed. By when will it be done?")
    keeps(form, What_is_to_be_done="Free the big press")
    form.get_by_label("By when").fill(soon(days=1))
    press(form, "Order it")
    sees(page, "Decided:")
    sees(step(page, case, 8), "decided")
    actions.finish_action(action=Action.objects.get(), actor=house.sven, now=timezone.now())
    fulfilment.complete_carried_out(timezone.now())
    is_gold(step(page, case, 8))
    assert Decision.objects.get().author == house.noor
    quiet(one)
