"""The method, as people read it: every step, question and principle, on the page and in the file alike."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from cases.booklet import chapters
from tests import builders
from tests.cases.stepping import page_of

FILE = Path(settings.BASE_DIR) / "docs" / "method.md"
STEP = ("What it is", "Source", "What Goldseam does", "Done when", "It refuses")


def found():
    return {one.place: one for one in chapters(FILE.read_text())}


def labels(chapter):
    return tuple(re.match(r"<b>(.+?):</b>", line)[1] for line in chapter.parts[0])


@pytest.mark.parametrize("number", range(1, 10))
def test_each_step_says_what_it_is_and_what_it_refuses(number):
    assert labels(found()[f"step-{number}"]) == STEP
    assert f"Connelly, method {number}." in found()[f"step-{number}"].parts[0][1]


@pytest.mark.parametrize("number", range(1, 8))
def test_each_question_and_principle_names_its_source(number):
    assert f"Connelly, question {number}." in found()[f"question-{number}"].parts[0][0]
    assert f"Hitt, principle {number}." in found()[f"principle-{number}"].parts[0][0]


def test_text_is_escaped_before_it_is_shown():
    (one,) = chapters("# A <b>\n\nIf **a < b**, & so on\n\n- one\n- **two**")
    assert one.heading == "A <b>"
    assert one.parts == ["If <b>a &lt; b</b>, &amp; so on", ["one", "<b>two</b>"]]


@pytest.mark.django_db
def test_page_shows_the_whole_file_to_everybody_who_signs_in(client):
    client.force_login(builders.user("auditor"))
    page = client.get("/method/").content.decode()
    assert re.findall(r'id="(step-\d|question-\d|principle-\d)"', page) == [
        *(f"question-{number}" for number in range(1, 8)),
        *(f"step-{number}" for number in range(1, 10)),
        *(f"principle-{number}" for number in range(1, 8)),
    ]
    assert "<b>It refuses:</b>" in page


@pytest.mark.django_db
@pytest.mark.parametrize("number", range(1, 10))
def test_each_panel_leads_to_its_chapter(number):
    case = builders.case(owner=builders.user())
    assert f'href="/method/#step-{number}"' in page_of(case.owner, case, number)
