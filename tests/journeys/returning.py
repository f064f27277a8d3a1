"""It came back: the survey, a low answer, the docket, the council's decision, and the road back to their yes."""

from datetime import datetime, timedelta

from django.utils.timezone import now
from playwright.sync_api import Page, expect

from cases.enums import CaseState, EscalationReason, StepState
from cases.models import Action, Escalation, Step
from council.models import Decision
from surveys.models import Answer, Invitation, SurveyVerdict
from tests.journeys import repairing
from tests.journeys.hands import choose, goes_sideways, local, press, sees, step
from tests.journeys.trip import RUTH, Trip, turn

TEN_MINUTES = timedelta(minutes=11)
ORDER = "A loading plan for Halden that names each pallet"


def be_seen(trip: Trip) -> None:
    """The council looks through the new cases: ticked, seen, nothing asked."""
    page = trip.desk(trip.crew.noor)
    page.goto("/council/")
    page.get_by_role("checkbox", name=f"Seen: {trip.case.number}").check()
    press(page, "Mark the ticked as seen")
    sees(page, "1 seen.", "Every case has been seen.")
    assert Step.objects.get(case=trip.case, number=8).done_by == trip.crew.noor
    trip.whole()


def be_asked(trip: Trip, at: datetime) -> str:
    """Three days after the confirmation the survey letter leaves; return the link behind its middle number."""
    turn()
    before = len(trip.letters_to(RUTH, "Did we put it right?"))
    assert Invitation.objects.filter(case=trip.case, round=trip.case.round, sent_at=None).count() == 1
    trip.at(at)
    letters = trip.letters_to(RUTH, "Did we put it right?")
    assert len(letters) == before + 1
    return next(link for link in letters[-1].links if "satisfied=3" in link)


def answer_low(trip: Trip, link: str, at: datetime) -> None:
    """One minute on a phone: a number in the letter preselects, nothing is sent until the button is pressed."""
    trip.at(at)
    phone = trip.phone(link)
    sees(phone, "Ruth, did we put it right?")
    assert (goes_sideways(phone), Answer.objects.count()) == (False, 0)
    _mark(phone, satisfied=2, heard=1, easy=3, recommend=3)
    phone.get_by_label("What should we still do?").fill("The next lot is late again. Nobody told us.")
    phone.get_by_role("button", name="Send my answer").tap()
    sees(phone, "Thank you, Ruth.", "We opened RC-")
    answer = Answer.objects.get()
    assert (answer.satisfied, answer.heard, answer.verdict) == (2, 1, SurveyVerdict.REOPEN)
    turn()
    _came_back(trip)


def _mark(phone: Page, **marks: int) -> None:
    for name, mark in marks.items():
        phone.locator(f"input[name={name}][value='{mark}']").check(force=True)


def _came_back(trip: Trip) -> None:
    case = trip.case
    assert (case.state, case.round) == (CaseState.OPEN, 2)
    assert Escalation.objects.get(case=case, decided_at=None).reason == EscalationReason.LOW_ANSWER
    anew = Step.objects.filter(case=case, round=2).order_by("number").values_list("number", "state")
    assert list(anew) == [(number, StepState.PLANNED) for number in (1, 3, 7, 8)]
    assert "Nobody told us." in trip.letters_to(trip.crew.marta.email, "Marked low")[0].text
    page = trip.desk(trip.crew.marta)
    page.goto(case.get_absolute_url())
    sees(page, "Round 2", "With the council", "The next lot is late again. Nobody told us.")
    trip.whole()


def decide(trip: Trip, due_at: datetime) -> None:
    """A member of the council orders an action: it is on the case at once, with its owner and time."""
    page = trip.desk(trip.crew.noor)
    page.goto("/council/")
    row = page.locator(".docket-row", has_text=trip.case.number)
    sees(row, "Third late delivery of spindle housings", "Nobody told us.")
    row.get_by_text("More", exact=True).click()
    row.get_by_role("link", name="Order an action").click()
    form = page.get_by_role("dialog")
    form.get_by_label("What is to be done").fill(ORDER)
    form.get_by_label("Who does it").select_option(label="Sven Holm")
    form.get_by_label("By when").fill(local(due_at))
    form.get_by_label("Why", exact=True).fill("It struck the same customer twice in a week.")
    press(form, "Order it")
    sees(page, "It counts from now.", "The docket is empty")
    _decided(trip)


def _decided(trip: Trip) -> None:
    decision = Decision.objects.get()
    assert (decision.author, decision.owner, decision.escalation.decided_at) == (
        trip.crew.noor,
        trip.crew.sven,
        decision.taken_at,
    )
    assert Action.objects.get(words__text=ORDER).owner == trip.crew.sven
    assert Step.objects.get(case=trip.case, round=2, number=8).state == StepState.PLANNED
    turn()
    assert trip.letters_to(trip.crew.marta.email, "The council decided") == []  # it may still be taken back
    trip.at(now() + TEN_MINUTES)
    assert "twice in a week" in trip.letters_to(trip.crew.marta.email, "The council decided")[0].text
    page = trip.desk(trip.crew.marta)
    page.goto(f"{trip.case.get_absolute_url()}?tab=actions")
    sees(page, ORDER)
    trip.whole()


def do_what_was_ordered(trip: Trip) -> None:
    """Whoever was given the action finds it on Today, and marks it done on the case."""
    page = trip.desk(trip.crew.sven)
    page.goto("/")
    sees(page.locator("main"), trip.case.number)
    page.goto(f"{trip.case.get_absolute_url()}?tab=actions")
    press(page.locator("#tab li", has_text=ORDER), "Done")
    sees(page.locator("#tab li", has_text=ORDER), "done")
    assert Action.objects.get(words__text=ORDER).done_by == trip.crew.sven
    turn()
    assert Step.objects.get(case=trip.case, round=2, number=8).state == StepState.DONE


def acknowledge_by_phone(trip: Trip, promise: str, due_at: datetime) -> None:
    """The second time it is a call."""
    here = step(trip.desk(trip.crew.marta), trip.case, 1)
    choose(here, "How do they hear from you?", "Call")
    here.get_by_label("What you tell them, or told them").fill("Apologised, asked what is missing, promised the plan.")
    here.get_by_label("What you promise").fill(promise)
    here.get_by_label("By when they hear or have it").fill(local(due_at))
    press(here, "Acknowledge")
    expect(here.locator(".card-head .pill")).to_have_text("done")
    assert Step.objects.get(case=trip.case, round=2, number=1).state == StepState.DONE


def keep_the_promises(trip: Trip) -> None:
    """What was promised is marked kept, one after the other."""
    page = trip.desk(trip.crew.marta)
    page.goto(f"{trip.case.get_absolute_url()}?tab=promises")
    kept = page.get_by_role("button", name="Kept", exact=True)
    while kept.count():
        left = kept.count()
        kept.first.click()
        expect(kept).to_have_count(left - 1)


def resolve_again(trip: Trip, at: datetime) -> None:
    """A new offer in the second round, carried out, and confirmed by the customer."""
    repairing.offer(trip, "Each delivery with a loading plan, starting today")
    link = repairing.carry_out(trip, at, "Plan and forty housings came at 09:00")
    repairing.yes(trip, link)


def answer_well(trip: Trip, link: str, at: datetime) -> None:
    """A good answer the second time: kept, told to the owner, and the survey step is done."""
    trip.at(at)
    phone = trip.phone(link)
    _mark(phone, satisfied=5, heard=5, easy=4, recommend=9)
    phone.get_by_role("button", name="Send my answer").tap()
    sees(phone, "Thank you, Ruth.", "5 of 5")
    assert Answer.objects.latest("id").verdict == SurveyVerdict.FINE
    assert Step.objects.get(case=trip.case, round=2, number=7).state == StepState.DONE
    assert trip.case.state == CaseState.RESOLVED
    page = trip.desk(trip.crew.marta)
    page.goto("/surveys/")
    sees(page.locator("main"), trip.case.number)
    trip.whole()
