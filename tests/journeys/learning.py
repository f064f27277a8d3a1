"""What came of it: the gesture, the cause, the others it could hit, the change, and the letter that says so."""

from datetime import datetime

from playwright.sync_api import Locator, expect

from cases.enums import CaseState, CauseState, ExposureState, Outcome, StepState
from cases.models import Cause, Change, Check, Exposure, Gesture, Step
from tests.journeys.hands import choose, local, press, sees, send_letter, step, unfold
from tests.journeys.trip import RUTH, Trip, turn

CRITERION = "Every urgent pallet leaves the same day until February"
CAUSE = "Hand-over of urgent pallets at the carrier's dock"
ACTION = "Urgent pallets get a red label and a call"


def go_beyond(trip: Trip) -> None:
    """A gesture within the owner's limit needs no approval, and reaches them."""
    here = step(trip.desk(trip.crew.marta), trip.case, 4)
    choose(here, "What did it cost them most?", "Time")
    here.get_by_label("What you would like to give").fill("A day of our planner at their site")
    here.get_by_label("Why it fits what went wrong").fill("They lost a day of planning because of us.")
    here.get_by_label("What it costs us").fill("300")
    press(here, "Propose it")
    here.get_by_label("How it reached them").fill("Sven was there on Thursday.")
    press(here, "It reached them")
    expect(here.locator(".card-head .pill")).to_have_text("done")
    gesture = Gesture.objects.get()
    assert (gesture.cost, gesture.currency, gesture.state) == (30_000, "CHF", "delivered")


def find_the_cause(trip: Trip, due_at: datetime) -> None:
    """Quality writes both chains of whys, plans the action and the check, and proves the cause."""
    here = step(trip.desk(trip.crew.priya), trip.case, 5)
    here.get_by_label("Or a new one we suspect").fill(CAUSE)
    press(here, "Work on this cause")
    _chain(here, "Why did it happen?", "The pallet stood at the wrong dock")
    _chain(here, "Why did we not catch it?", "Nobody looks at the dock before noon")
    plan = unfold(here, "Plan a corrective action")
    plan.get_by_label("What will be different").fill(ACTION)
    plan.get_by_label("Who does it").select_option(label="Priya Nair")
    plan.get_by_label("By when").fill(local(due_at))
    press(plan, "Plan the action")
    sees(here, ACTION)
    _check_and_prove(trip, here)


def _chain(here: Locator, ask: str, answer: str) -> None:
    part = here.locator("details", has=here.page.get_by_label(ask)).last
    if part.get_attribute("open") is None:
        part.locator("summary").first.click()
    part.get_by_label(ask).fill(answer)
    part.get_by_label("Why? (2)").fill("There is no rule for urgent pallets")
    press(part, "Keep this chain")
    sees(here, answer)


def _check_and_prove(trip: Trip, here: Locator) -> None:
    check = unfold(here, "Plan the effectiveness check")
    check.get_by_label("By what will you see that it works?").fill(CRITERION)
    check.get_by_label("Who looks").select_option(label="Lena Brandt")
    press(check, "Plan the check")
    sees(here, CRITERION)
    prove = unfold(here, "Prove it")
    prove.get_by_label("Kind of cause").select_option(index=1)
    prove.get_by_label("How do we know?").fill("Three pallets without a label were late, none of nine with one.")
    press(prove, "This is the cause")
    expect(here.locator(".card-head .pill")).to_have_text("done")
    assert (Cause.objects.get().state, Check.objects.get().checker) == (CauseState.PROVED, trip.crew.lena)
    trip.whole()


def tell_the_others(trip: Trip) -> None:
    """Whoever else it could hit is told first; then the sweep is complete."""
    here = step(trip.desk(trip.crew.marta), trip.case, 6)
    add = unfold(here, "Add a customer by hand")
    add.get_by_label("Another customer it could hit").fill("Brunner")
    press(add, "Put on the list")
    mark = unfold(here, "Mark Brunner Hydraulik GmbH")
    choose(mark, "What is it with them?", "Told first")
    mark.get_by_label("How do we know, or how were they told?").fill("Called their planner, before they noticed.")
    press(mark, "Mark")
    press(here, "The sweep is complete")
    expect(here.locator(".card-head .pill")).to_have_text("done")
    assert Exposure.objects.get().state == ExposureState.TOLD


def make_it_stick(trip: Trip) -> None:
    """The action is done, the change is in the register, the customer reads what they have changed: closed."""
    here = step(trip.desk(trip.crew.priya), trip.case, 9)
    press(here, "Mark done")
    here.get_by_label("What is different now").fill("Urgent pallets carry a red label and are announced by phone")
    here.get_by_label("Where it is written down or built in").fill("Shipping procedure 4.2")
    press(here, "Enter the change")
    here.get_by_label("Your letter").fill("You told us three times. We found the dock where urgent pallets were left.")
    assert trip.case.state == CaseState.RESOLVED
    send_letter(here, "Send “you said, we changed”", pointed_out=True)
    sees(here.page, "Closed · Recovered")
    turn()
    letter = trip.letters_to(RUTH, "You said, we changed")[0]
    assert ("Shipping procedure 4.2" in letter.text, Change.objects.get().owner) == (True, trip.crew.marta)


def closed(trip: Trip) -> None:
    """The case is closed as recovered, every step of it done, the chain of events whole."""
    case = trip.case
    assert (case.state, case.outcome, case.round) == (CaseState.CLOSED, Outcome.RECOVERED, 2)
    latest = {row.number: row.state for row in Step.objects.filter(case=case).order_by("round")}
    assert latest == dict.fromkeys(range(1, 10), StepState.DONE)
    page = trip.desk(trip.crew.marta)
    page.goto("/")
    expect(page.locator("main")).not_to_contain_text(case.title)
    here = step(page, case, 3)
    sees(unfold(here, "Round 1, attempt 1"), "Only thirty came. We need forty.")
    page.goto("/surveys/")
    sees(page, "The next lot is late again. Nobody told us.")
    trip.whole()
