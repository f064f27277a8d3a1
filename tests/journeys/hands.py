"""What hands do on a page: sign in, fill, press; and what eyes see there."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from cases import outgoing
from cases.models import Case
from tests.builders import PASSWORD

ZURICH = ZoneInfo("Europe/Zurich")
expect.set_options(timeout=20_000)  # a page may wait for a machine that is busy with something else
CASE_PAGE = re.compile(r"/cases/RC-\d+/")


def sign_in(page: Page, user: User) -> None:
    """Sign in by e-mail and password, at the page that asks for it or at the door."""
    if "/account/login/" not in page.url:
        page.goto("/account/login/")
    page.locator("#id_login").fill(user.email)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/account/login/" not in url)


def step(page: Page, case: Case, number: int) -> Locator:
    """Open a case at one of its steps and return the panel."""
    page.goto(f"{case.get_absolute_url()}?step={number}")
    return page.get_by_role("region", name="The step in hand")


def tab(page: Page, name: str) -> Locator:
    """Open a tab of the case shown and return what lies under it."""
    area = page.get_by_role("region", name="Parts of the case")
    area.get_by_role("link", name=re.compile(f"^{name}")).click()
    expect(area.locator("[aria-current=page]")).to_have_text(re.compile(name))
    return area


def choose(area: Locator | Page, group: str, name: str) -> None:
    """Press one of a few choices that stand side by side."""
    area.get_by_role("group", name=group).get_by_role("radio", name=name, exact=True).check()


def press(area: Locator | Page, name: str) -> None:
    """Press a button."""
    area.get_by_role("button", name=name, exact=True).first.click()


def unfold(area: Locator | Page, name: str) -> Locator:
    """Open a folded part, if it is folded, and return it."""
    page = area if isinstance(area, Page) else area.page
    part = area.locator("details", has=page.locator("summary", has_text=name)).last
    if part.get_attribute("open") is None:
        part.locator("summary").first.click()
    return part


def sees(area: Locator | Page, *texts: str) -> None:
    """Expect every text to be visible, waiting for it as a person would."""
    for text in texts:
        expect(area.get_by_text(text).first).to_be_visible()


def local(at: datetime) -> str:
    """Write a moment as the date field of a browser takes it."""
    return at.astimezone(ZURICH).strftime("%Y-%m-%dT%H:%M")


def goes_sideways(page: Page) -> bool:
    """Tell whether the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def send_letter(here: Locator, name: str, *, pointed_out: bool = False) -> None:
    """Send a step's letter off by its button, past what it lacks, and let it set out instead of taking it back."""
    press(here, name)
    if pointed_out:
        sees(here, "Before you send it")
        press(here, "Send it as it is")
    sees(here, "Until then nothing has happened.")
    with here.page.expect_navigation():
        press(here, "Send it now")
    assert outgoing.set_out(timezone.now()) == 1
    here.page.reload()
