"""Three other ends in the browser: the customer withdraws, the customer is lost, no agreement is found."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases import entries
from cases.enums import EntryKind, Outcome, Side
from cases.models import Case, Step
from cases.timeline import faults
from tests import builders
from tests.cases.resolving import refused
from tests.journeys.hands import press, sees, sign_in
from tests.journeys.trip import RUTH, turn

pytestmark = pytest.mark.browser
THEIR_WORDS = "Forget it, our own gauge was wrong."


@pytest.fixture
def case(house):
    """A case of Marta's on which somebody has answered."""
    now = timezone.now()
    halden = builders.customer(name="Halden Precision AG", account_manager=house.marta)
    ruth = builders.contact(halden, email=RUTH)
    held = builders.case(owner=house.marta, of=halden, reporter=ruth, now=now)
    return builders.acknowledged(held, now=now)


@pytest.fixture
def seated(open_browser):
    """A function that gives somebody a browser of their own, signed in."""

    def seat(user):
        page = open_browser().page
        sign_in(page, user)
        return page

    return seat


def ended(case: Case, outcome: Outcome) -> None:
    """Expect the case closed with this outcome, what we learn from it still due, and its record whole."""
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", outcome)
    planned = Step.objects.filter(case=case, state="planned").order_by("number").values_list("number", flat=True)
    assert list(planned) == [5, 6, 9]
    assert faults(case.pk) == []


def ends_of(page, case: Case):
    """Open the page of ends from the menu of the case."""
    page.goto(case.get_absolute_url())
    page.locator("summary[aria-label='More on this case']").click()
    page.get_by_role("link", name="How it may end").click()
    return page


def test_withdrawn_by_their_own_words_and_confirmed_by_the_lead(house, case, seated):
    marta, lena = seated(house.marta), seated(house.lena)
    sees(ends_of(marta, case), "Nobody here can do it for them.")
    marta.get_by_role("link", name="Choose their words").click()
    sees(marta, "Nothing they wrote is on this case yet. Write down their e-mail or letter first")
    said = {"kind": EntryKind.EMAIL, "text": THEIR_WORDS, "side": Side.THEIRS, "contact": case.reporter}
    entries.add_entry(case=case, actor=house.marta, now=timezone.now(), **said)
    ends_of(marta, case).get_by_role("link", name="Choose their words").click()
    press(marta, "Ask the lead to confirm")
    sees(marta, "Choose the message in which they withdraw it.")
    marta.get_by_role("radio", name=THEIR_WORDS).check()
    press(marta, "Ask the lead to confirm")
    sees(marta, "Withdrawn: to be confirmed", "The team lead confirms that a case ends like this")
    assert marta.get_by_role("button", name="Confirm: withdrawn").count() == 0
    sees(ends_of(lena, case), THEIR_WORDS)
    press(lena, "Confirm: withdrawn")
    sees(lena, "Closed · Withdrawn", "still due: Root cause")
    ended(case, Outcome.WITHDRAWN)


def test_lost_is_refused_once_by_the_lead_then_confirmed(house, case, seated):
    marta, lena = seated(house.marta), seated(house.lena)
    tomorrow = timezone.localdate() + timedelta(days=1)
    say_lost(marta, case, tomorrow)
    sees(marta, "This day lies ahead. As long as they are with us, work goes on.")
    marta.get_by_label("Since when").fill(timezone.localdate().isoformat())
    press(marta, "Ask the lead to confirm")
    sees(marta, "Customer lost: to be confirmed")
    page = ends_of(lena, case)
    page.locator("summary", has_text="It does not end like this").click()
    press(page, "Do not end it")
    sees(page, "Say why work goes on.")
    page.get_by_label("Why work goes on").fill("I have spoken with them; they wait for us.")
    press(page, "Do not end it")
    page.wait_for_url(f"**{case.get_absolute_url()}")
    assert Case.objects.get(pk=case.pk).is_open
    sees(ends_of(marta, case), "I have spoken with them; they wait for us.")
    say_lost(marta, case, timezone.localdate())
    sees(marta, "Customer lost: to be confirmed")
    press(ends_of(lena, case), "Confirm: customer lost")
    sees(lena, "Closed · Customer lost")
    ended(case, Outcome.CUSTOMER_LOST)


def say_lost(page, case: Case, on) -> None:
    """Say since when the customer is lost, and how we know."""
    ends_of(page, case).get_by_role("link", name="Say since when").click()
    page.get_by_label("Since when").fill(on.isoformat())
    page.get_by_label("How we know, and why they left").fill("They buy elsewhere since Monday.")
    press(page, "Ask the lead to confirm")


def test_not_agreed_after_two_refusals_by_the_council_with_a_final_answer(house, case, seated, clock, postbox):
    marta, noor = seated(house.marta), seated(house.noor)
    sees(ends_of(marta, case), "They have not refused a result. A final answer comes after two at the earliest.")
    for _ in range(2):
        refused(case, timezone.now())
    ends_of(marta, case).get_by_role("link", name="Ask the council").click()
    marta.get_by_label("Why no further attempt can put it right").fill("We read the drawing differently.")
    press(marta, "Ask the council")
    sees(marta, "The council is asked for a final answer.")
    noor.goto("/council/")
    row = noor.locator("article", has_text="We read the drawing differently.")
    row.get_by_role("link", name="Send a final answer").first.click()
    press(noor, "Send the final answer")
    sees(noor, "Write what we found.", "Write what still stands, of what we offered.")
    noor.get_by_label("What we found").fill("The drawing says 0.2 mm.")
    noor.get_by_label("What still stands").fill("Free rework until June.")
    noor.get_by_label("Whom they can turn to").fill("The chamber of commerce in Ulm.")
    noor.get_by_label("Why we end here").fill("All was tried.")
    press(noor, "Send the final answer")
    sees(noor, "Decided: send a final answer")
    ended(case, Outcome.NOT_AGREED)
    clock.move_to(timezone.now() + timedelta(minutes=11), tick=True)
    turn()
    letter = next(one for one in postbox.to(RUTH) if "final answer" in one.message["subject"])
    assert "The chamber of commerce in Ulm." in letter.text
    marta.goto(case.get_absolute_url())
    expect(marta.locator(".pill", has_text="Closed · Not agreed")).to_be_visible()
