"""Two people change one case at the same time: the second is shown both versions and loses no word (promise R6)."""

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from cases.models import Case
from tests import builders
from tests.journeys.hands import press, sees, sign_in

pytestmark = pytest.mark.browser
REFUSED = "status of 409"


def test_second_of_two_sees_both_versions_and_loses_no_word(house, open_browser):
    case = builders.case(owner=house.marta, title="Late housings", now=now())
    marta, sven = open_browser(), open_browser()
    for one, user in ((marta, house.marta), (sven, house.sven)):
        sign_in(one.page, user)
        one.page.goto(f"{case.get_absolute_url()}change/edit/")
    sven.page.get_by_label("Title").fill("Late housings, third time")
    press(sven.page, "Save")
    sees(sven.page, "Late housings, third time")
    marta.page.get_by_label("Title").fill("Housings late at Halden")
    marta.page.get_by_label("Competitor waiting").fill("Rhein Guss")
    press(marta.page, "Save")
    versions = marta.page.get_by_role("region", name="Sven Holm changed this while you were writing")
    sees(versions, "Late housings, third time", "Housings late at Halden", "Rhein Guss")
    expect(marta.page.get_by_label("Title")).to_have_value("Housings late at Halden")
    assert Case.objects.get().title == "Late housings, third time"
    press(marta.page, "Save")
    sees(marta.page, "Housings late at Halden")
    kept = Case.objects.get()
    assert (kept.title, kept.competitor) == ("Housings late at Halden", "Rhein Guss")
    assert [text for one in (marta, sven) for text in one.complaints if REFUSED not in text] == []
