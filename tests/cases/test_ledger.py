"""Promises over all cases as a ledger; moving and deciding one in the browser's way; promising in the composer."""

from datetime import timedelta

import pytest
import time_machine

from cases import promise_moves, promises
from cases.enums import PromiseKind, PromiseState, Severity
from cases.models import Promise
from tests import builders
from tests.builders import NOON
from tests.surveys.making import team_of_two

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_work():
    with time_machine.travel(NOON + HOUR, tick=False) as clock:
        yield clock


@pytest.fixture
def owner():
    return team_of_two()[0]


def promised(owner, text="The tracking number", *, due=DAY, by=None, **fields) -> Promise:
    case = fields.pop("case", None) or builders.case(owner=owner, severity=Severity.LOW)
    return promises.make_promise(
        case=case, actor=owner, kind=PromiseKind.RECOVERY, text=text, due_at=NOON + due, owner=by, now=NOON, **fields
    )


def settle(promise, state):
    promises.settle_promise(promise=promise, actor=promise.owner, state=state, now=NOON + HOUR)


def dispute(promise):
    settle(promise, PromiseState.KEPT)
    promise_moves.dispute(promise=promise, contact=promise.case.reporter, text="Nobody called.", now=NOON + HOUR)


def lines(client, user, question="") -> list[str]:
    client.force_login(user)
    return [promise.words.text for promise in client.get(f"/promises/{question}").context["page"].rows]


def test_ledger_shows_what_is_to_be_kept_the_soonest_first(client, owner):
    promised(owner, "Later", due=3 * DAY)
    promised(owner, "Sooner")
    settle(promised(owner, "Done"), PromiseState.KEPT)
    assert lines(client, owner) == ["Sooner", "Later"]


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("open", ["Late", "Open"]),
        ("late", ["Late"]),
        ("kept", ["Kept"]),
        ("broken", ["Broken"]),
        ("disputed", ["Disputed"]),
        ("renegotiated", ["Moved"]),
        ("before", ["Original"]),
        ("nonsense", ["Late", "Open"]),
    ],
)
def test_ledger_is_narrowed_by_what_became_of_them(client, owner, state, found):
    case = promised(owner, "Open", due=40 * DAY).case
    settle(promised(owner, "Kept", case=case), PromiseState.KEPT)
    settle(promised(owner, "Broken", case=case), PromiseState.BROKEN)
    dispute(promised(owner, "Disputed", case=case))
    late = promised(owner, "Late", case=case)
    Promise.objects.filter(pk=late.pk).update(due_at=NOON)
    moved = promised(owner, "Moved", case=case)
    promise_moves.renegotiate(
        promise=moved, actor=owner, new_due_at=NOON + 9 * DAY, consent="Fine.", now=NOON + HOUR, text="Open"
    )
    Promise.objects.filter(follows=moved).delete()
    promises.make_promise(case=case, actor=owner, kind=PromiseKind.ORIGINAL, text="Original", due_at=None, now=NOON)
    assert lines(client, owner, f"?state={state}") == found


def test_ledger_is_mine_of_the_team_or_of_everyone(client, owner):
    colleague, stranger = builders.user(of=owner.team), builders.user()
    for person, text in ((owner, "Mine"), (colleague, "Team"), (stranger, "Else")):
        promised(person, text)
    found = {scope: sorted(lines(client, owner, f"?scope={scope}")) for scope in ("mine", "team", "everyone")}
    assert found == {"mine": ["Mine"], "team": ["Mine", "Team"], "everyone": ["Else", "Mine", "Team"]}


def test_ledger_hides_what_is_confidential(client, owner):
    promised(owner, case=builders.case(owner=owner, sensitive=True))
    assert lines(client, builders.user(), "?scope=everyone") == []


@pytest.mark.parametrize("count", [1, 25])
def test_ledger_costs_the_same_whatever_it_shows(client, owner, count, django_assert_num_queries):
    for _ in range(count):
        promised(owner)
    client.force_login(owner)
    with django_assert_num_queries(4):
        page = client.get("/promises/")
    assert len(page.context["page"].rows) == count


def test_promise_is_marked_kept_from_the_ledger_and_leads_back(client, owner):
    promise = promised(owner)
    client.force_login(owner)
    answer = client.post(f"/promises/{promise.pk}/kept/", {"back": "/promises/?scope=team&state=open"})
    assert (answer.status_code, answer.url) == (302, "/promises/?scope=team&state=open")
    assert Promise.objects.get().state == PromiseState.KEPT


def test_promise_on_a_colleagues_case_is_marked_by_who_made_it(client, owner):
    maker = builders.user("manager")
    promise = promised(owner, by=maker)
    client.force_login(maker)
    client.post(f"/cases/{promise.case.number}/promises/{promise.pk}/", {"state": "kept"})
    assert Promise.objects.get().state == PromiseState.KEPT


@pytest.mark.parametrize("path", ["kept/", "move/"])
def test_promise_of_somebody_else_is_left_alone(client, owner, path):
    promise = promised(owner)
    client.force_login(builders.user("manager"))
    assert client.post(f"/promises/{promise.pk}/{path}").status_code == 403
    assert Promise.objects.get().state == PromiseState.PENDING


def test_promise_is_moved_with_their_words(client, owner):
    promise = promised(owner)
    client.force_login(owner)
    typed = {"new_due_at": "2026-11-20T12:00", "consent": "Ruth: Friday is fine.", "text": ""}
    answer = client.post(f"/promises/{promise.pk}/move/", typed)
    assert (answer.status_code, answer.url) == (303, f"/cases/{promise.case.number}/?tab=promises#tab")
    assert sorted(Promise.objects.values_list("state", flat=True)) == ["pending", "renegotiated"]


def test_promise_that_cannot_move_says_why_and_keeps_what_was_typed(client, owner):
    promise = promised(owner)
    client.force_login(owner)
    typed = {"new_due_at": "2026-11-16T12:00", "consent": "Ruth: Friday is fine.", "text": ""}
    answer = client.post(f"/promises/{promise.pk}/move/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This time has passed. Choose one that lies ahead." in page and "Ruth: Friday is fine." in page


def test_dispute_is_decided_by_the_lead(client, owner):
    promise = promised(owner)
    dispute(promise)
    client.force_login(owner.team.lead)
    typed = {"state": "broken", "text": "You are right, and we are sorry."}
    answer = client.post(f"/promises/{promise.pk}/decide/", typed)
    assert (answer.status_code, Promise.objects.get().state) == (303, PromiseState.BROKEN)


def test_dispute_is_not_decided_by_who_promised(client, owner):
    promise = promised(owner)
    dispute(promise)
    client.force_login(owner)
    assert client.get(f"/promises/{promise.pk}/decide/").status_code == 403


def test_dispute_stands_on_the_leads_desk(client, owner):
    promise = promised(owner)
    dispute(promise)
    client.force_login(owner.team.lead)
    page = client.get("/?scope=mine").content.decode()
    assert f'href="/promises/{promise.pk}/decide/">They say it was not kept: The tracking number</a>' in page


def test_composer_makes_a_promise_of_what_is_said(client, owner):
    case = builders.case(owner=owner)
    client.force_login(owner)
    typed = {
        "side": "ours",
        "contact": case.reporter_id,
        "text": "It leaves today.",
        "promise": "It leaves today",
        "promise_due_at": "2026-11-17T17:00",
    }
    assert client.post(f"/cases/{case.number}/write/call/", typed).status_code == 303
    assert Promise.objects.get().words.text == "It leaves today"


def test_composer_says_what_a_promise_lacks(client, owner):
    case = builders.case(owner=owner)
    client.force_login(owner)
    typed = {"side": "ours", "contact": case.reporter_id, "text": "It leaves today.", "promise": "It leaves"}
    answer = client.post(f"/cases/{case.number}/write/call/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A promise needs a date: when will they hear or have it?" in page
    assert '<details class="fold" id="entry-promise" open>' in page


def test_words_of_an_entry_are_taken_into_a_promise(client, owner):
    case = builders.acknowledged(builders.case(owner=owner))
    entry = case.entries.get()
    client.force_login(owner)
    page = client.get(f"/cases/{case.number}/?tab=promises&said={entry.pk}").content.decode()
    assert "Apologised, owned it as ours, asked what would make it right.</textarea>" in page


def test_repeating_promise_is_written_on_the_case(client, owner):
    case = builders.case(owner=owner)
    client.force_login(owner)
    typed = {
        "kind": "recovery",
        "promise": "A forecast",
        "promise_due_at": "2026-11-23T10:00",
        "form": "written",
        "every_days": "7",
        "until_on": "2027-02-01",
    }
    assert client.post(f"/cases/{case.number}/promises/", typed).status_code == 303
    assert Promise.objects.values_list("every_days", "until_on__year").get() == (7, 2027)
