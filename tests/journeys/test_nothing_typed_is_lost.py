"""What is typed is kept: after a refusal, when the sign-in is gone mid-way, with a file too large (promise R7)."""

import os

import pytest
from django.contrib.sessions.models import Session
from django.utils.timezone import now
from playwright.sync_api import expect

from accounts.models import Draft
from cases.models import Case, Entry
from mail.models import Blob
from tests import builders
from tests.journeys import crew as people
from tests.journeys.hands import CASE_PAGE, press, sees, sign_in

pytestmark = pytest.mark.browser
WORDS = "They called at eight. Nothing came. “Again”, she said."


def complaints(one, *expected: str) -> list[str]:
    return [text for text in one.complaints if not any(part in text for part in expected)]


def test_words_stay_after_a_refusal_and_the_case_opens_with_them(house, open_browser):
    people.customers(house)
    one = open_browser()
    page = one.page
    sign_in(page, house.marta)
    page.goto("/cases/new/")
    page.get_by_label("What happened, in their words").fill(WORDS)
    press(page, "Open the case")
    sees(page, "Not opened yet.")
    expect(page.get_by_label("What happened, in their words")).to_have_value(WORDS)
    page.get_by_role("combobox", name="Customer").press_sequentially("Halden")
    page.get_by_role("option", name="Halden Precision AG").click()
    page.get_by_role("combobox", name="Who told us").press_sequentially("Ruth Aebi")
    page.get_by_role("option", name="New contact").click()
    press(page, "Open the case")
    sees(page, "Ruth Aebi is new to us. Add an e-mail address or a phone number below.")
    page.get_by_role("textbox", name="E-mail").fill("ruth.aebi@halden.example")
    press(page, "Open the case")
    page.wait_for_url(CASE_PAGE)
    sees(page, WORDS)
    assert (Case.objects.count(), Draft.objects.count()) == (1, 0)
    assert complaints(one, "status of 422") == []


def test_words_come_back_after_the_sign_in_ran_out(house, open_browser):
    case = builders.case(owner=house.marta, now=now())
    one = open_browser()
    page = one.page
    sign_in(page, house.marta)
    page.goto(f"{case.get_absolute_url()}?write=note")
    Session.objects.all().delete()
    page.get_by_label("Note for colleagues").fill(WORDS)
    page.get_by_label("Note for colleagues").blur()
    sees(page, "You have been signed out.")
    page.get_by_role("link", name="Sign in again").click()
    sign_in(page, house.marta)
    expect(page.get_by_label("Note for colleagues")).to_have_value(WORDS)
    press(page, "Leave the note")
    sees(page, WORDS)
    assert Entry.objects.filter(words__text=WORDS).count() == 1
    assert complaints(one, "status of 403") == []


def test_file_of_200_megabytes_is_refused_in_words_and_the_rest_stays(house, open_browser, tmp_path):
    people.customers(house)
    one = open_browser()
    page = one.page
    sign_in(page, house.marta)
    page.goto("/cases/new/")
    film = tmp_path / "film.mp4"
    film.touch()
    os.truncate(film, 200 * 1024 * 1024)
    page.get_by_label("Files").set_input_files(film)
    sees(page, "too large, at most")
    page.get_by_label("What happened, in their words").fill(WORDS)
    press(page, "Open the case")
    sees(page, "“film.mp4” has 200 MB; a file may have 25 MB.")
    expect(page.get_by_label("What happened, in their words")).to_have_value(WORDS)
    assert (Case.objects.count(), Blob.objects.count()) == (0, 0)
    assert complaints(one, "status of 422") == []
