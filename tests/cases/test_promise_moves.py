"""Promises moved with consent, disputed by the customer, coming round again, and broken by the clock."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cases import chasing, outgoing, promise_moves, promises
from cases.enums import DueKind, EntryKind, EscalationReason, PromiseKind, PromiseState
from cases.models import Due, Entry, Escalation, Event, Promise, SetAside
from cases.refusals import Refused
from cases.timeline import Kind, faults
from mail.models import Message
from tests import builders
from tests.builders import NOON
from tests.surveys.making import team_of_two

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 10:00 in Zürich
pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    owner, _ = team_of_two()
    return builders.acknowledged(builders.case(owner=owner))


@pytest.fixture
def promise(case):
    return case.promises.get()


def kept(promise):
    promises.settle_promise(promise=promise, actor=promise.owner, state=PromiseState.KEPT, now=NOON + HOUR)
    return promise


def disputed(promise):
    return promise_moves.dispute(
        promise=kept(promise), contact=promise.case.reporter, text="Nobody called.", now=NOON + 2 * HOUR
    )


def moved(promise, *, at=NOON + HOUR, to=NOON + 3 * DAY, consent="Ruth: Friday is fine.", text=""):
    return promise_moves.renegotiate(
        promise=promise, actor=promise.owner, new_due_at=to, consent=consent, now=at, text=text
    )


def refusal(act, *args, **kwargs) -> str:
    with pytest.raises(Refused) as found:
        act(*args, **kwargs)
    return found.value.field or found.value.message


# Moved


def test_moved_promise_is_followed_by_one_with_the_new_time(promise):
    following = moved(promise)
    promise.refresh_from_db()
    assert (promise.state, promise.consent.text, promise.settled_by) == (
        PromiseState.RENEGOTIATED,
        "Ruth: Friday is fine.",
        promise.owner,
    )
    assert (following.state, following.follows, following.words, following.due_at) == (
        PromiseState.PENDING,
        promise,
        promise.words,
        NOON + 3 * DAY,
    )
    clocks = Due.objects.filter(kind=DueKind.PROMISE).order_by("ref").values_list("ref", "closed_at", "due_at")
    assert list(clocks) == [
        (promise.pk, NOON + HOUR, promise.due_at),
        (following.pk, None, NOON + 3 * DAY),
    ]
    assert faults(promise.case_id) == []


def test_moved_promise_may_get_new_words(promise):
    assert moved(promise, text="A call with both numbers").words.text == "A call with both numbers"


def test_moved_promise_is_none_broken(promise):
    moved(promise)
    assert promises.break_overdue(promise.due_at + 2 * DAY) == 0
    assert Escalation.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "field"),
    [({"consent": " "}, "consent"), ({"to": NOON}, "new_due_at"), ({"to": NOON + 38 * MINUTE + DAY}, "new_due_at")],
)
def test_move_is_refused_at_its_field(promise, given, field):
    assert refusal(moved, promise, **given) == field


def test_move_is_refused_once_the_time_has_passed(promise):
    assert refusal(moved, promise, at=promise.due_at, to=NOON + 3 * DAY) == (
        "Its time has passed, so it can no longer be moved: mark it kept or broken, and promise anew."
    )


def test_move_of_an_original_promise_is_refused(case):
    original = promises.make_promise(
        case=case, actor=case.owner, kind=PromiseKind.ORIGINAL, text="On the 3rd", due_at=NOON + DAY, now=NOON
    )
    assert refusal(moved, original) == "This was promised before the complaint. Make a new promise instead."


def test_moved_promise_is_marked_by_nobody(promise):
    moved(promise)
    assert refusal(kept, promise) == "This promise was moved with their consent. Mark the one that took its place."


# Disputed


def test_disputed_promise_waits_for_the_lead_with_a_clock(promise):
    disputed(promise)
    promise.refresh_from_db()
    lead = promise.case.team.lead
    assert (promise.state, promise.dispute.text, promise.disputed_at) == (
        PromiseState.DISPUTED,
        "Nobody called.",
        NOON + 2 * HOUR,
    )
    due = Due.objects.get(kind=DueKind.PROMISE, closed_at=None)
    assert (due.owner, due.ref, due.due_at) == (lead, promise.pk, datetime(2026, 11, 18, 8, 0, tzinfo=UTC))
    letter = Message.objects.get(template="disputed")
    assert (letter.recipients.get().name, letter.facts["words"]) == (lead.name, "Nobody called.")
    event = Event.objects.get(kind=Kind.PROMISE_DISPUTED)
    assert (event.contact, event.words.text) == (promise.case.reporter, "Nobody called.")


def test_disputed_promise_nobody_decides_goes_before_the_council(promise):
    disputed(promise)
    late = Due.objects.get(kind=DueKind.PROMISE, ref=promise.pk)
    Due.objects.exclude(pk=late.pk).update(chase_at=None)
    chasing.chase_due(NOON + 2 * DAY)
    entry = Escalation.objects.get(case=promise.case, reason=EscalationReason.OVERDUE)
    assert late.allowed and entry.opened_at == NOON + 2 * DAY
    assert faults(promise.case_id) == []


def test_promise_nobody_marked_goes_there_as_broken_and_not_as_overdue(promise):
    Due.objects.exclude(kind=DueKind.PROMISE, ref=promise.pk).update(chase_at=None)
    chasing.chase_due(NOON + 9 * DAY)
    assert not Escalation.objects.filter(case=promise.case).exists()


def test_disputed_promise_of_the_lead_goes_to_the_chair(promise):
    lead, chair = promise.case.team.lead, builders.user("chair")
    Promise.objects.update(owner=lead)
    promise.refresh_from_db()
    disputed(promise)
    assert Due.objects.get(kind=DueKind.PROMISE, closed_at=None).owner == chair


def test_dispute_needs_words(promise):
    kept(promise)
    act = promise_moves.dispute
    assert refusal(act, promise=promise, contact=promise.case.reporter, text=" ", now=NOON + DAY) == "text"


def test_dispute_of_a_promise_not_marked_kept_is_refused(promise):
    act = promise_moves.dispute
    message = refusal(act, promise=promise, contact=promise.case.reporter, text="No", now=NOON + HOUR)
    assert message == "This promise is not marked as kept any more. Please reload the page."


def settled(promise, actor, state, text="We looked: the call went to the wrong number. Sorry."):
    promise_moves.settle_dispute(promise=promise, actor=actor, state=state, text=text, now=NOON + 3 * HOUR)
    promise.refresh_from_db()
    return promise


def test_dispute_decided_as_broken_lies_before_the_council_and_is_told(promise):
    disputed(promise)
    settled(promise, promise.case.team.lead, PromiseState.BROKEN)
    assert (promise.state, promise.settled_by) == (PromiseState.BROKEN, promise.case.team.lead)
    assert Escalation.objects.get().reason == EscalationReason.BROKEN_PROMISE
    assert not Due.objects.filter(kind=DueKind.PROMISE, closed_at=None).exists()
    assert not Message.objects.filter(template="personal").exists()
    assert outgoing.set_out(NOON + 3 * HOUR + outgoing.UNDO) == 1
    letter = Message.objects.get(template="personal")
    assert letter.facts["body"] == "We looked: the call went to the wrong number. Sorry."


def test_dispute_decided_as_kept_is_decided_once(promise):
    disputed(promise)
    settled(promise, promise.case.team.lead, PromiseState.KEPT)
    assert (promise.state, Escalation.objects.count()) == (PromiseState.KEPT, 0)
    again = refusal(
        promise_moves.dispute, promise=promise, contact=promise.case.reporter, text="No", now=NOON + 4 * HOUR
    )
    assert again == "We looked into this once more already. If you see it otherwise, ask us to call you."


def test_dispute_is_not_for_who_promised_it(promise):
    disputed(promise)
    assert refusal(settled, promise, promise.owner, PromiseState.KEPT) == (
        "Whether it was kept is for the team lead to say, and never for who promised it."
    )


def test_dispute_without_an_address_leaves_a_note(promise):
    disputed(promise)
    type(promise.case.reporter).objects.update(email="")
    settled(promise, promise.case.team.lead, PromiseState.KEPT)
    assert Entry.objects.latest("id").kind == EntryKind.NOTE


# Coming round again


def weekly(case, until=date(2027, 2, 1)):
    return promises.make_promise(
        case=case,
        actor=case.owner,
        kind=PromiseKind.RECOVERY,
        text="A written forecast",
        due_at=MONDAY,
        now=NOON,
        every_days=7,
        until_on=until,
    )


def next_of(promise):
    return Promise.objects.filter(follows=promise).first()


def test_weekly_promise_comes_round_when_it_is_settled(case):
    first = weekly(case)
    promises.settle_promise(promise=first, actor=case.owner, state=PromiseState.KEPT, now=MONDAY - DAY)
    second = next_of(first)
    assert (second.due_at, second.words, second.state, second.every_days) == (
        MONDAY + 7 * DAY,
        first.words,
        PromiseState.PENDING,
        7,
    )
    assert Due.objects.filter(kind=DueKind.PROMISE, ref=second.pk, closed_at=None).exists()


def test_weekly_promise_broken_by_the_clock_comes_round_as_well(case, promise):
    kept(promise)
    first = weekly(case)
    assert promises.break_overdue(MONDAY + DAY) == 1
    assert next_of(first).due_at == MONDAY + 7 * DAY


def test_weekly_promise_ends_on_its_last_day(case):
    first = weekly(case, until=date(2026, 11, 29))
    promises.settle_promise(promise=first, actor=case.owner, state=PromiseState.KEPT, now=MONDAY)
    assert next_of(first) is None


def test_weekly_promise_keeps_its_hour_when_the_clocks_change(case):
    first = weekly(case, until=date(2027, 5, 1))
    Promise.objects.filter(pk=first.pk).update(due_at=datetime(2027, 3, 22, 9, 0, tzinfo=UTC))
    promises.settle_promise(promise=first, actor=case.owner, state=PromiseState.KEPT, now=MONDAY)
    assert next_of(first).due_at == datetime(2027, 3, 29, 8, 0, tzinfo=UTC)


def test_weekly_promise_moved_once_keeps_its_rhythm(case):
    first = weekly(case)
    later = moved(first, to=MONDAY + 2 * DAY)
    promises.settle_promise(promise=later, actor=case.owner, state=PromiseState.KEPT, now=MONDAY + 2 * DAY)
    assert next_of(later).due_at == MONDAY + 7 * DAY


@pytest.mark.parametrize(("until", "field"), [(None, "until_on"), (date(2026, 11, 20), "until_on")])
def test_weekly_promise_needs_a_last_day(case, until, field):
    assert refusal(weekly, case, until) == field


# Broken by the clock


def test_promise_that_breaks_the_sweep_is_set_aside_and_stops_no_other(case, promise, monkeypatch):
    other = promises.make_promise(
        case=case, actor=case.owner, kind=PromiseKind.RECOVERY, text="A visit", due_at=NOON + DAY, now=NOON
    )
    settle = promises.settle_promise

    def poisoned(*, promise, **facts):
        if promise.pk == other.pk:
            raise ValueError("bad row")
        settle(promise=promise, **facts)

    monkeypatch.setattr(promises, "settle_promise", poisoned)
    assert promises.break_overdue(NOON + 3 * DAY) == 1
    assert list(SetAside.objects.values_list("sweep", "ref")) == [("promises", other.pk)]
    assert promises.break_overdue(NOON + 3 * DAY) == 0
