"""The first day: logged while they are on the phone, chased, acknowledged, contained."""

from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import expect

from cases.enums import CaseState, StepState
from cases.models import CaseFile, Chase, Contact, Due, Step
from mail.models import Message, MessageState
from tests.journeys.hands import CASE_PAGE, choose, press, sees, send_letter, step
from tests.journeys.trip import RUTH, Trip, turn

HALFWAY = datetime(2026, 12, 1, 9, 13, tzinfo=UTC)
NEARLY = datetime(2026, 12, 1, 10, 25, tzinfo=UTC)
SUBJECT = "Third late delivery of spindle housings"


def log_the_complaint(trip: Trip, folder: Path) -> None:
    """Find the customer while typing, add the contact in place, attach the paper, open the case."""
    page = trip.desk(trip.crew.marta)
    page.get_by_role("link", name="Log a complaint").first.click()
    page.get_by_role("combobox", name="Customer").press_sequentially("Hald")
    page.get_by_role("option", name="Halden Precision AG").click()
    sees(page, "CHF 1,284,000")
    page.get_by_role("combobox", name="Who told us").press_sequentially("Ruth Aebi")
    page.get_by_role("option", name="New contact").click()
    page.get_by_role("textbox", name="E-mail").fill(RUTH)
    page.get_by_label("What happened, in their words").fill("This is the third time this year. The line stands.")
    paper = folder / "delivery-note.txt"
    paper.write_text("housings: 0 of 40")
    page.get_by_label("Files").set_input_files(paper)
    page.get_by_label("What can we do to make this right?").fill("Forty housings by Friday noon.")
    page.locator("summary", has_text="Title, owner").click()
    page.get_by_label("Title").fill(SUBJECT)
    press(page, "Open the case")
    page.wait_for_url(CASE_PAGE)
    sees(page, SUBJECT, "This is the third time this year. The line stands.", "they wait to hear from us")
    _opened(trip)


def _opened(trip: Trip) -> None:
    case = trip.case
    assert (case.state, case.owner, case.severity, case.round) == (CaseState.OPEN, trip.crew.marta, "normal", 1)
    assert (case.reporter, case.confirmer.email) == (Contact.objects.get(), RUTH)
    assert CaseFile.objects.get(case=case).name == "delivery-note.txt"
    turn()
    assert len(trip.letters_to(RUTH, "We have your complaint")) == 1
    trip.whole()


def be_chased(trip: Trip) -> None:
    """Halfway and near the end of the time the owner gets a letter; each rung once, and Today says it too."""
    trip.at(HALFWAY)
    trip.at(NEARLY)
    turn()
    due = Due.objects.get(case=trip.case, kind="step", ref=1)
    assert list(Chase.objects.filter(due=due).order_by("rung").values_list("rung", flat=True)) == [50, 80]
    assert len(trip.letters_to(trip.crew.marta.email, "Acknowledge")) == 2
    page = trip.desk(trip.crew.marta)
    page.goto("/")
    sees(page.locator("main"), SUBJECT, "Halden Precision AG")
    trip.whole()


def acknowledge(trip: Trip) -> None:
    """A person's letter leaves; the step is done once the mail server has taken it, not before."""
    here = step(trip.desk(trip.crew.marta), trip.case, 1)
    here.get_by_label("What you tell them, or told them").fill("I heard you. It is ours, and I see to it today.")
    choose(here, "Whose fault was it?", "Ours")
    here.get_by_label("What you promise").fill("A call with the courier's tracking number")
    trip.postbox.refuse("451 Try later", times=1)
    send_letter(here, "Acknowledge")
    turn()
    assert Step.objects.get(case=trip.case, number=1).state == StepState.PLANNED
    _accepted(trip)


def _accepted(trip: Trip) -> None:
    letter = Message.objects.get(template="personal")
    trip.at(letter.send_at)
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (MessageState.SENT, 2)
    done = Step.objects.get(case=trip.case, number=1)
    assert (done.state, done.done_at, done.note) == (StepState.DONE, letter.sent_at, "email")
    assert "I heard you." in trip.letters_to(RUTH, SUBJECT)[-1].text
    page = trip.desk(trip.crew.marta)
    page.reload()
    sees(page, "target 4 working hours", "Promised:")
    trip.whole()


def contain(trip: Trip) -> None:
    """Planned and done by one, checked by another, told to the customer."""
    here = step(trip.desk(trip.crew.marta), trip.case, 2)
    here.get_by_label("What stops it from getting worse?").fill("No shipment with Nordfracht until the cause is known")
    press(here, "Plan it")
    sees(here, "No shipment with Nordfracht")
    press(here, "Mark done")
    press(step(trip.desk(trip.crew.sven), trip.case, 2), "I checked: it holds")
    here = step(trip.desk(trip.crew.marta), trip.case, 2)
    sees(here, "Sven Holm")
    choose(here, "How do they hear of it?", "Call")
    here.get_by_label("What you tell them, or told them").fill("Nothing of yours goes with that carrier any more.")
    press(here, "They know: contained")
    expect(here.locator(".card-head .pill")).to_have_text("done")
    assert Step.objects.get(case=trip.case, number=2).state == StepState.DONE
    trip.whole()
