"""The last option in the browser: the form refuses and passes, two members vote, the letter leaves, the case ends."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.enums import EntryKind, StepNumber
from cases.models import Case, Step
from cases.steps import resolve
from cases.timeline import faults
from council.models import Decision
from tests import builders
from tests.journeys.hands import goes_sideways, press, sees, sign_in
from tests.journeys.trip import turn

pytestmark = pytest.mark.browser
TRIED = (StepNumber.CONTAIN, StepNumber.GO_BEYOND, StepNumber.ROOT_CAUSE, StepNumber.LEARNINGS)


def refused_once(case: Case) -> None:
    """Offer, carry out, ask, and let the customer say that it is not put right."""
    facts = {"case": case, "actor": case.owner, "now": timezone.now()}
    resolve.offer(text="Forty housings", means=EntryKind.CALL, **facts)
    resolve.carry_out(text="They arrived", by="Sven", at=facts["now"], **facts)
    question = resolve.ask(**facts)
    resolve.confirm(confirmation=question, yes=False, text="Half of them do not fit.", now=timezone.now())


def test_a_customer_is_let_go_by_two_members_and_gets_a_letter(house, clock, open_browser, postbox):
    now = timezone.now()
    halden = builders.customer(name="Halden Precision AG", account_manager=house.marta)
    ruth = builders.contact(halden, email="ruth.aebi@halden.example")
    case = builders.case(owner=house.marta, of=halden, reporter=ruth, now=now)
    builders.acknowledged(case, now=now)
    builders.ready_to_offer(case, now=now)
    refused_once(case)
    page = open_browser().page
    sign_in(page, house.noor)
    page.goto(f"/council/brief/RC-{case.pk}/")
    page.locator("header summary", has_text="More").click()
    page.get_by_role("link", name="Let the customer go").first.click()
    sees(page, "Not yet: not everything was tried", "2 · Contain is neither done nor waived.")
    sees(page, "They have refused one carried-out result in their own words; it takes two.", "Half of them do not fit.")
    refused_once(case)
    Step.objects.filter(case=case, number__in=TRIED).update(state="waived", done_at=now)
    page.reload()
    page.get_by_label("We are not the right supplier for them").check()
    page.get_by_label("Why parting does less harm than going on").fill("They need lots of ten.")
    page.get_by_label("Hours a year").fill("900")
    page.get_by_label("Cash, in CHF a year").fill("42000")
    page.get_by_label("What it costs the people who work for them").fill("Two asked to be moved.")
    page.get_by_label("The last day we supply them").fill("2020-01-31")
    press(page, "Read the letter")
    sees(page, "This day has passed. Give them time to find somebody else.")
    page.get_by_label("The last day we supply them").fill("2027-03-31")
    press(page, "Read the letter")
    sees(page, "The letter, as Ruth Aebi will read it", "Until 31 March 2027 you can count on us as before")
    assert not goes_sideways(page)
    press(page, "Put it to the vote")
    sees(page, "Let Halden Precision AG go?", "has not voted yet")
    voted(page, "They need another supplier.")
    sees(page, "Your vote is kept.", "has voted")
    turn()
    assert [letter for letter in postbox.to(house.jonas.email) if "Your vote by" in letter.message["subject"]]
    chair = open_browser(width=390).page
    sign_in(chair, house.jonas)
    chair.goto("/council/")
    chair.get_by_role("link", name="Read it and vote").click()
    assert not goes_sideways(chair)
    press(chair, "Vote")
    sees(chair, "Choose how you vote.")
    voted(chair, "Nothing we make fits them.")
    sees(chair, "Halden Precision AG is let go", "Nothing we make fits them.", "They need another supplier.")
    case.refresh_from_db()
    assert (case.state, case.outcome, Decision.objects.get().kind) == ("closed", "let_go", "let_go")
    turn()
    assert farewells(postbox, ruth) == []
    clock.move_to(timezone.now() + timedelta(minutes=11), tick=True)
    turn()
    assert len(farewells(postbox, ruth)) == 1
    chair.goto(case.get_absolute_url())
    sees(chair, "Closed · Let go")
    chair.goto("/council/log/")
    sees(chair, "Let the customer go", "2 of 2 voted to let go")
    assert faults(case.pk) == []


def voted(page, why: str) -> None:
    """Vote to let go, and say why."""
    page.get_by_role("radio", name="Let go", exact=True).check()
    page.get_by_label("Why").fill(why)
    press(page, "Vote")


def farewells(postbox, contact) -> list:
    """Return the farewell letters that arrived."""
    return [letter for letter in postbox.to(contact.email) if "Parting from you" in letter.message["subject"]]
