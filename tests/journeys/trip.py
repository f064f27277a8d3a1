"""One complaint on its way: who works on it, whose letters came, where it stands."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from playwright.sync_api import Page

from accounts.models import User
from cases.models import Case, SetAside
from cases.timeline import faults
from recovery.celery import app
from tests.browser import Watched
from tests.journeys.crew import Crew
from tests.journeys.hands import sign_in
from tests.postbox import Postbox, Received

PHONE = {"width": 390, "height": 844}
REFUSED = "status of 422"
RUTH = "ruth.aebi@halden.example"


def turn() -> None:
    """Let two minutes of the timetable pass: what the first one queues leaves with the second. Nothing may break."""
    app.loader.import_default_modules()
    for _ in range(2):
        for entry in app.conf.beat_schedule.values():
            app.tasks[entry["task"]]()
    assert list(SetAside.objects.values_list("sweep", "error")) == []


@dataclass
class Trip:
    """The case and everybody's browser; `clock` is the one the whole house reads."""

    crew: Crew
    clock: Any
    postbox: Postbox
    open_browser: Callable[..., Watched]
    desks: dict[int, Watched] = field(default_factory=dict)
    phones: list[Watched] = field(default_factory=list)

    @property
    def case(self) -> Case:
        """The case, fresh from the database."""
        return Case.objects.select_related("owner", "reporter", "confirmer").get()

    def desk(self, user: User) -> Page:
        """Return the page of somebody of ours, signed in at their first use of it."""
        if user.pk not in self.desks:
            self.desks[user.pk] = self.open_browser()
            sign_in(self.desks[user.pk].page, user)
        return self.desks[user.pk].page

    def phone(self, link: str) -> Page:
        """Return the page a customer sees who opens `link` on a phone that has never been here."""
        self.phones.append(self.open_browser(**PHONE, is_mobile=True, has_touch=True))
        self.phones[-1].page.goto(link)
        return self.phones[-1].page

    def at(self, moment: datetime) -> None:
        """Move the clock and let the timetable do what is due there."""
        self.clock.move_to(moment, tick=True)
        turn()

    def letters_to(self, address: str, subject: str) -> list[Received]:
        """Return the letters that arrived at an address with `subject` in theirs, oldest first."""
        return [letter for letter in self.postbox.to(address) if subject in letter.message["subject"]]

    def whole(self) -> None:
        """Expect an unbroken chain of events and no complaint of any browser but that a form was refused."""
        assert faults(self.case.pk) == []
        everybody = (*self.desks.values(), *self.phones)
        assert [one for browser in everybody for one in browser.complaints if REFUSED not in one] == []
