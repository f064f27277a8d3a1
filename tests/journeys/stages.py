"""What the journeys of single steps share: a case to work on, a refusal at its field, a step that is gold."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from cases.models import Case
from tests import builders
from tests.browser import Watched
from tests.journeys.crew import Crew
from tests.journeys.hands import local, sign_in

REFUSED = "status of 422"


def at_desk(one: Watched, user: User) -> Page:
    """Return the page of somebody of ours, signed in."""
    sign_in(one.page, user)
    return one.page


def worked(crew: Crew, **fields) -> Case:
    """Return Marta's case, an hour old and acknowledged."""
    then = timezone.now() - timedelta(hours=1)
    return builders.acknowledged(builders.case(owner=crew.marta, now=then, **fields), now=then)


def soon(**delta) -> str:
    """Write a moment from now as the date field of a browser takes it."""
    return local(timezone.now() + timedelta(**delta))


def yesterday() -> str:
    """Write a moment that has passed."""
    return soon(days=-1)


def refused_at(here: Locator, label: str, why: str) -> None:
    """Expect a refusal at the field of that label."""
    field = here.locator(".field", has=here.page.get_by_label(label)).first
    expect(field.locator(".wrong")).to_contain_text(why)


def keeps(area: Locator, **typed: str) -> None:
    """Expect what was typed to stand in its fields; a label's blanks are written as underscores."""
    for name, words in typed.items():
        expect(area.get_by_label(name.replace("_", " ")).first).to_have_value(words)


def is_gold(here: Locator) -> None:
    """Expect the step to be marked as done, in gold."""
    pill = here.locator(".card-head .pill")
    expect(pill).to_have_text("done")
    expect(pill).to_have_attribute("data-state", "done")


def quiet(one: Watched) -> None:
    """Expect no complaint of the browser but that forms were refused."""
    assert [text for text in one.complaints if REFUSED not in text] == []
