"""One docket item for each cause and ask: shown once, decided once, and nothing decided unseen."""

from datetime import timedelta

import pytest

from cases import escalation, presence
from cases.enums import EscalationReason
from cases.models import CaseCause, Cause, Due, Escalation, Event
from council import bench, deciding, undoing
from council.models import Decision, DecisionKind
from council.queries import docket
from tests import builders
from tests.builders import NOON

HOUR = timedelta(hours=1)
R, K = EscalationReason, DecisionKind


@pytest.fixture(autouse=True)
def noon(clock):
    clock.move_to(NOON + HOUR)


def lay(case, reason, ref=0):
    return escalation.escalate(case=case, reason=reason, ref=ref, now=NOON)


def shown(user):
    items, total = docket.waiting(user, bench.sitting(), NOON + HOUR)
    return [item.settled for item in items], total


def of_cause(people, count=3):
    cause = Cause.objects.create(title="Gauge worn", found_at=NOON)
    entries = []
    for _ in range(count):
        case = builders.case(owner=people.owner, severity="low")
        CaseCause.objects.create(case=case, cause=cause, at=NOON)
        entries.append(lay(case, R.RECURRENCE))
    return entries


def test_entries_of_one_case_that_ask_for_a_hand_are_one_item(people):
    case = builders.case(owner=people.owner)
    first, second = lay(case, R.OVERDUE, 3), lay(case, R.BROKEN_PROMISE)
    assert shown(people.member) == ([[first.pk, second.pk]], 1)


def test_what_asks_for_something_else_stays_an_item_of_its_own(people):
    case = builders.case(owner=people.owner)
    one, other = lay(case, R.OVERDUE, 3), lay(case, R.REFUSED)
    assert sorted(shown(people.member)[0]) == [[one.pk], [other.pk]]


def test_cases_of_one_cause_are_one_item(people):
    entries = of_cause(people)
    alone = lay(builders.case(owner=people.owner, severity="low"), R.RECURRENCE)
    assert sorted(shown(people.member)[0]) == [[entry.pk for entry in entries], [alone.pk]]


def test_a_case_of_ones_own_does_not_fold_into_what_one_may_decide(people):
    entries = of_cause(people, 2)
    Escalation.objects.filter(pk=entries[1].pk).update(rank=0)
    case = entries[1].case
    case.owner = people.member
    case.save()
    assert sorted(shown(people.member)[0]) == [[entries[0].pk], [entries[1].pk]]


def test_one_decision_settles_all_of_a_case_and_one_undo_brings_all_back(people):
    case = builders.case(owner=people.owner)
    entry, other = lay(case, R.OVERDUE, 3), lay(case, R.BROKEN_PROMISE)
    decision = deciding.decide(
        escalation=entry, actor=people.member, kind=K.BACK_OWNER, reason="Carry on", now=NOON + HOUR, also=[other]
    )
    assert not Escalation.objects.filter(decided_at=None).exists()
    assert Event.objects.get(kind="decided").facts["also"] == [other.pk]
    undoing.undo(decision=decision, actor=people.member, now=NOON + HOUR)
    assert Escalation.objects.filter(decided_at=None).count() == 2
    assert Due.objects.filter(kind="decision", closed_at=None).count() == 2


def test_one_decision_in_the_browser_counts_for_every_case_of_the_cause(client, people):
    entries = of_cause(people)
    client.force_login(people.member)
    address = f"/council/{entries[1].pk}/decide/name_sponsor/"
    page = client.get(address)
    assert "It counts for 2 more cases of the same cause as well" in page.content.decode()
    form = page.context["form"]
    given = {"owner": people.sponsor.pk, "preset": "", "reason": "Stop it", "settles": form["settles"].value()}
    client.post(address, given)
    assert list(Decision.objects.order_by("pk").values_list("case", flat=True)) == [one.case_id for one in entries]


def test_what_came_in_meanwhile_is_not_decided_unseen(client, people):
    case = builders.case(owner=people.owner)
    first = lay(case, R.OVERDUE, 3)
    client.force_login(people.member)
    address = f"/council/{first.pk}/decide/back_owner/"
    given = {"reason": "Carry on", "settles": client.get(address).context["form"]["settles"].value()}
    later = lay(case, R.BROKEN_PROMISE)
    client.post(address, given)
    assert list(Escalation.objects.filter(decided_at=None)) == [later]


def test_a_question_is_asked_about_one_entry(people):
    case = builders.case(owner=people.owner)
    entry, other = lay(case, R.OVERDUE, 3), lay(case, R.BROKEN_PROMISE)
    deciding.decide(
        escalation=entry, actor=people.member, kind=K.SEND_BACK, reason="Which?", now=NOON + HOUR, also=[other]
    )
    assert sorted(shown(people.member)[0]) == [[entry.pk], [other.pk]]


def test_the_clock_of_a_decision_is_the_chairs_and_without_a_council_the_sponsors(people):
    assert presence.docket_keeper() == people.chair
    for member in (people.chair, people.member):
        member.roles = ()
        member.save()
    assert presence.docket_keeper() == people.sponsor
    entry = lay(builders.case(owner=people.owner), R.BY_HAND)
    assert Due.objects.get(kind="decision", ref=entry.pk).owner == people.sponsor
