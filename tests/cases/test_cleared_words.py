"""On a legal matter every admission and every offer leaves only in words counsel has cleared, the last letters too."""

from datetime import date

import pytest

from cases import ending, legal
from cases.enums import ClearanceKind, GestureKind, StepState
from cases.models import Clearance
from cases.refusals import Refused
from cases.steps import go_beyond, institutionalize, root_cause
from mail.models import Message
from tests import builders
from tests.builders import NOON
from tests.cases.resolving import refused
from tests.cases.stepping import HOUR, THEN, gone, page_of, send, state_of

pytestmark = pytest.mark.django_db
LETTER = "You told us. We found the dock where the pallets were left."
FINAL = ending.FinalAnswer("The housings were as drawn.", "The credit of May stands.", "The arbitration board.")


@pytest.fixture(autouse=True)
def an_hour_later(clock):
    clock.move_to(THEN)


@pytest.fixture
def counsel():
    return builders.user("counsel", name="Carla Weiss")


@pytest.fixture
def case(counsel):
    return builders.case(owner=builders.user(of=builders.team()), sensitive=True)


def cleared(case, counsel, text, kind=ClearanceKind.ADMISSION):
    asked = legal.ask(case=case, actor=case.owner, kind=kind, text=text, now=THEN)
    legal.decide(clearance=asked, actor=counsel, cleared=True, reason="", now=THEN)


def test_you_said_we_changed_waits_for_counsel(case, counsel):
    root_cause.link(case=case, actor=case.owner, title="The dock", now=NOON)
    adoption = institutionalize.Adoption("A red label", "Procedure 4.2", case.owner, date(2026, 11, 17))
    institutionalize.adopt(case=case, actor=case.owner, adoption=adoption, now=NOON)
    answer = send(case.owner, case, "institutionalize", "tell", text=LETTER)
    page = answer.content.decode()
    assert (answer.status_code, LETTER in page) == (422, True)
    assert "counsel clears an admission first" in page and "Ask counsel" in page
    assert not Message.objects.filter(template="changed").exists()
    cleared(case, counsel, LETTER)
    gone(case.owner, case, "institutionalize", "tell", text=LETTER)
    assert state_of(case, 9) == StepState.DONE


def test_gesture_waits_for_counsel(case, counsel):
    facts = {"kind": GestureKind.TIME, "what": "A setter for a day", "why": "Their line stood", "cost": 100}
    gesture = go_beyond.propose(case=case, actor=case.owner, currency="CHF", now=NOON, **facts)
    assert "A gesture reaches them only in words counsel has cleared." in page_of(case.owner, case, 4)
    with pytest.raises(Refused, match="counsel clears an offer first"):
        go_beyond.deliver(gesture=gesture, actor=case.owner, text="He was there", now=THEN)
    cleared(case, counsel, "A setter for a day", ClearanceKind.OFFER)
    go_beyond.deliver(gesture=gesture, actor=case.owner, text="He was there", now=THEN)
    assert state_of(case, 4) == StepState.DONE


def test_final_answer_waits_for_counsel(counsel):
    case = builders.case(owner=builders.user(of=builders.team()))
    refused(refused(builders.acknowledged(case), THEN), THEN + HOUR)
    legal.mark(case=case, actor=case.owner, reason="Their lawyer wrote", now=THEN)
    chair = builders.user("chair")
    with pytest.raises(Refused, match="counsel clears an admission first") as no:
        ending.not_agreed(case=case, actor=chair, answer=FINAL, now=THEN)
    assert no.value.field == "found"
    cleared(case, counsel, f"{FINAL.found}\n\n{FINAL.stands}\n\n{FINAL.whom}")
    ending.not_agreed(case=case, actor=chair, answer=FINAL, now=THEN)
    case.refresh_from_db()
    assert case.outcome == "not_agreed"


@pytest.mark.parametrize("what", ["clear_change", "clear_gesture"])
def test_each_of_these_words_is_laid_before_counsel_from_the_page(client, case, counsel, what):
    client.force_login(case.owner)
    assert client.get(f"/cases/{case.number}/acts/{what}/").status_code == 200
    client.post(f"/cases/{case.number}/acts/{what}/", {"text": LETTER})
    assert Clearance.objects.get().words.text == LETTER


def test_council_lays_a_final_answer_before_counsel(client, case, counsel):
    member = builders.user("council")
    client.force_login(member)
    client.post(f"/cases/{case.number}/acts/clear_final/", {"text": "All three parts"})
    assert Clearance.objects.get().asked_by == member
