"""Three busy people decide: ten cases within forty keys, rightly on each; taken back at once; and who may not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from cases import entries
from cases.enums import CaseState, EntryKind, EscalationReason, GestureKind, GestureState, StepState
from cases.models import Case, CaseReader, Escalation, Gesture, Step
from cases.steps import go_beyond, waiver
from council import walls
from council.models import Decision, Seen
from tests import builders
from tests.cases.resolving import asked
from tests.journeys.hands import goes_sideways, press, sees, sign_in

pytestmark = pytest.mark.browser
HOUR = timedelta(hours=1)
R = EscalationReason


@dataclass(frozen=True)
class Plan:
    """What somebody wants to decide on one case, by which keys, and what must be true afterwards."""

    case: Case
    keys: tuple[str, ...]
    kind: str
    holds: Callable[[Case], bool]


def a_gesture(house, at: datetime, severity: str) -> Case:
    case = builders.case(owner=house.marta, now=at, severity=severity)
    go_beyond.propose(
        case=case, actor=house.marta, kind=GestureKind.TIME, what="A fitter for a day", why="It cost them a weekend.",
        cost=450_000, currency="CHF", now=at,
    )  # fmt: skip
    return case


def a_waiver(house, at: datetime) -> Case:
    case = builders.case(owner=house.marta, now=at, severity="high")
    waiver.propose(case=case, actor=house.marta, number=4, reason="They asked for nothing more", now=at)
    return case


def laid(house, at: datetime, reason: EscalationReason, ref: int = 0) -> Case:
    case = builders.case(owner=house.marta, now=at, severity="low")
    builders.on_the_docket(case, reason, ref=ref, asked_by=house.marta, now=at)
    return case


def a_silence(house, at: datetime) -> Case:
    before = at - timedelta(days=25)
    case = builders.acknowledged(builders.case(owner=house.marta, now=before, severity="low"), now=before)
    question = asked(case, before)
    call = {"kind": EntryKind.CALL, "text": "Nobody answered", "contact": case.reporter}
    entries.add_entry(case=case, actor=house.marta, now=at - HOUR, **call)
    builders.on_the_docket(case, R.SILENT, ref=question.pk, now=at)
    return case


def a_mended_one(house, at: datetime) -> Case:
    case = builders.case(owner=house.marta, now=at - 6 * HOUR, severity="low")
    builders.on_the_docket(case, R.OVERDUE, ref=1, now=at)
    return builders.acknowledged(case, now=at)


def gesture_is(state: str) -> Callable[[Case], bool]:
    return lambda case: Gesture.objects.get(case=case).state == state


def step_is(number: int, state: str) -> Callable[[Case], bool]:
    return lambda case: Step.objects.get(case=case, number=number).state == state


def untouched(case: Case) -> bool:
    return case.owner.name == "Marta Keller" and case.state == CaseState.OPEN


def plans(house, sponsor) -> list[Plan]:
    at = now() - HOUR
    reads = {"user": sponsor}
    return [
        Plan(a_gesture(house, at, "low"), ("1", "Enter"), "approve_gesture", gesture_is(GestureState.APPROVED)),
        Plan(a_gesture(house, at, "low"), ("4", "Enter"), "decline_gesture", gesture_is(GestureState.DECLINED)),
        Plan(a_waiver(house, at), ("1", "Enter"), "grant_waiver", step_is(4, StepState.WAIVED)),
        Plan(a_waiver(house, at), ("2", "Enter"), "refuse_waiver", step_is(4, StepState.PLANNED)),
        Plan(
            laid(house, at, R.REPEAT), ("1", "Enter"), "name_sponsor",
            lambda case: CaseReader.objects.filter(case=case, **reads).exists(),
        ),
        Plan(
            laid(house, at, R.BROKEN_PROMISE), ("2", "S", "Control+Enter"), "reassign",
            lambda case: case.owner.name == "Sven Holm",
        ),
        Plan(laid(house, at, R.BY_HAND), ("3", "Enter"), "back_owner", untouched),
        Plan(laid(house, at, R.LOW_ANSWER), ("3", "Enter"), "back_owner", untouched),
        Plan(a_mended_one(house, at), ("1", "Enter"), "back_owner", untouched),
        Plan(a_silence(house, at), ("1", "Enter"), "accept_silence", lambda case: case.state == CaseState.RESOLVED),
    ]  # fmt: skip


def first_case(page: Page) -> int:
    """Return the number of the case on top of the docket, as the reader sees it."""
    name = page.locator(".docket-row").first.get_by_text("RC-").first.inner_text()
    return int(name.removeprefix("RC-"))


def test_ten_decisions_within_forty_keys_act_rightly_on_each_case(house, open_browser):
    sponsor = builders.user("sponsor", name="Helene Arnaud")
    wanted = {plan.case.pk: plan for plan in plans(house, sponsor)}
    assert Escalation.objects.filter(decided_at=None).count() == 10
    one = open_browser()
    sign_in(one.page, house.noor)
    one.page.goto("/council/")
    pressed, waiting = 0, len(wanted)
    while waiting:
        plan = wanted[first_case(one.page)]
        for key in plan.keys:
            one.page.keyboard.press(key)
            pressed += len(key.split("+"))
            expect(one.page.locator("dialog#decide")).to_be_visible() if key == plan.keys[0] else None
        waiting -= 1
        expect(one.page.get_by_role("heading", level=1)).to_be_visible()
        expect(one.page.locator(".docket-row"), plan.kind).to_have_count(waiting)
    assert pressed <= 40
    taken = dict(Decision.objects.values_list("case", "kind"))
    assert taken == {pk: plan.kind for pk, plan in wanted.items()}
    assert [pk for pk, plan in wanted.items() if not plan.holds(Case.objects.get(pk=pk))] == []
    assert one.complaints == []


def test_the_chair_takes_a_decision_back_with_one_key_and_decides_anew_by_thumb(house, open_browser):
    case = laid(house, now() - HOUR, R.BROKEN_PROMISE)
    desk = open_browser()
    sign_in(desk.page, house.jonas)
    desk.page.goto("/council/")
    for key in ("2", "S", "Control+Enter"):
        desk.page.keyboard.press(key)
        expect(desk.page.locator("dialog#decide")).to_be_visible() if key == "2" else None
    sees(desk.page, "Just decided on", "The docket is empty")
    desk.page.keyboard.press("u")
    sees(desk.page, "Taken back. The case lies here as before")
    assert Case.objects.get(pk=case.pk).owner == house.marta
    tablet = open_browser(width=820, height=1180, has_touch=True)
    sign_in(tablet.page, house.jonas)
    tablet.page.goto("/council/")
    assert not goes_sideways(tablet.page)
    button = tablet.page.get_by_role("link", name="Back the owner")
    assert button.bounding_box()["height"] >= 44
    button.tap()
    tablet.page.get_by_role("button", name="Back the owner").tap()
    sees(tablet.page, "Decided: back the owner")
    assert list(Decision.objects.filter(undone_at=None).values_list("kind", flat=True)) == ["back_owner"]
    assert desk.complaints == tablet.complaints == []


def test_why_it_is_on_top_can_be_read_without_a_mouse(house, open_browser):
    laid(house, now() - HOUR, R.REPEAT)
    one = open_browser()
    sign_in(one.page, house.noor)
    one.page.goto("/council/")
    summary = one.page.locator(".docket-row .stake summary")
    summary.focus()
    one.page.keyboard.press("Enter")
    sees(one.page.locator(".docket-row .stake"), "of the time used")
    one.page.get_by_role("link", name="RC-").first.click()
    sees(one.page, "What happened, in their words", "This is the third time this year.")


@pytest.mark.parametrize("who", ["lena", "ines", "marta"])
def test_lead_auditor_and_manager_see_and_decide_nothing(house, open_browser, who):
    case = laid(house, now() - HOUR, R.REPEAT)
    entry = Escalation.objects.get(case=case)
    one = open_browser()
    sign_in(one.page, getattr(house, who))
    one.page.goto("/council/")
    sees(one.page, "had to complain again within 90 days")
    one.page.keyboard.press("1")
    expect(one.page.locator("dialog#decide")).to_be_hidden()
    assert one.page.locator(".docket-row .actions").count() == 0
    one.page.goto(f"/council/{entry.pk}/decide/back_owner/")
    sees(one.page, "Only members of the council decide")
    assert not Decision.objects.exists()


def test_a_member_sees_new_cases_with_a_note(house, open_browser):
    case = builders.case(owner=house.marta, now=now() - HOUR)
    one = open_browser()
    sign_in(one.page, house.noor)
    one.page.goto("/council/")
    one.page.get_by_role("checkbox", name=f"Seen: {case.number}").check()
    one.page.get_by_label("A note, if there is something to say").fill("Watch the carrier")
    press(one.page, "Mark the ticked as seen")
    sees(one.page, "1 seen.", "Every case has been seen.")
    assert Seen.objects.get(case=case).words.text == "Watch the carrier"
    one.page.goto(f"{case.get_absolute_url()}?tab=timeline")
    sees(one.page, "Watch the carrier")
    assert one.complaints == []


def test_the_screen_in_the_canteen_says_when_it_was_taken_down(house, open_browser):
    wall, token = walls.hang(actor=house.jonas, place="Canteen", now=now())
    screen = open_browser(width=1920, height=1080)
    screen.page.clock.install()
    screen.page.goto(f"/wall/{token}/")
    sees(screen.page, "At stake now", "Decisions waiting")
    laid(house, now() - HOUR, R.REPEAT)
    screen.page.clock.run_for(61_000)
    expect(screen.page.locator("dt:has-text('Decisions waiting') + dd")).to_have_text("1")
    walls.take_down(wall=wall, actor=house.jonas, now=now())
    screen.page.clock.run_for(61_000)
    sees(screen.page, "This display was taken down")
