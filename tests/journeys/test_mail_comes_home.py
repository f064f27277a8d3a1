"""A reply comes home over real SMTP and IMAP, is marked, and a stranger's message becomes a case: in the browser."""

import re
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import pytest
from django.utils import timezone

from cases.models import Case, Contact, Entry
from cases.steps import resolve
from mail.models import Inbound
from tests import builders
from tests.journeys import crew as people
from tests.journeys.hands import choose, goes_sideways, press, sees, sign_in
from tests.journeys.trip import turn
from tests.mailbox_server import PASSWORD, USER

pytestmark = pytest.mark.browser
RUTH = "ruth.aebi@halden.example"


def asked(crew) -> Case:
    """Return a case of Halden whose customer was just asked whether it is put right."""
    now = timezone.now()
    halden, _ = people.customers(crew)
    ruth = builders.contact(halden, name="Ruth Aebi", email=RUTH)
    case = builders.acknowledged(builders.case(owner=crew.marta, of=halden, reporter=ruth, now=now), now=now)
    builders.ready_to_offer(case, now=now)
    words = {"case": case, "actor": crew.marta, "now": now}
    resolve.offer(text="Forty housings", **words)
    resolve.carry_out(text="They arrived", by="Sven", at=now, **words)
    resolve.ask(**words)
    return case


def answer_to(letter, text: str) -> bytes:
    """Write what a mail program makes of "Reply": to the reply address, with the headers, above the quotation."""
    reply = EmailMessage()
    reply["From"], reply["To"] = f"Ruth Aebi <{RUTH}>", letter.message["Reply-To"]
    reply["Subject"] = f"Re: {letter.message['Subject']}"
    reply["In-Reply-To"], reply["Message-ID"] = letter.message["Message-ID"], "<reply@halden.example>"
    reply["Date"] = format_datetime(timezone.now())
    quoted = "\n".join(f"> {line}" for line in letter.text.splitlines())
    reply.set_content(f"{text}\n\nOn Tue, 1 Dec 2026 at 08:12, Marta Keller wrote:\n\n{quoted}\n")
    return reply.as_bytes()


def from_a_stranger() -> bytes:
    """Write a message of somebody at Brunner's nobody has written down, with a page and a picture from elsewhere."""
    message = EmailMessage()
    message["From"], message["To"] = "Uwe Brunner <uwe@brunner.example>", "care@demo.example"
    message["Subject"], message["Message-ID"] = "Two pallets soaked", "<first@brunner.example>"
    message["Date"] = format_datetime(timezone.now() - timedelta(minutes=25))
    message.set_content("Two pallets stood in the rain this morning.")
    page = '<p>Two pallets stood in the <b>rain</b> this morning.</p><img src="https://news.example/pixel.png">'
    message.add_alternative(page, subtype="html")
    message.add_attachment(b"%PDF-1.7\n%%EOF", maintype="application", subtype="pdf", filename="pallets.pdf")
    return message.as_bytes()


def set_up_the_mailbox(page, imap) -> None:
    """Let the administrator add a mailbox, see that it works, and keep it."""
    page.goto("/mailboxes/new/")
    page.get_by_label("Name", exact=True).fill("Care")
    page.get_by_label("IMAP server").fill(imap.host)
    page.get_by_label("Port").fill(str(imap.port))
    page.get_by_label("Connection").select_option("none")
    page.get_by_label("User name").fill(USER)
    page.get_by_label("Password").fill("wrong")
    press(page, "Test the connection")
    sees(page, "It cannot be read.", "does not accept this user name and password")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Test the connection")
    sees(page, "It works.", "INBOX holds 0 messages.")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Save")
    sees(page, "Care is read every minute.")


def test_mail_comes_home(house, open_browser, postbox, imap):
    case = asked(house)
    admin = open_browser().page
    sign_in(admin, house.ada)
    set_up_the_mailbox(admin, imap)
    turn()
    question = next(one for one in postbox.to(RUTH) if "/confirm/" in one.text)

    imap.put(answer_to(question, "All forty are in. It is put right, thank you."))
    turn()
    desk = open_browser().page
    sign_in(desk, house.marta)
    _mark_the_reply(desk, case)
    case.refresh_from_db()
    assert (case.state, imap.count()) == ("resolved", 1)

    imap.put(from_a_stranger())
    turn()
    _take_it_in(desk)
    taken = Case.objects.exclude(pk=case.pk).get()
    assert taken.received_at < taken.logged_at - timedelta(minutes=20)
    assert (taken.reporter.email, taken.files.get().name) == ("uwe@brunner.example", "pallets.pdf")
    assert taken.words.get(part="complaint").text.strip() == "Two pallets stood in the rain this morning."
    turn()
    receipt = postbox.to("uwe@brunner.example")[0].message
    assert receipt["In-Reply-To"] == "<first@brunner.example>"
    assert Inbound.objects.filter(state="taken").count() == 2


def _mark_the_reply(page, case: Case) -> None:
    page.goto(f"{case.get_absolute_url()}?tab=timeline")
    sees(page, "All forty are in. It is put right, thank you.")
    entry = Entry.objects.get(case=case, inbound__isnull=False)
    assert "Marta Keller wrote" not in entry.words.text
    page.get_by_role("link", name="say what it means").click()
    sees(page, "What does their message say?", "Reminders have stopped")
    page.get_by_label("It says that it is put right").check()
    press(page, "Mark the message")
    page.wait_for_url(re.compile(r"/cases/RC-\d+/"))
    sees(page, "Thank you. The case shows how you read it.")


def _take_it_in(page) -> None:
    page.get_by_role("link", name="Intake").first.click()
    sees(page, "Two pallets soaked", "Uwe Brunner")
    page.get_by_role("link", name="Read and decide").click()
    sees(page, "Two pallets stood in the rain this morning.", "pallets.pdf")
    page.get_by_text("As they see it").click()
    inside = page.frame_locator("iframe")
    sees(inside.locator("body"), "rain")
    assert inside.locator("img[src]").count() == 0
    assert not goes_sideways(page)
    page.get_by_role("link", name="Take it in as a complaint").click()
    sees(page, "From the message", "say which customer it is")
    page.get_by_label("Customer", exact=True).fill("Brunner")
    page.get_by_role("option", name=re.compile("Brunner Hydraulik")).first.click()
    choose(page, "How bad is it", "Normal")
    press(page, "Open the case")
    page.wait_for_url(re.compile(r"/cases/RC-\d+/"))
    sees(page, "Two pallets soaked")
    assert Contact.objects.filter(email="uwe@brunner.example").count() == 1
