"""Steps 1 and 2 in the browser: refused at the field with the words kept, then done, then gold."""

import pytest
from django.utils import timezone

from cases.enums import Severity, StepState
from cases.models import Action, Promise
from tests import builders
from tests.cases.stepping import state_of
from tests.journeys.hands import choose, press, sees, step
from tests.journeys.stages import at_desk, is_gold, keeps, quiet, refused_at, soon, worked, yesterday

pytestmark = pytest.mark.browser
HEARD = "We heard you, and it is ours now."


def test_acknowledge_needs_a_promise_that_lies_ahead(house, open_browser):
    case = builders.case(owner=house.marta, now=timezone.now())
    one = open_browser()
    here = step(at_desk(one, house.marta), case, 1)
    choose(here, "How do they hear from you?", "Call")
    here.get_by_label("What you tell them, or told them").fill(HEARD)
    here.get_by_label("What you promise").fill("A call with the tracking number")
    here.get_by_label("By when they hear or have it").fill(yesterday())
    press(here, "Acknowledge")
    refused_at(here, "By when they hear or have it", "This time has passed.")
    keeps(
        here, What_you_tell_them="We heard you, and it is ours now.", What_you_promise="A call with the tracking number"
    )
    here.get_by_label("By when they hear or have it").fill(soon(days=1))
    press(here, "Acknowledge")
    is_gold(here)
    sees(here, HEARD, "A call with the tracking number")
    assert (state_of(case, 1), Promise.objects.get().case) == (StepState.DONE, case)
    quiet(one)


def test_an_email_asks_for_no_moment_and_a_call_for_no_subject(house, open_browser):
    case = builders.case(owner=house.marta, now=timezone.now())
    here = step(at_desk(open_browser(), house.marta), case, 1)
    shown = {}
    for means in ("E-mail", "Call"):
        choose(here, "How do they hear from you?", means)
        shown[means] = [
            here.get_by_label(label).is_visible() for label in ("Subject", "When it was", "Minutes it took")
        ]
    assert shown == {"E-mail": [True, False, False], "Call": [False, True, True]}


def test_contain_is_done_by_one_checked_by_another_and_told(house, open_browser):
    case = worked(house, severity=Severity.HIGH)
    marta, sven = open_browser(), open_browser()
    here = step(at_desk(marta, house.marta), case, 2)
    here.get_by_label("What stops it from getting worse?").fill("No lot leaves without a second look")
    here.get_by_label("Who does it").select_option(label="Marta Keller")
    here.get_by_label("By when").fill(yesterday())
    press(here, "Plan it")
    refused_at(here, "By when", "This time has passed. By when will it be done?")
    keeps(here, What_stops_it="No lot leaves without a second look")
    here.get_by_label("By when").fill(soon(hours=2))
    press(here, "Plan it")
    press(here, "Mark done")
    sees(here, "so somebody else checks")
    press(step(at_desk(sven, house.sven), case, 2), "I checked: it holds")
    here = step(marta.page, case, 2)
    choose(here, "How do they hear of it?", "Call")
    press(here, "They know: contained")
    refused_at(here, "What you tell them, or told them", "Write how they were told, and what.")
    here.get_by_label("What you tell them, or told them").fill("Nothing more leaves unchecked.")
    press(here, "They know: contained")
    is_gold(here)
    assert Action.objects.get().checked_by == house.sven
    quiet(marta)
