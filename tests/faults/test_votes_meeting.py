"""Two last votes, or two sweeps, in the same moment: the vote is counted once, and the letter is one."""

import pytest

from cases.models import Case
from cases.refusals import Refused
from cases.timeline import Kind, faults
from council.letgo import voting
from council.models import Ballot, Decision
from mail.models import Message
from tests.builders import NOON
from tests.council.letting import HOUR, bench_of, filed, tried, voted
from tests.faults.overlapping import at_once, overlapped

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def cast(ballot: Ballot, member, choice: str = "let_go"):
    """Return an act that votes."""
    return lambda: voting.vote(ballot=ballot, actor=member, choice=choice, why="So", now=NOON + 5 * HOUR)


def closed_once(case: Case) -> None:
    """Expect one decision, one closing, one letter and a whole chain of events."""
    kinds = list(case.events.values_list("kind", flat=True))
    assert (kinds.count(Kind.BALLOT_CLOSED), kinds.count(Kind.CLOSED)) == (1, 1)
    assert (Decision.objects.count(), Message.objects.filter(template="farewell").count()) == (1, 1)
    assert faults(case.pk) == []


@pytest.mark.parametrize("meet", [overlapped, at_once])
def test_two_last_votes_at_once_close_once(transactional_db, meet):
    two = bench_of(2)
    case = tried(two.owner)
    ballot = filed(case, two.members[0])
    answers = meet(cast(ballot, two.members[0]), cast(ballot, two.members[1]))
    assert [type(answer) for answer in answers] == [Ballot, Ballot]
    ballot.refresh_from_db()
    assert (ballot.state, ballot.votes.count()) == ("let_go", 2)
    closed_once(case)


@pytest.mark.parametrize("meet", [overlapped, at_once])
def test_two_sweeps_at_once_count_once(transactional_db, meet):
    three = bench_of(3)
    case = tried(three.owner)
    ballot = voted(filed(case, three.members[0]), dict.fromkeys(three.members[:2], "let_go"))

    def sweep() -> int:
        return voting.close(ballot=ballot, now=ballot.closes_at).pk

    assert meet(sweep, sweep) == [ballot.pk, ballot.pk]
    closed_once(case)


def test_a_changed_vote_that_meets_the_last_one_is_counted_or_refused(transactional_db):
    two = bench_of(2)
    case = tried(two.owner)
    ballot = voted(filed(case, two.members[0]), {two.members[0]: "let_go"})
    last, changed = overlapped(cast(ballot, two.members[1]), cast(ballot, two.members[0], "keep"))
    assert isinstance(last, Ballot)
    assert isinstance(changed, Refused)
    closed_once(case)
