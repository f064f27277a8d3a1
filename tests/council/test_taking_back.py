"""What one member said is theirs to take back until it has decided something: a vote, the first of two approvals."""

from datetime import timedelta

import pytest

from cases.enums import GestureState
from cases.models import Event
from cases.refusals import Refused
from council import gestures
from council.letgo import voting
from council.models import Approval, Vote
from council.models import DecisionKind as K
from tests import builders
from tests.builders import NOON
from tests.council.letting import HOUR, bench_of, filed, tried, voted
from tests.council.test_deciding import decide, proposed

pytestmark = pytest.mark.django_db
GO, KEEP = "let_go", "keep"
COSTLY = 2_500_000


@pytest.fixture
def three():
    return bench_of(3)


def test_first_approval_is_taken_back_and_the_gesture_waits_as_before(people):
    gesture, entry = proposed(people, cost=COSTLY)
    decide(entry, people.member, K.APPROVE_GESTURE)
    gestures.withdraw_approval(entry=entry, actor=people.member, now=NOON + HOUR)
    gesture.refresh_from_db()
    assert (gesture.state, Approval.objects.count()) == (GestureState.PROPOSED, 0)
    event = Event.objects.filter(case=entry.case).order_by("-seq").first()
    assert (event.kind, event.actor, event.facts["escalation"]) == ("approval_withdrawn", people.member, entry.pk)
    assert decide(entry, people.chair, K.APPROVE_GESTURE, now=NOON + 2 * HOUR) is None
    assert decide(entry, people.member, K.APPROVE_GESTURE, now=NOON + 2 * HOUR) is not None


def test_approval_of_somebody_else_stays(people):
    _, entry = proposed(people, cost=COSTLY)
    decide(entry, people.member, K.APPROVE_GESTURE)
    with pytest.raises(Refused, match="no approval of yours"):
        gestures.withdraw_approval(entry=entry, actor=people.chair, now=NOON + HOUR)
    assert Approval.objects.get().user == people.member


def test_approval_that_has_decided_stays(people):
    gesture, entry = proposed(people, cost=COSTLY)
    decide(entry, people.member, K.APPROVE_GESTURE)
    decide(entry, people.chair, K.APPROVE_GESTURE)
    with pytest.raises(Refused, match="A second member has decided in the meantime"):
        gestures.withdraw_approval(entry=entry, actor=people.member, now=NOON + HOUR)
    gesture.refresh_from_db()
    assert gesture.state == GestureState.APPROVED


def test_docket_offers_it_to_who_approved_and_to_nobody_else(client, people):
    _, entry = proposed(people, cost=COSTLY)
    decide(entry, people.member, K.APPROVE_GESTURE)
    url = f"/council/{entry.pk}/approval/withdraw/"
    client.force_login(people.chair)
    assert url not in client.get("/council/").content.decode()
    client.force_login(people.member)
    assert url in client.get("/council/").content.decode()
    page = client.post(url, follow=True).content.decode()
    assert "The gesture waits for a decision as before." in page and url not in page
    assert "There is no approval of yours to take back here." in client.post(url, follow=True).content.decode()
    assert "took the approval of the gesture back" in client.get(entry.case.get_absolute_url()).content.decode()


def test_vote_is_taken_back_and_the_ballot_waits_for_it(three):
    first, second, third = three.members
    ballot = voted(filed(tried(three.owner), first), {first: GO, second: GO})
    voting.withdraw(ballot=ballot, actor=second, now=NOON + 5 * HOUR)
    assert list(Vote.objects.values_list("user", flat=True)) == [first.pk]
    assert Event.objects.filter(kind="vote_withdrawn", actor=second).count() == 1
    assert voted(ballot, {third: KEEP}).state == "open"
    assert voted(ballot, {second: GO}).state == "let_go"
    with pytest.raises(Refused, match="This vote is closed"):
        voting.withdraw(ballot=ballot, actor=first, now=NOON + 6 * HOUR)


def test_vote_not_cast_or_out_of_time_is_not_taken_back(three):
    first, second, _ = three.members
    ballot = voted(filed(tried(three.owner), first), {first: GO})
    with pytest.raises(Refused, match="nothing to take back"):
        voting.withdraw(ballot=ballot, actor=second, now=NOON + 5 * HOUR)
    with pytest.raises(Refused, match="five working days are over"):
        voting.withdraw(ballot=ballot, actor=first, now=ballot.closes_at + timedelta(seconds=1))
    assert Vote.objects.count() == 1


def test_page_of_the_vote_offers_it_to_who_has_voted(client, three, clock):
    clock.move_to(NOON + 6 * HOUR)
    first, second, _ = three.members
    ballot = voted(filed(tried(three.owner), first), {first: GO})
    client.force_login(second)
    assert "Take my vote back" not in client.get(f"/council/ballots/{ballot.pk}/").content.decode()
    client.force_login(first)
    assert "Take my vote back" in client.get(f"/council/ballots/{ballot.pk}/").content.decode()
    page = client.post(f"/council/ballots/{ballot.pk}/withdraw/", follow=True).content.decode()
    assert "Your vote is taken back." in page and "Take my vote back" not in page
    client.force_login(builders.user("manager"))
    assert client.post(f"/council/ballots/{ballot.pk}/withdraw/", follow=True).status_code == 200
    assert Vote.objects.count() == 0
