"""Putting it right: discovery and facts, the offer, the deed, and the customer's own word."""

import re
from datetime import datetime

from playwright.sync_api import Page, expect

from cases import discovery
from cases.enums import CaseState, OfferAnswer, Side, Verdict
from cases.models import Case, Confirmation, Fact, Offer
from tests.journeys.hands import choose, goes_sideways, press, sees, send_letter, step, tab, unfold
from tests.journeys.trip import RUTH, Trip, turn


def discover(trip: Trip) -> None:
    """An offer before the seven answers and both sides' facts is refused with its words kept; then it is asked."""
    page = trip.desk(trip.crew.marta)
    here = step(page, trip.case, 3)
    here.get_by_label("What we offer").fill("Forty housings by courier, Thursday 08:00")
    press(here, "Make the offer")
    sees(here, "Answer all seven discovery questions before the offer.")
    expect(here.get_by_label("What we offer")).to_have_value("Forty housings by courier, Thursday 08:00")
    assert Offer.objects.count() == 0
    _answer_all(page)
    _write_facts(page)
    trip.whole()


def _answer_all(page: Page) -> None:
    """Accept what the record proposes; answer the rest by hand."""
    area = tab(page, "Discovery")
    area.get_by_role("button", name=re.compile("Accept all")).click()
    expect(area.get_by_role("button", name=re.compile("Accept all"))).to_have_count(0)
    for number in discovery.unanswered(Case.objects.get()):
        question = page.locator(f"#question-{number}")
        part = unfold(question, "Answer it yourself")
        part.get_by_role("radio", name="Yes", exact=True).check()
        part.get_by_label("Note").fill("The order says so.")
        press(part, "Save the answer")
        expect(question.locator(".split .pill").first).to_have_text("Yes")
    assert discovery.unanswered(Case.objects.get()) == []


def _write_facts(page: Page) -> None:
    area = tab(page, "Facts")
    facts = (("From the customer", "No housing came on Monday"), ("From our side", "The carrier lost the pallet"))
    for side, text in facts:
        choose(area, "Whose fact", side)
        area.get_by_label("What is so").fill(text)
        area.get_by_label("Where it comes from").fill("Delivery note 4711")
        press(area, "Add the fact")
        sees(area, text)
    assert set(Fact.objects.values_list("side", flat=True)) == {Side.OURS, Side.THEIRS}


def offer(trip: Trip, words: str) -> None:
    """The offer leaves as a letter; their answer by phone is written down."""
    here = step(trip.desk(trip.crew.marta), trip.case, 3)
    here.get_by_label("What we offer").fill(words)
    send_letter(here, "Make the offer", pointed_out=True)
    turn()
    assert words in " ".join(trip.postbox.to(RUTH)[-1].text.split())
    choose(here, "What did they say?", "Accepted")
    press(here, "Write it down")
    sees(here.page, "Their answer is written down.")
    assert Offer.objects.latest("id").answer == OfferAnswer.ACCEPTED


def carry_out(trip: Trip, at: datetime, words: str) -> str:
    """Say what was done, then ask; return the link that arrived with the letter."""
    trip.at(at)
    here = step(trip.desk(trip.crew.marta), trip.case, 3)
    here.get_by_label("What was done").fill(words)
    press(here, "It is carried out")
    sees(here, words)
    send_letter(here, "Ask Ruth to confirm")
    sees(here, "Ruth Aebi was asked")
    turn()
    letter = trip.letters_to(RUTH, "Is it put right?")[-1]
    assert words in " ".join(letter.text.split())
    trip.whole()
    return next(link for link in letter.links if "/confirm/" in link)


def not_yet(trip: Trip, link: str, words: str) -> None:
    """On a phone, without a sign-in, they say what is missing. The owner reads it and is told by letter."""
    phone = trip.phone(link)
    sees(phone, "Ruth, is it put right?", "Forty housings by Friday noon.")
    assert not goes_sideways(phone)
    phone.get_by_text("Not yet, because…").tap()
    phone.get_by_label("What is still missing?").fill(words)
    phone.get_by_role("button", name="Send it to Marta").tap()
    sees(phone, "We hear you, Ruth.", words)
    told = Confirmation.objects.latest("id")
    assert (told.verdict, told.words.text, trip.case.state) == (Verdict.NOT_YET, words, CaseState.OPEN)
    turn()
    assert words in " ".join(trip.letters_to(trip.crew.marta.email, "Not yet put right")[-1].text.split())
    here = step(trip.desk(trip.crew.marta), trip.case, 3)
    sees(here, "“Not yet.”", words, "A new offer")
    trip.whole()


def yes(trip: Trip, link: str) -> None:
    """On a phone they say yes: the case is resolved by nobody else's word."""
    phone = trip.phone(link)
    phone.get_by_role("button", name="Yes, it is put right").tap()
    sees(phone, "Thank you, Ruth.")
    told = Confirmation.objects.latest("id")
    assert (told.verdict, told.how, trip.case.state) == (Verdict.YES, Confirmation.How.PAGE, CaseState.RESOLVED)
    page = trip.desk(trip.crew.marta)
    page.goto(trip.case.get_absolute_url())
    sees(page, "Confirmed by the customer")
    trip.whole()
