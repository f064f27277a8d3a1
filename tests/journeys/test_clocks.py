"""Clocks in the browser: hours edited with their weeks, a policy saved and applied, a pause, and why a deadline is."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cases import entries
from cases.enums import EntryKind, Side
from cases.models import CalendarVersion, Case, Due, Pause, Snooze
from tests.journeys.hands import goes_sideways, press, sees, step, unfold
from tests.journeys.stages import at_desk, quiet, refused_at, soon, worked

pytestmark = pytest.mark.browser
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def word(case: Case, text: str, side: Side = Side.OURS) -> None:
    """Write down a call about the case, as a colleague does."""
    about = {"case": case, "actor": case.owner, "contact": case.reporter, "now": timezone.now()}
    entries.add_entry(kind=EntryKind.CALL, text=text, side=side, **about)


def step_due(case: Case, number: int) -> Due:
    return Due.objects.get(case=case, kind="step", ref=number)


def why_dialog(page: Page):
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", level=2)).to_have_text(re.compile("Why this deadline"))
    return dialog


def test_hours_are_edited_with_the_weeks_to_come_and_never_without_any(house, open_browser):
    one = open_browser()
    page = at_desk(one, house.ada)
    page.goto("/manage/calendar/")
    for day in DAYS[:5]:
        page.get_by_label(day).fill("")
    press(page, "Show what changes")
    sees(page, "This calendar has no opening hours. Give it at least one window.")
    for day in DAYS[:4]:
        page.get_by_label(day).fill("08:00-12:00, 13:00-17:00")
    page.get_by_label("Friday").fill("8-12")
    press(page, "Show what changes")
    refused_at(page.locator("main"), "Friday", "08:00")
    page.get_by_label("Friday").fill("08:00-12:15")
    page.get_by_label("Holidays of our own").fill("2026-12-08 Founders’ day")
    page.get_by_label("Holidays of our own").blur()
    weeks = page.locator("#weeks")
    sees(weeks, "08:00–12:15", "Founders’ day")
    assert CalendarVersion.objects.count() == 1
    press(page, "Show what changes")
    sees(page, "What changes with version 2")
    press(page, "Save as version 2")
    sees(page, "Version 2 is in force for cases logged from now on.")
    assert CalendarVersion.objects.get(number=2).facts["hours"]["fri"] == [["08:00", "12:15"]]
    quiet(one)


def test_policy_is_shown_saved_and_applied_to_open_cases(house, open_browser):
    case = worked(house)
    before = step_due(case, 5).due_at
    one = open_browser()
    page = at_desk(one, house.ada)
    page.goto("/manage/policy/")
    page.get_by_label("Root cause, normal").fill("3d")
    page.get_by_label("Root cause, high").fill("4d")
    press(page, "Show what changes")
    refused_at(page.locator("main"), "Root cause, high", "A high case cannot have more time than a normal one.")
    page.get_by_label("Root cause, high").fill("3d")
    page.get_by_label("Root cause, critical").fill("2d")
    press(page, "Show what changes")
    sees(page, "What changes with version 2")
    press(page, "Save as version 2")
    sees(page, "Version 2 is in force for cases logged from now on.")
    assert step_due(case, 5).due_at == before
    page.get_by_role("link", name="Apply the newest version to open cases").click()
    sees(page, "1 open case", "1 deadline would move", "Root cause, 3 working days")
    press(page, "Apply to 1 case")
    expect(page.get_by_role("button", name="Apply to 1 case")).to_have_count(0)
    assert step_due(case, 5).due_at < before
    quiet(one)


def test_question_pauses_our_clock_until_they_answer(house, clock, open_browser):
    case = worked(house)
    word(case, "Which revision of the drawing do you have?")
    before = step_due(case, 3).due_at
    one = open_browser()
    page = at_desk(one, house.marta)
    step(page, case, 3)
    page.get_by_label("More on this case").click()
    page.get_by_role("link", name="Pause our clock").click()
    form = page.get_by_role("dialog")
    expect(form.get_by_label("Root cause")).not_to_be_checked()
    form.get_by_label("Resolve").check()
    form.get_by_label("What we cannot do before they answer").fill("Cut the new housings.")
    form.get_by_label("Until when at the latest").fill(soon(days=9))
    press(form, "Pause our clock")
    refused_at(form, "Until when at the latest", "for the team lead to grant")
    expect(form.get_by_label("What we cannot do before they answer")).to_have_value("Cut the new housings.")
    form.get_by_label("Until when at the latest").fill(soon(hours=26))
    press(form, "Pause our clock")
    sees(page, "Our clock is paused", "for Resolve, until", "Cut the new housings.")
    assert Pause.objects.get(case=case).steps == [3]
    assert step_due(case, 3).due_at > before
    clock.shift(timedelta(minutes=5))
    word(case, "It is revision C.", Side.THEIRS)
    page.reload()
    expect(page.get_by_text("Our clock is paused")).to_have_count(0)
    sees(page, "Our clock runs again")
    ended = Pause.objects.get(case=case)
    assert (ended.ended_by.words.text, ended.to_at) == ("It is revision C.", ended.ended_by.at)
    quiet(one)


@pytest.mark.parametrize("width", [1440, 390])
def test_deadline_shows_its_sum_and_the_next_reminder_is_put_off_there(house, open_browser, width):
    case = worked(house)
    one = open_browser(width=width)
    page = at_desk(one, house.marta)
    panel = step(page, case, 3)
    panel.get_by_role("link", name="Why this deadline").click()
    dialog = why_dialog(page)
    sees(dialog, "Adds up to", "5 working days", "Who is reminded", "policy Standard, version 1")
    expect(dialog.get_by_role("img", name="Days from the start to the due time")).to_be_visible()
    assert not goes_sideways(page)
    form = unfold(dialog, "Put the next reminder off")
    form.get_by_label("Remind at").fill(soon(days=2, hours=20))
    form.get_by_label("Why it can wait").fill("The lorry leaves on Thursday.")
    press(form, "Put it off")
    page.wait_for_url(lambda url: "/why/" in url)
    sees(page, "put off by Marta Keller", "The lorry leaves on Thursday.")
    assert Snooze.objects.get(due=step_due(case, 3)).rung == 50
    assert not goes_sideways(page)
    quiet(one)
