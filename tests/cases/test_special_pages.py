"""The pages of what happens to few cases: ends, related cases, who sees a case, clearances, the fast lane."""

from datetime import timedelta
from html import unescape

import pytest

from cases import ending, entries, fast_lane, legal, relating
from cases.enums import CaseState, ClearanceKind, EntryKind, Outcome, Severity, Side
from cases.models import Case, CaseReader, CauseKind, Clearance, Ending, Escalation, Relation
from tests import builders
from tests.builders import NOON
from tests.cases.resolving import confirmed, refused

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_two(clock):
    clock.move_to(NOON + 2 * HOUR)


@pytest.fixture
def people():
    """Marta owns cases of the team North, which Lena leads; Noor sits on the council, Carla is counsel."""
    north = builders.team()
    made = {
        "marta": builders.user("manager", name="Marta Keller", of=north),
        "lena": builders.user("lead", name="Lena Brandt", of=north),
        "noor": builders.user("council", name="Noor Haddad"),
        "carla": builders.user("counsel", name="Carla Weiss"),
    }
    north.lead = made["lena"]
    north.save()
    return made


@pytest.fixture
def case(people):
    return builders.acknowledged(builders.case(owner=people["marta"]))


@pytest.fixture
def as_(client):
    """A function that signs somebody in and returns the client."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def text_of(answer) -> str:
    return unescape(answer.content.decode())


def written(case, text="Please forget about it. We found our own mistake.", kind=EntryKind.EMAIL):
    """Write down a message of the customer's."""
    said = {"side": Side.THEIRS, "contact": case.reporter, "text": text, "kind": kind}
    return entries.add_entry(case=case, actor=case.owner, now=NOON + HOUR, **said)


# Withdrawn


def test_withdrawal_is_chosen_by_the_owner_and_confirmed_by_the_lead(as_, people, case):
    entry = written(case)
    asked = as_(people["marta"]).post(f"/cases/{case.number}/acts/withdraw/", {"entry": entry.pk})
    assert (asked.status_code, asked.url) == (303, f"/cases/{case.number}/ends/")
    one = Ending.objects.get(case=case)
    page = text_of(as_(people["lena"]).get(f"/cases/{case.number}/"))
    assert "Marta Keller asks to end this case: withdrawn." in page
    as_(people["lena"]).post(f"/cases/{case.number}/ends/{one.pk}/", {"confirm": "1"})
    case.refresh_from_db()
    assert (case.state, case.outcome) == (CaseState.CLOSED, Outcome.WITHDRAWN)


def test_end_is_not_confirmed_by_whoever_asked_for_it(as_, people, case):
    one = ending.ask_withdrawn(case=case, actor=people["lena"], entry=written(case), now=NOON + HOUR)
    answer = as_(people["lena"]).post(f"/cases/{case.number}/ends/{one.pk}/", {"confirm": "1"})
    assert (answer.status_code, "You asked for this yourself." in text_of(answer)) == (422, True)


def test_end_refused_without_a_reason_keeps_its_refusal_at_the_field(as_, people, case):
    one = ending.ask_withdrawn(case=case, actor=people["marta"], entry=written(case), now=NOON + HOUR)
    answer = as_(people["lena"]).post(f"/cases/{case.number}/ends/{one.pk}/", {"reason": ""})
    assert answer.context["refuse"].errors == {"reason": ["Say why work goes on."]}


def test_nothing_written_by_them_means_nothing_to_choose(as_, people, case):
    shown = text_of(as_(people["marta"]).get(f"/cases/{case.number}/acts/withdraw/"))
    assert "Nothing they wrote is on this case yet." in shown


def test_a_call_is_no_withdrawal(as_, people, case):
    call = written(case, "Forget it", EntryKind.CALL)
    answer = as_(people["marta"]).post(f"/cases/{case.number}/acts/withdraw/", {"entry": call.pk})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["entry"])


def test_what_stays_due_is_done_on_the_closed_case(as_, people, case):
    one = ending.ask_withdrawn(case=case, actor=people["marta"], entry=written(case), now=NOON + HOUR)
    ending.confirm(ending=one, actor=people["lena"], now=NOON + HOUR)
    page = text_of(as_(people["marta"]).get(f"/cases/{case.number}/?step=5"))
    assert "The case has ended (withdrawn). This step stays due" in page
    typed = {"act": "link", "title": "Order read wrongly", "kind": CauseKind.objects.first().pk}
    answer = as_(people["marta"]).post(f"/cases/{case.number}/steps/root_cause/", typed)
    case.refresh_from_db()
    assert (answer.status_code, case.causes.get().title, case.state) == (303, "Order read wrongly", CaseState.CLOSED)


# Lost, not agreed, reopened


def test_customer_lost_needs_day_and_reason(as_, people, case):
    answer = as_(people["marta"]).post(f"/cases/{case.number}/acts/lost/", {"on": "2026-11-20", "reason": "Gone"})
    assert answer.context["form"].errors == {"on": ["This day lies ahead. As long as they are with us, work goes on."]}
    as_(people["marta"]).post(f"/cases/{case.number}/acts/lost/", {"on": "2026-11-16", "reason": "They told us"})
    assert Ending.objects.get(case=case).act == Outcome.CUSTOMER_LOST


def test_council_is_asked_for_a_final_answer_only_after_two_refusals(as_, people, case):
    typed = {"reason": "Nothing helps"}
    refused(case, NOON + HOUR)
    early = as_(people["marta"]).post(f"/cases/{case.number}/acts/final_answer/", typed)
    refused(case, NOON + HOUR)
    as_(people["marta"]).post(f"/cases/{case.number}/acts/final_answer/", typed)
    assert "only after two results they refused" in text_of(early)
    assert Escalation.objects.filter(case=case, reason="not_agreed").count() == 1


def test_reopening_by_their_message_needs_the_message(as_, people, case):
    confirmed(case, NOON + HOUR)
    address = f"/cases/{case.number}/acts/reopen/"
    answer = as_(people["marta"]).post(address, {"why": "message", "text": "They called"})
    assert list(answer.context["form"].errors) == ["entry"]
    entry = written(case, "It broke again")
    as_(people["marta"]).post(address, {"why": "message", "entry": entry.pk})
    case.refresh_from_db()
    assert (case.state, case.round) == (CaseState.OPEN, 2)


# Merged, linked, split


def test_case_is_merged_by_its_number(as_, people, case):
    twin = builders.case(owner=people["marta"], of=case.customer, reporter=case.reporter)
    address = f"/cases/{twin.number}/acts/merge/"
    wrong = as_(people["lena"]).post(address, {"other": "RC-1", "reason": "Same"})
    assert wrong.context["form"].errors == {"other": ["There is no case RC-1 that you may read."]}
    as_(people["lena"]).post(address, {"other": case.number, "reason": "The same delivery"})
    twin.refresh_from_db()
    assert (twin.merged_into, twin.outcome) == (case, Outcome.MERGED)
    shown = text_of(as_(people["marta"]).get(case.get_absolute_url()))
    assert f'Merged into this: <a href="/cases/{twin.number}/">{twin.number}</a>' in shown


def test_only_the_lead_finds_the_way_to_merging(as_, people, case):
    assert as_(people["marta"]).get(f"/cases/{case.number}/acts/merge/").status_code == 403


def test_linked_cases_stand_on_both_pages(as_, people, case):
    other = builders.case(owner=people["marta"])
    as_(people["marta"]).post(f"/cases/{case.number}/acts/relate/", {"other": str(other.pk), "kind": "related"})
    for one, another in ((case, other), (other, case)):
        page = text_of(as_(people["marta"]).get(one.get_absolute_url()))
        assert f'Related: <a href="/cases/{another.number}/">{another.number}</a>' in page
    relation = Relation.objects.get()
    as_(people["marta"]).post(f"/cases/{other.number}/related/{relation.pk}/")
    assert not Relation.objects.exists()


def test_related_page_hides_the_title_of_what_the_reader_may_not_see(as_, people, case):
    secret = builders.case(owner=builders.user(of=builders.team("South")), title="Bribe", sensitive=True)
    relating.relate(case=case, other=secret, actor=people["noor"], now=NOON)
    page = text_of(as_(people["marta"]).get(f"/cases/{case.number}/related/"))
    assert (secret.number in page, "Bribe" in page) == (True, False)


def test_part_is_split_off_into_a_case_of_its_own(as_, people, case):
    page = as_(people["marta"]).get("/cases/new/", {"split": case.pk})
    typed = {name: value for name, value in page.context["form"].initial.items() if value is not None}
    typed |= {"text": "And the invoice is wrong too.", "annoyance": "on", "token": "a" * 32, "channel": "phone"}
    as_(people["marta"]).post("/cases/new/", typed)
    new = Case.objects.exclude(pk=case.pk).get()
    assert (new.customer, new.received_at) == (case.customer, case.received_at)
    assert Relation.objects.get(from_case=case, to_case=new).kind == Relation.Kind.SPLIT


# Who sees it


def test_reader_of_a_confidential_case_is_named_and_taken_off(as_, people, case):
    sven = builders.user("manager", name="Sven Holm", of=builders.team("South"))
    as_(people["marta"]).post(f"/cases/{case.number}/acts/close_door/", {"reason": ""})
    before = as_(sven).get(case.get_absolute_url()).status_code
    as_(people["marta"]).post(f"/cases/{case.number}/acts/reader/", {"reader": sven.pk})
    named = as_(sven).get(case.get_absolute_url()).status_code
    row = CaseReader.objects.get(case=case)
    as_(people["marta"]).post(f"/cases/{case.number}/seen-by/{row.pk}/")
    assert (before, named, as_(sven).get(case.get_absolute_url()).status_code) == (404, 200, 404)


def test_owner_does_not_open_a_confidential_case_again(as_, people, case):
    as_(people["marta"]).post(f"/cases/{case.number}/acts/close_door/", {"reason": "x"})
    answer = as_(people["marta"]).get(f"/cases/{case.number}/acts/open_door/")
    assert answer.status_code == 403


# Counsel


def test_counsel_clears_the_very_words_of_an_offer(as_, people):
    case = builders.ready_to_offer(builders.case(owner=people["marta"], sensitive=True), now=NOON + HOUR)
    offer = {"act": "offer", "text": "We replace all forty.", "means": "call"}
    step = f"/cases/{case.number}/steps/resolve/"
    first = as_(people["marta"]).post(step, offer)
    assert "counsel clears an offer first" in text_of(first)
    as_(people["marta"]).post(f"/cases/{case.number}/acts/clear_offer/", {"text": offer["text"]})
    row = Clearance.objects.get(case=case)
    listed = text_of(as_(people["carla"]).get("/clearances/"))
    assert "We replace all forty." in listed
    as_(people["carla"]).post(f"/clearances/{row.pk}/", {f"c{row.pk}-cleared": "yes"})
    assert as_(people["marta"]).post(step, offer).status_code == 303


def test_counsel_refuses_with_a_reason_only(as_, people):
    case = builders.case(owner=people["marta"], sensitive=True)
    row = legal.ask(case=case, actor=people["marta"], kind=ClearanceKind.OFFER, text="All of it", now=NOON)
    answer = as_(people["carla"]).post(f"/clearances/{row.pk}/", {f"c{row.pk}-cleared": "no"})
    assert "Say what must not be said, and what may be." in text_of(answer)


def test_counsel_sees_on_today_what_waits(as_, people):
    case = builders.case(owner=people["marta"], sensitive=True)
    legal.ask(case=case, actor=people["marta"], kind=ClearanceKind.OFFER, text="All of it", now=NOON)
    page = text_of(as_(people["carla"]).get("/"))
    assert f"Clear the words: {case.title}" in page


# The fast lane


def test_fast_lane_is_offered_once_a_small_matter_is_confirmed(as_, people):
    case = builders.acknowledged(builders.case(owner=people["marta"], severity=Severity.LOW))
    before = text_of(as_(people["marta"]).get(case.get_absolute_url()))
    confirmed(case, NOON + HOUR)
    page = text_of(as_(people["marta"]).get(case.get_absolute_url()))
    assert ("Take the fast lane" in before, "Take the fast lane" in page) == (False, True)
    kind = CauseKind.objects.first()
    as_(people["marta"]).post(f"/cases/{case.number}/acts/fast_lane/", {"kind": kind.pk})
    case.refresh_from_db()
    assert (case.fast_lane, case.causes.get().kind) == (True, kind)


def test_fast_lane_says_why_a_repeat_takes_the_full_road(as_, people):
    first = builders.case(owner=people["marta"], severity=Severity.LOW, now=NOON - timedelta(days=30))
    case = builders.case(owner=people["marta"], of=first.customer, reporter=first.reporter, severity=Severity.LOW)
    confirmed(builders.acknowledged(case), NOON + HOUR)
    page = text_of(as_(people["marta"]).get(case.get_absolute_url()))
    assert fast_lane.repeat_because(first.pk) in page
