"""One incident, many customers: from a cause to the letters, the cases found by us, and the day it came back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases import actions
from cases.enums import ActionKind, WhyChain
from cases.models import Case, Exposure, Link
from cases.steps import learnings, root_cause
from tests import builders
from tests.journeys import crew as people
from tests.journeys.hands import goes_sideways, press, sees, sign_in, step, unfold
from tests.journeys.trip import turn

pytestmark = pytest.mark.browser


def struck(crew, title: str):
    """Return a case of Halden under a suspected cause that two other customers share a carrier with."""
    now = timezone.now()
    halden, brunner = people.customers(crew)
    castor = builders.customer(name="Castor Pumpen AG", account_manager=crew.marta)
    Link.objects.get(name="Nordfracht").customers.add(castor)
    for of, name in ((brunner, "Uwe Brunner"), (castor, "Ida Castor")):
        builders.contact(of, name=name)
    case = builders.case(owner=crew.marta, of=halden, now=now, links=list(Link.objects.all()))
    cause = root_cause.link(case=case, actor=crew.priya, title=title, now=now)
    for chain in WhyChain:
        root_cause.write_whys(
            case=case, cause=cause, actor=crew.priya, chain=chain, answers=["Nobody scans at the gate"], now=now
        )
    learnings.sweep(case=case, cause=cause, actor=crew.priya, now=now)
    about = {"kind": ActionKind.CORRECTIVE, "text": "Scan at the gate", "owner": crew.marta}
    actions.plan_action(case=case, cause=cause, actor=crew.priya, due_at=now + timedelta(days=5), now=now, **about)
    planned = {"criterion": "No lost box in eight weeks", "checker": crew.priya, "due_at": now + timedelta(days=60)}
    root_cause.plan_check(case=case, cause=cause, actor=crew.priya, now=now, **planned)
    return case, cause


def test_incident_tells_every_customer_first_and_a_recurrence_stands_on_all_their_cases(
    house, clock, open_browser, postbox
):
    case, cause = struck(house, "Carrier hand-over without a scan")
    page = open_browser().page
    sign_in(page, house.priya)
    here = step(page, case, 6)
    sees(here, "0 of 2 looked at")
    here.get_by_role("link", name="Tell them first, by letter").click()
    page.get_by_label("What we found").fill("A pallet of {customer} left without a scan.")
    page.get_by_label("What it means for them").fill("A box may be missing.")
    page.get_by_label("What we do").fill("We count every box today, {name}.")
    page.get_by_label("What you promise each of them").fill("The result of our count")
    press(page, "Read the letters")
    sees(page, "A pallet of Brunner Hydraulik GmbH left without a scan.", "We count every box today, Ida Castor.")
    assert not goes_sideways(page)
    press(page, "Send 2 letters")
    sees(page, "2 letters leave in a moment", "Until then nothing has happened.")
    press(page, "Send it now")
    turn()
    page.get_by_role("link", name="Back to the cause").click()
    sees(page, "2 of 2 looked at, 2 told first", "to the last customer told")
    turn()
    subjects = sorted(letter.message["subject"].partition(":")[0] for letter in postbox.letters)
    assert subjects.count("Nordfracht") == 2
    for exposure in Exposure.objects.select_related("opened"):
        sees(step(page, exposure.opened, 1), "Tell them, before they tell us", "done")
    action = cause.actions.get()
    actions.finish_action(action=action, actor=house.marta, now=timezone.now())
    clock.move_to(timezone.now() + timedelta(hours=2), tick=True)
    sign_in_again(page, house)
    again = builders.case(owner=house.marta, of=case.customer, severity="low", now=timezone.now())
    here = step(page, again, 5)
    here.get_by_label("A cause we know").select_option(label=cause.title)
    press(here, "Work on this cause")
    page.wait_for_url(lambda url: url.endswith("#step"))
    sees(page, "The same cause struck again")
    for one in Case.objects.filter(case_causes__cause=cause):
        sees(step(page, one, 5), "The same cause struck again", "open again since")
    page.goto(f"/learnings/{cause.pk}/")
    sees(page, "It came back")
    unfold(page, "Change this chain")


def sign_in_again(page, house) -> None:
    """Stay signed in after the clock has moved."""
    page.goto("/")
    if "/account/login/" in page.url:
        sign_in(page, house.priya)
