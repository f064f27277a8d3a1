"""Other ends: counsel clears an offer, the customer withdraws, two cases become one, a small matter goes fast."""

import pytest
from django.utils.timezone import now

from cases import entries
from cases.enums import CaseState, EntryKind, Outcome, Severity, Side
from cases.models import CauseKind
from tests import builders
from tests.cases.resolving import confirmed
from tests.journeys import crew as people
from tests.journeys.hands import press, sees, sign_in, step

pytestmark = pytest.mark.browser


def their_mail(case):
    said = {"side": Side.THEIRS, "contact": case.reporter, "text": "Please forget it: the drawing was ours."}
    entries.add_entry(case=case, actor=case.owner, kind=EntryKind.EMAIL, now=now(), **said)


def test_other_ends(house, open_browser):
    halden, brunner = people.customers(house)
    carla = builders.user("counsel", name="Carla Weiss", email="carla@ours.example")
    legal = builders.ready_to_offer(
        builders.case(owner=house.marta, of=halden, title="Burn from a housing", sensitive=True, now=now()), now=now()
    )
    ruth = builders.contact(brunner, name="Ruth Aebi")
    first = builders.case(owner=house.marta, of=brunner, reporter=ruth, title="Late housings", now=now())
    twin = builders.case(owner=house.marta, of=brunner, reporter=ruth, title="Housings not here", now=now())
    small = builders.case(owner=house.marta, title="Typing error", severity=Severity.LOW, now=now())
    confirmed(builders.acknowledged(small, now=now(), at=now()), now())
    their_mail(first)
    marta, lena, counsel = (open_browser() for _ in range(3))
    sign_in(marta.page, house.marta)
    sign_in(lena.page, house.lena)
    sign_in(counsel.page, carla)
    _counsel_clears(marta.page, counsel.page, legal)
    _fast_lane(marta.page, small)
    _merge(lena.page, twin, first)
    _withdraw(marta.page, lena.page, first)
    assert [one.complaints for one in (marta, lena, counsel)] == [[], [], []]


def _counsel_clears(page, counsel, case):
    panel = step(page, case, 3)
    sees(panel, "An offer leaves only in words counsel has cleared.")
    panel.get_by_role("link", name="Ask counsel").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("The words, exactly as they will read them").fill("We replace all forty by Friday.")
    press(dialog, "Ask counsel")
    sees(step(page, case, 3), "Carla Weiss has been asked")
    counsel.goto("/")
    counsel.get_by_role("link", name="Clear it").click()
    sees(counsel, "We replace all forty by Friday.")
    counsel.get_by_role("group", name="Your word").get_by_text("Cleared", exact=True).click()
    press(counsel, "Answer")
    sees(counsel, "Nothing waits for you")
    sees(step(page, case, 3), "Carla Weiss cleared this offer.")


def _fast_lane(page, case):
    page.goto(case.get_absolute_url())
    page.get_by_role("link", name="Take the fast lane").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What kind of cause").select_option(label=CauseKind.objects.filter(retired=False).first().name)
    press(dialog, "Take the fast lane")
    sees(page, "Fast lane", "The fast lane is taken: five steps are waived by rule.")


def _merge(page, twin, into):
    page.goto(f"/cases/{twin.number}/related/")
    page.get_by_role("link", name="Merge it into another").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("The case that goes on").fill(into.number)
    dialog.get_by_label("How you see that it is the same complaint").fill("The same delivery note")
    press(dialog, "Merge into it")
    sees(page, "Work goes on there.")
    twin.refresh_from_db()
    assert (twin.outcome, twin.merged_into) == (Outcome.MERGED, into)


def _withdraw(page, lead, case):
    page.goto(f"/cases/{case.number}/ends/")
    page.get_by_role("link", name="Choose their words").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Please forget it: the drawing was ours.").click()
    press(dialog, "Ask the lead to confirm")
    sees(page, "Withdrawn: to be confirmed")
    lead.goto(case.get_absolute_url())
    lead.get_by_role("link", name="Decide", exact=True).click()
    press(lead, "Confirm: withdrawn")
    sees(lead, "Closed · Withdrawn", "still due: Root cause")
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED
