"""Today: what waits, for whom, under which heading, and what stands beside it."""

from datetime import timedelta

import pytest
import time_machine

from accounts.models import Absence, Role
from cases import actions, entries, escalation, promises
from cases.enums import ActionKind, EntryKind, EscalationReason, PromiseState, Severity, Side
from cases.models import Case, Due, Outgoing
from cases.queries import desk
from cases.steps import resolve
from mail.models import Message, MessageState
from tests import builders
from tests.builders import NOON


@pytest.fixture(autouse=True)
def at_noon():
    """Freeze the clock at the moment the builders use, a working Tuesday at noon."""
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def alice(db):
    return builders.user("manager", name="Alice Amsler", of=builders.team())


def lines(who, scope="mine", now=NOON) -> dict[str, list[tuple]]:
    """Return the rows of a desk: group name to (kind, reference, case)."""
    found = desk.desk(who, scope, now)
    return {group.name: [(due.kind, due.ref, due.case_id) for due in group.rows] for group in found.groups}


def all_lines(who) -> list[tuple]:
    """Return the rows of somebody's own desk, whatever their group."""
    return [row for rows in lines(who).values() for row in rows]


def test_desk_sorts_late_today_and_next(alice):
    late = builders.case(owner=alice, severity=Severity.HIGH, now=NOON - timedelta(hours=3))
    today = builders.case(owner=alice, severity=Severity.HIGH)
    following = builders.acknowledged(builders.case(owner=alice, severity=Severity.LOW))
    assert {name: [case for _, _, case in rows] for name, rows in lines(alice).items()} == {
        "late": [late.pk],
        "today": [today.pk],
        "next": [following.pk],
    }


def test_desk_gives_a_case_one_row_for_its_late_steps_and_names_the_others(alice):
    case = builders.case(owner=alice, now=NOON - timedelta(days=20))
    found = desk.desk(alice, "mine", NOON)
    steps = [due for due in found.groups[0].rows if due.kind == "step"]
    assert [(due.ref, due.case_id) for due in steps] == [(1, case.pk)]
    assert steps[0].also == ["Contain", "Resolve", "Go beyond", "Root cause", "Learnings"]


def test_desk_leaves_a_decision_to_the_council_until_it_is_late(alice):
    case = builders.acknowledged(builders.case(owner=alice))
    escalation.escalate(case=case, reason=EscalationReason.BY_HAND, now=NOON, asked_by=alice)
    escalation.escalate(case=case, reason=EscalationReason.REPEAT, now=NOON)
    chair = builders.user("chair")

    def decisions(who, scope, now):
        return [row[:1] for rows in lines(who, scope, now).values() for row in rows if row[0] == "decision"]

    assert (decisions(alice, "mine", NOON), len(decisions(chair, "everyone", NOON))) == ([], 2)
    assert len(decisions(alice, "mine", NOON + timedelta(days=2))) == 1


def test_desk_says_what_was_promised(client, alice):
    case = builders.acknowledged(builders.case(owner=alice))
    client.force_login(alice)
    page = client.get("/").content.decode()
    assert "Keep a promise: A call with the courier&#x27;s tracking number" in page
    assert f'href="/cases/{case.number}/?tab=promises"' in page


def test_desk_forgets_what_is_done(alice):
    case = builders.acknowledged(builders.case(owner=alice))
    promises.settle_promise(promise=case.promises.get(), actor=alice, state=PromiseState.KEPT, now=NOON)
    assert ("promise", case.promises.get().pk, case.pk) not in all_lines(alice)


def test_desk_is_mine_by_an_action_on_somebody_elses_case(alice):
    quality = builders.user("quality")
    case = builders.case(owner=alice)
    action = actions.plan_action(
        case=case,
        actor=alice,
        kind=ActionKind.IMMEDIATE,
        text="Measure the lot again",
        owner=quality,
        due_at=NOON + timedelta(hours=2),
        now=NOON,
    )
    assert lines(quality) == {"today": [("action", action.pk, case.pk)]}


@pytest.mark.parametrize(("away", "seen"), [(True, True), (False, False)])
def test_desk_stands_in_for_the_absent(alice, away, seen):
    bob = builders.user("manager")
    alice.deputy = bob
    alice.save()
    Absence.objects.create(
        user=alice, from_on=NOON.date() - timedelta(days=2), to_on=NOON.date() - timedelta(days=0 if away else 1)
    )
    builders.case(owner=alice)
    assert bool(lines(bob)) is seen


def test_desk_hides_confidential_cases_in_every_scope(alice):
    charlie = builders.user("manager", of=builders.team("South"))
    builders.case(owner=alice, sensitive=True)
    assert [lines(charlie, scope) for scope in desk.SCOPES] == [{}, {}, {}]


def test_desk_shows_a_lead_what_nobody_owns(alice):
    lead = builders.user("lead", of=builders.team())
    case = builders.case(owner=None, of=builders.customer(team=builders.team()))
    assert ("unassigned", 0, case.pk) in all_lines(lead)


def test_desk_leaves_the_councils_step_to_the_council(alice):
    case = builders.case(owner=alice, now=NOON - timedelta(days=20))
    chair = builders.user("chair")
    assert 8 not in [ref for kind, ref, _ in lines(alice)["late"] if kind == "step"]
    council_step = Due.objects.get(case=case, kind="step", ref=8)
    Due.objects.filter(case=case, kind="step").exclude(pk=council_step.pk).update(closed_at=NOON)
    assert ("step", 8, case.pk) in lines(chair, "everyone")["late"]


@pytest.mark.parametrize(
    ("roles", "scope"),
    [
        ((Role.MANAGER,), "mine"),
        ((Role.MANAGER, Role.LEAD), "mine"),
        ((Role.QUALITY,), "mine"),
        ((Role.LEAD,), "team"),
        ((Role.COUNCIL,), "everyone"),
        ((Role.AUDITOR,), "everyone"),
        ((Role.ADMIN,), "everyone"),
    ],
)
def test_desk_begins_where_the_reader_works(client, db, roles, scope):
    client.force_login(builders.user(*roles, of=builders.team()))
    assert client.get("/").context["scope"] == scope


def test_desk_counts_waiting_customers_once_and_greets_by_the_readers_clock(client, alice, at_noon):
    halden = builders.customer()
    for _ in range(2):
        builders.case(owner=alice, of=halden, severity=Severity.HIGH)
    client.force_login(alice)
    page = client.get("/").content.decode()
    assert "Good afternoon, Alice" in page and "One customer is waiting on you. Start at the top." in page
    alice.zone = "America/New_York"
    alice.save()
    assert "Good morning, Alice" in client.get("/").content.decode()


def test_desk_says_what_to_do_when_nothing_waits(client, alice):
    client.force_login(alice)
    page = client.get("/").content.decode()
    assert "Nobody is waiting on you." in page and "Log a complaint" in page


def test_desk_counts_what_it_does_not_show(alice, monkeypatch):
    monkeypatch.setattr(desk, "MOST_SHOWN", 2)
    for _ in range(5):
        builders.case(owner=alice, severity=Severity.HIGH)
    found = desk.desk(alice, "mine", NOON)
    assert ([group.count for group in found.groups], len(found.groups[0].rows), found.hidden) == ([5], 2, 3)


def test_desk_figures_are_of_the_scope(alice):
    builders.acknowledged(builders.case(owner=alice), now=NOON + timedelta(minutes=38))
    builders.case(owner=builders.user("manager"))
    figures = desk.desk(alice, "mine", NOON + timedelta(hours=1)).figures
    assert figures == {
        "open": 1,
        "capped": False,
        "stake": 128_400_000,
        "acknowledged": 38 * 60,
        "in_time": True,
        "by_word": None,
    }


def test_desk_tells_what_customers_said_and_not_what_we_said(alice):
    case = builders.case(owner=alice)
    for side in (Side.OURS, Side.THEIRS):
        entries.add_entry(case=case, actor=alice, kind=EntryKind.CALL, text="Well?", now=NOON, side=side)
    heard = desk.desk(alice, "mine", NOON).heard
    assert [(event.kind, event.facts["side"]) for event in heard] == [("entry_added", "theirs")]


def test_desk_looks_ahead(alice):
    soon = builders.customer(name="Halden Precision AG", renewal_on=NOON.date() + timedelta(days=60))
    builders.acknowledged(builders.case(owner=alice, of=soon))
    builders.case(owner=alice, of=builders.customer(renewal_on=NOON.date() + timedelta(days=91)))
    seen = desk.desk(alice, "mine", NOON).before
    assert [(one.kind, one.customer) for one in seen] == [
        ("promise", "Halden Precision AG"), ("renewal", "Halden Precision AG"),
    ]  # fmt: skip


def test_desk_shows_letters_that_did_not_arrive(client, alice):
    case = builders.case(owner=alice)
    Message.objects.filter(thread=case.thread).update(state=MessageState.DEAD)
    client.force_login(alice)
    page = client.get("/").content.decode()
    assert "A letter did not arrive" in page and f"{case.customer.name}</a> has not got what you wrote" in page


@pytest.mark.parametrize("scope", desk.SCOPES)
@pytest.mark.parametrize("count", [1, 30])
def test_desk_costs_eight_statements_however_many_rows(client, alice, scope, count, django_assert_num_queries):
    for place in range(count):
        case = builders.case(owner=alice, severity=Severity.HIGH)
        if place % 3 == 0:
            builders.acknowledged(case)
    client.force_login(alice)
    with django_assert_num_queries(8):
        answer = client.get("/", {"scope": scope})
    assert answer.context["desk"].figures["open"] == count


def test_desk_changes_nothing(client, alice):
    builders.case(owner=alice)
    before = list(Case.objects.values())
    client.force_login(alice)
    client.get("/")
    assert list(Case.objects.values()) == before


def test_a_case_without_any_clock_does_not_break_the_desk(client, alice):
    case = builders.case(owner=alice)
    Due.objects.filter(case=case).delete()
    client.force_login(alice)
    for scope in desk.SCOPES:
        assert [group.name for group in client.get("/", {"scope": scope}).context["desk"].groups] == []


def test_desk_shows_dead_and_held_letters_with_their_reason_and_sends_one_again(client, alice):
    owner = alice
    died, held = (builders.case(owner=owner, title=title) for title in ("Died", "Held"))
    entry = entries.add_entry(
        case=died, actor=owner, kind="email", text="x", subject="s", contact=died.reporter, now=NOON
    )
    Message.objects.filter(pk=entry.message_id).update(state="dead", error="550 No such mailbox")
    Outgoing.objects.create(
        case=held,
        author=owner,
        contact=held.reporter,
        written_at=NOON,
        leaves_at=NOON,
        held_at=NOON - timedelta(days=1),
        held_why="Gone.",
    )
    client.force_login(owner)
    shown = client.get("/")
    assert [(one["title"], one["dead_why"], one["held_why"]) for one in shown.context["desk"].letters] == [
        ("Held", None, "Gone."),
        ("Died", "550 No such mailbox", None),
    ]
    assert f'action="/cases/{died.number}/letters/{entry.message_id}/"' in shown.content.decode()
    client.post(f"/cases/{died.number}/letters/{entry.message_id}/", {"act": "again"})
    assert [one["title"] for one in client.get("/").context["desk"].letters] == ["Held"]


def test_desk_says_that_the_customers_word_is_awaited(client, alice, at_noon):
    one = builders.acknowledged(builders.case(owner=alice, now=NOON), now=NOON)
    builders.ready_to_offer(one, now=NOON)
    resolve.offer(case=one, actor=alice, text="Forty by courier", now=NOON)
    others = Due.objects.filter(case=one).exclude(kind="step", ref=3)
    others.update(closed_at=NOON)  # only Resolve is left to do
    client.force_login(alice)
    before = client.get("/").content.decode()
    resolve.carry_out(case=one, actor=alice, text="They came", by="Sven", at=NOON, now=NOON)
    resolve.ask(case=one, actor=alice, now=NOON)
    others.update(closed_at=NOON)
    after = client.get("/").content.decode()
    assert ("Put it right" in before, "their word is to come" in before) == (True, False)
    assert ("Put it right" in after, "their word is to come" in after) == (False, True)
