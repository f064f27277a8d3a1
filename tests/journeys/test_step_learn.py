"""Steps 5, 6 and 9 in the browser: refused at the field with the words kept, then done, then gold."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases import actions
from cases.enums import ActionKind, WhyChain
from cases.models import Case, Cause, Change, Exposure
from cases.steps import learnings, root_cause
from tests.journeys import crew as people
from tests.journeys.hands import choose, press, sees, send_letter, step, unfold
from tests.journeys.stages import at_desk, is_gold, keeps, quiet, refused_at, worked

pytestmark = pytest.mark.browser
PROOF = "Three pallets without a label were late, none of nine with one."


def under_a_cause(crew) -> tuple[Case, Cause]:
    """Return Marta's case under a suspected cause with both chains, an action and nothing proved."""
    now = timezone.now()
    halden, _ = people.customers(crew)
    case = worked(crew, of=halden, links=list(halden.links.all()))
    cause = root_cause.link(case=case, actor=crew.priya, title="Hand-over without a scan", now=now)
    about = {"case": case, "cause": cause, "actor": crew.priya, "now": now}
    for chain in WhyChain:
        root_cause.write_whys(chain=chain, answers=["There is no rule for urgent pallets"], **about)
    planned = {"text": "A red label", "owner": crew.priya, "due_at": now + timedelta(days=3)}
    actions.plan_action(kind=ActionKind.CORRECTIVE, **planned, **about)
    return case, cause


def test_root_cause_is_proved_once_somebody_else_will_check_it(house, open_browser):
    case, cause = under_a_cause(house)
    one = open_browser()
    here = step(at_desk(one, house.priya), case, 5)
    prove = unfold(here, "Prove it")
    prove.get_by_label("Kind of cause").select_option(index=1)
    prove.get_by_label("How do we know?").fill(PROOF)
    press(prove, "This is the cause")
    sees(here, "Plan the effectiveness check: when, by what criterion, and who looks.")
    keeps(here, How_do_we_know=PROOF)
    check = unfold(here, "Plan the effectiveness check")
    check.get_by_label("By what will you see that it works?").fill("None late in eight weeks")
    check.get_by_label("Who looks").select_option(label="Priya Nair")
    press(check, "Plan the check")
    refused_at(here, "Who looks", "Whoever checks must not own one of the actions.")
    keeps(here, By_what_will_you_see="None late in eight weeks")
    here.get_by_label("Who looks").select_option(label="Lena Brandt")
    press(here, "Plan the check")
    sees(here, "Lena Brandt looks")
    prove = unfold(here, "Prove it")
    prove.get_by_label("Kind of cause").select_option(index=1)
    prove.get_by_label("How do we know?").fill(PROOF)
    press(prove, "This is the cause")
    is_gold(here)
    cause.refresh_from_db()
    assert (cause.state, cause.proof.text) == ("proved", PROOF)
    quiet(one)


def test_learnings_end_once_every_customer_who_shares_a_link_is_marked(house, open_browser):
    case, cause = under_a_cause(house)
    one = open_browser()
    here = step(at_desk(one, house.marta), case, 6)
    press(here, "Look for customers it could hit")
    mark = unfold(here, "Mark Brunner Hydraulik GmbH")
    choose(mark, "What is it with them?", "Safe")
    press(mark, "Mark")
    refused_at(here, "How do we know, or how were they told?", "Say how we know, or how they were told.")
    mark = unfold(here, "Mark Brunner Hydraulik GmbH")
    mark.get_by_label("How do we know, or how were they told?").fill("Their lots went by another carrier.")
    press(mark, "Mark")
    press(here, "The sweep is complete")
    is_gold(here)
    assert Exposure.objects.get(cause=cause).state == "safe"
    quiet(one)


def test_institutionalize_needs_the_place_of_the_change_and_then_the_letter(house, open_browser):
    case, cause = under_a_cause(house)
    actions.finish_action(action=cause.actions.get(), actor=house.priya, now=timezone.now())
    one = open_browser()
    page = at_desk(one, house.priya)
    here = step(page, case, 9)
    here.get_by_label("What is different now").fill("Urgent pallets carry a red label")
    press(here, "Enter the change")
    refused_at(here, "Where it is written down or built in", "Say where it is written down or built in")
    keeps(here, What_is_different_now="Urgent pallets carry a red label")
    here.get_by_label("Where it is written down or built in").fill("Shipping procedure 4.2")
    press(here, "Enter the change")
    press(here, "Send “you said, we changed”")
    refused_at(here, "Your letter", "Write what we found and what is different now.")
    here.get_by_label("Your letter").fill("You told us. We found the dock where urgent pallets were left.")
    send_letter(here, "Send “you said, we changed”", pointed_out=True)
    is_gold(step(page, case, 9))
    assert Change.objects.get().where == "Shipping procedure 4.2"
    quiet(one)


def _swept(house, cause) -> None:
    about = {"case": cause.case_causes.get().case, "actor": house.priya, "now": timezone.now()}
    learnings.sweep(cause=cause, **about)
    learnings.mark(exposure=Exposure.objects.get(), state="safe", note="Another carrier.", **about)
    learnings.complete(cause=cause, **about)


def test_a_proved_cause_that_shares_nothing_with_the_case_needs_a_reason(house, open_browser):
    _, cause = under_a_cause(house)
    _swept(house, cause)
    other = worked(house)
    one = open_browser()
    here = step(at_desk(one, house.priya), other, 5)
    here.get_by_label("A cause we know").select_option(label=cause.title)
    press(here, "Work on this cause")
    refused_at(here, "How you know that it is the same", "Say how you know that it is the same cause.")
    here.get_by_label("How you know that it is the same").fill("The same gate, on the same morning.")
    press(here, "Work on this cause")
    sees(here, cause.title)
    is_gold(step(one.page, other, 6))
    quiet(one)
