"""Every main page: nothing sideways on a phone, nothing for axe to say in light or dark."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils.timezone import now

from accounts import passes
from cases import arriving, rulebook
from cases.enums import EscalationReason
from cases.models import Policy
from cases.policy import DEFAULT
from cases.steps import resolve
from council import walls
from mail import delivery
from mail.inbound import storing
from mail.models import Inbound
from surveys import inviting
from surveys.models import Invitation
from tests import builders
from tests.journeys.hands import goes_sideways, sign_in

pytestmark = pytest.mark.browser
HOUR = timedelta(hours=1)
SERIOUS = ("serious", "critical")


@pytest.fixture
def places(house) -> dict[str, list[str]]:
    """The main pages of ours, of the administrator, and of the customer, with something on them."""
    builders.case(owner=house.marta, title="Late housings", now=now())
    case, asked = _asked(house)
    case_page = case.get_absolute_url()
    desk = ["/", "/cases/", "/cases/new/", "/customers/", "/learnings/", "/surveys/", "/council/", "/notices/"]
    desk += [f"/council/figures/{page}" for page in ("", "side-by-side/", "value/", "causes/", "told-in-time/cases/")]
    desk += ["/council/figures/do-the-repaired-hold/", f"/council/statements/{case.customer_id}/"]
    late = builders.case(owner=house.marta, title="Late again", now=now())
    builders.on_the_docket(late, EscalationReason.REPEAT, now=now())
    council = ["/council/review/", "/council/log/", "/council/mandate/", "/before/", "/before/signals/"]
    council.append(f"/council/brief/{late.number}/")
    tabs = [f"{case_page}?tab={tab}" for tab in ("timeline", "discovery", "facts", "promises", "actions", "files")]
    tabs += [f"{case_page}?write=email", f"{case_page}?write=theirs"]
    steps = [f"{case_page}?step={number}" for number in range(1, 10)]
    confirm = f"/confirm/{passes.token_of(asked.link)}/"
    wall = f"/wall/{walls.hang(actor=house.ada, place='Hall', now=now())[1]}/"
    arrived = _arrived()
    admin = ["/manage/", "/account/people/", "/letters/", "/council/walls/", *arrived["admin"], *_rules()]
    admin += [f"/manage/{page}/" for page in ("log", "sweeps", "imports", "rates", "lists/categories")]
    admin += ["/account/teams/", "/account/people/new/"]
    return {
        "ours": [
            *desk,
            *council,
            *arrived["ours"],
            *tabs,
            *steps,
            f"/customers/{case.customer_id}/",
            "/search/?q=housings",
            *_clocks(case_page),
            *_beside(case_page),
        ],
        "admin": admin,
        "theirs": [confirm, _survey(asked), wall],
    }


def _arrived() -> dict[str, list[str]]:
    """The pages of messages: one waits in the intake, with a page of its own to show."""
    raw = b"From: Uwe <uwe@brunner.example>\nSubject: Soaked\nContent-Type: text/html\n\n<p>Two <b>pallets</b></p>"
    inbound = storing.store(raw=raw, source=Inbound.Source.COMMAND, now=now())
    arriving.take_in(now())
    ours = ["/intake/", f"/intake/{inbound.intake_item.pk}/", f"/messages/{inbound.pk}/"]
    return {"ours": ours, "admin": ["/arrivals/", "/mailboxes/", "/mailboxes/new/"]}


def _clocks(case_page: str) -> list[str]:
    return [f"{case_page}why/", f"{case_page}change/pause/"]


def _beside(case_page: str) -> list[str]:
    """The pages beside a case, and those no case needs."""
    parts = ("related/", "ends/", "seen-by/", "acts/lost/", "change/severity/", "print/", "8d/")
    return [*(f"{case_page}{part}" for part in parts), "/promises/", "/method/", "/account/"]


def _rules() -> list[str]:
    """The pages of calendars and policies, a newer version waiting to be applied to open cases."""
    policy = Policy.objects.get(is_default=True)
    times = {**DEFAULT["steps"], "resolve": {"*": "4d", "critical": "2d"}}
    rulebook.save_policy(actor=None, facts={**DEFAULT, "steps": times}, base=1, now=now())
    pages = (
        "letter-texts/",
        "letter-texts/new/",
        "policy/",
        "policies/",
        f"policies/{policy.pk}/apply/",
        "calendar/",
        "calendars/",
    )
    return [f"/manage/{page}" for page in pages]


def _asked(house):
    at = now() - 30 * HOUR
    case = builders.acknowledged(builders.case(owner=house.marta, now=at), now=at + HOUR)
    builders.ready_to_offer(case, now=at + HOUR)
    resolve.offer(case=case, actor=house.marta, text="Forty by courier", now=at + HOUR)
    resolve.carry_out(case=case, actor=house.marta, text="They came", by="Sven", at=at + HOUR, now=at + HOUR)
    return case, resolve.ask(case=case, actor=house.marta, now=now())


def _survey(asked) -> str:
    resolve.confirm(confirmation=asked, yes=True, text="", now=now())
    inviting.invite_due(now() + timedelta(days=3))
    delivery.deliver_due(now() + timedelta(days=3))
    return f"/survey/{passes.token_of(Invitation.objects.select_related('link').get().link)}/"


def faults_of(page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found if one["impact"] in SERIOUS]


def look(open_browser, house, places, check, **options) -> dict[str, object]:
    """Open every page as whom it is for and return what `check` has against it."""
    wrong = {}
    for who, user in (("ours", house.marta), ("admin", house.ada), ("theirs", None)):
        one = open_browser(**options)
        if user:
            sign_in(one.page, user)
        for place in places[who]:
            one.page.goto(place)
            if found := check(one.page):
                wrong[place] = found
        assert one.complaints == []
    return wrong


def test_no_page_goes_sideways_on_a_phone(open_browser, house, places):
    assert look(open_browser, house, places, goes_sideways, width=390, height=844) == {}


@pytest.mark.parametrize("dark", [False, True])
def test_axe_has_nothing_serious_to_say(open_browser, house, places, dark):
    assert look(open_browser, house, places, faults_of, dark=dark) == {}
