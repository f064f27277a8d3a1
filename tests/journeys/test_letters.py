"""A letter's whole way in a browser: begun, checked, looked at, sent, taken back, sent again; at a real mail server."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from cases.models import Case, Contact, Entry, Outgoing, Promise
from mail.models import Message
from tests import builders
from tests.journeys.hands import press, sees, sign_in, unfold
from tests.journeys.trip import RUTH, turn

pytestmark = pytest.mark.browser
GOOD = "We sent forty housings by courier tonight; they are on your dock on Wednesday at 09:30."
URS = "urs.boss@halden.example"


@pytest.fixture
def case(house) -> Case:
    """A complaint of Ruth, with a colleague of hers who reads along."""
    halden = builders.customer(name="Halden Precision AG", account_manager=house.marta)
    ruth = Contact.objects.create(customer=halden, name="Ruth Aebi", email=RUTH)
    Contact.objects.create(customer=halden, name="Urs Boss", email=URS)
    return builders.case(owner=house.marta, of=halden, reporter=ruth, now=now())


@pytest.fixture
def desk(house, open_browser, case):
    """Marta's browser on the case."""
    one = open_browser()
    sign_in(one.page, house.marta)
    one.page.goto(case.get_absolute_url())
    yield one.page
    assert [text for text in one.complaints if "status of 422" not in text] == []


def composer(page: Page):
    return page.locator("#composer")


def write(page: Page, text: str) -> None:
    page.keyboard.press("e")
    expect(composer(page).get_by_label("Words")).to_be_visible()
    composer(page).get_by_label("Words").fill(text)


def test_letter_is_begun_checked_looked_at_sent_taken_back_and_sent_again(house, desk, case, clock, postbox):
    page = desk
    page.keyboard.press("e")
    composer(page).get_by_label("Begin with a text").select_option(label="1 · We heard you")
    press(composer(page), "Put it in")
    expect(composer(page).get_by_label("Subject")).to_have_value("We have your complaint, and it is mine now")
    composer(page).get_by_label("Words").fill("I am sorry. Our planner was careless.")
    press(composer(page), "Send the e-mail")
    sees(composer(page), "No date or hour stands in it.", "It may read as blame: “careless”.")
    assert Outgoing.objects.count() == 0
    composer(page).get_by_label("Words").fill(GOOD)
    part = unfold(composer(page), "Promise this")
    part.get_by_label("What you promise in it").fill("A call once they have arrived")
    part.get_by_label("By when").fill("2026-12-03T10:00")
    unfold(composer(page), "Copies, their words, files").get_by_label("Urs Boss").check()
    press(composer(page), "See it as they will")
    frame = page.frame_locator("iframe.letter-frame")
    expect(frame.get_by_text(GOOD)).to_be_visible()
    expect(frame.get_by_text("Done: 0 of 6 steps.")).to_be_visible()
    press(composer(page), "Send the e-mail")
    sees(page, "Your letter to Ruth Aebi")
    press(page.locator("#leaving"), "Take it back")
    expect(composer(page).get_by_label("Words")).to_have_value(GOOD)
    assert (Outgoing.objects.count(), Entry.objects.count(), Promise.objects.count()) == (0, 0, 0)
    press(composer(page), "Send the e-mail")
    sees(page, "Your letter to Ruth Aebi")
    clock.move_to(now() + timedelta(seconds=16), tick=True)
    turn()
    arrived(house, case, postbox)
    page.goto(case.get_absolute_url())
    sees(page, "1 copy", GOOD, "A call once they have arrived")


def arrived(house, case: Case, postbox) -> None:
    """Expect the letter at Ruth's server with its head and her link, and the copy without."""
    case.refresh_from_db()
    (own,) = [one for one in postbox.to(RUTH) if "mine now" in one.message["Subject"]]
    (copy,) = postbox.to(URS)
    receipt = Message.objects.get(template="receipt", thread=case.thread)
    head = own.message
    assert head["From"].startswith('"Marta Keller, Alder Castings"')
    assert (head["To"], head["Cc"]) == (f"Ruth Aebi <{RUTH}>", f"Urs Boss <{URS}>")
    assert f"+{case.thread.reply_token}@" in head["Reply-To"]
    assert (head["In-Reply-To"], head["References"]) == (receipt.message_id, receipt.message_id)
    assert head["Message-ID"] == copy.message["Message-ID"] == Entry.objects.get().message.message_id
    assert head["Auto-Submitted"] is None
    assert "/status/" in own.text and "/status/" not in copy.text
    assert "Thursday 3 December, 10:00: A call once they have arrived." in " ".join(own.text.split())
    assert Promise.objects.get().owner == house.marta


def test_letter_waits_for_the_customers_morning_and_leaves_then(desk, case, clock, postbox):
    write(desk, GOOD)
    composer(desk).get_by_role("radio", name="In their morning").check()
    press(composer(desk), "Send the e-mail")
    sees(desk, "Your letter to Ruth Aebi")
    row = Outgoing.objects.get()
    assert row.leaves_at == datetime(2026, 12, 2, 7, 0, tzinfo=UTC)
    clock.move_to(row.leaves_at - timedelta(minutes=1), tick=True)
    turn()
    assert Entry.objects.count() == 0
    clock.move_to(row.leaves_at, tick=True)
    turn()
    assert GOOD in " ".join(postbox.to(RUTH)[-1].text.split())


def test_letter_refused_for_good_shows_on_today_and_is_sent_again(desk, case, clock, postbox):
    turn()
    write(desk, GOOD)
    press(composer(desk), "Send the e-mail")
    sees(desk, "Your letter to Ruth Aebi")
    postbox.refuse("550 No such mailbox")
    clock.move_to(now() + timedelta(seconds=16), tick=True)
    turn()
    desk.goto("/")
    sees(desk, "A letter did not arrive", "550 No such mailbox")
    before = Message.objects.get(template="personal").message_id
    press(desk, "Send it again")
    sees(desk, "The letter leaves again within a minute.")
    turn()
    assert postbox.to(RUTH)[-1].message["Message-ID"] == before
    desk.goto("/")
    expect(desk.get_by_text("A letter did not arrive")).to_have_count(0)


def test_keys_open_each_composer_from_any_tab_and_send_it(desk, case):
    for key, label in (("e", "Words"), ("l", "What was said"), ("n", "Note for colleagues")):
        desk.goto(f"{case.get_absolute_url()}?tab=facts")
        desk.keyboard.press(key)
        expect(composer(desk).get_by_label(label)).to_be_visible()
    desk.goto(f"{case.get_absolute_url()}?write=email")
    composer(desk).get_by_label("Words").fill(GOOD)
    composer(desk).get_by_label("Words").press("Control+Enter")
    sees(desk, "Your letter to Ruth Aebi")
    assert Outgoing.objects.get().meant["text"] == GOOD
