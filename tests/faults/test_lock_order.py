"""Acts that touch several cases lock the older first, so that two of them never wait for one another in a ring."""

import pytest

from cases import locking
from cases.enums import CauseState
from cases.models import CaseCause, Cause
from council import bench, together
from council.models import DecisionKind
from council.queries import docket
from tests import builders
from tests.builders import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def locked(monkeypatch) -> list[int]:
    """The numbers of cases in the order in which several are locked."""
    order, hold = [], locking.hold

    def held(case):
        kept = hold(case)
        order.append(kept.pk)
        return kept

    monkeypatch.setattr(locking, "hold", held)
    return order


def two_of_one_cause() -> tuple:
    owner = builders.user()
    older, newer = builders.case(owner=owner), builders.case(owner=owner)
    cause = Cause.objects.create(title="Hand-over", owner=owner, found_at=NOON)
    for case in (newer, older):
        CaseCause.objects.create(case=case, cause=cause, at=NOON, by=owner)
    return older, newer, cause


def test_cases_of_one_cause_are_locked_in_their_order_and_the_cause_is_read_anew(locked):
    older, newer, cause = two_of_one_cause()
    Cause.objects.update(state=CauseState.PROVED)
    locking.hold_kin(newer, cause)
    assert (locked, cause.state) == ([older.pk, newer.pk], CauseState.PROVED)


def test_one_decision_on_several_cases_locks_the_older_first(locked):
    older, newer, cause = two_of_one_cause()
    for case in (older, newer):
        case.escalations.create(reason="recurrence", ref=cause.pk, opened_at=NOON, rank=case.pk)
    member = builders.user("council")
    item = docket.waiting(member, bench.sitting(), NOON)[0][0]
    locked.clear()
    facts = {"reason": "Carry on.", "owner": None, "due_at": None, "what": ""}
    together.decide(
        item=item, shown=set(item.settled), actor=member, kind=DecisionKind.BACK_OWNER, facts=facts, now=NOON
    )
    assert ([item.case.pk, *(one.case.pk for one in item.kin)], locked) == (
        [newer.pk, older.pk],
        [older.pk, newer.pk],
    )
