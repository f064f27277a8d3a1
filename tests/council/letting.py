"""A case on which everything was tried, and a form that says so."""

from datetime import date, timedelta
from types import SimpleNamespace

from cases.enums import StepState
from cases.models import Case, Step
from council.letgo import filing, voting
from council.models import Ballot, LetGoReason
from tests import builders
from tests.builders import NOON
from tests.cases.resolving import refused

HOUR = timedelta(hours=1)
TRIED = (1, 2, 4, 5, 6)
FILING = {
    "reason": LetGoReason.POOR_MATCH,
    "why": "They need lots of ten, we make lots of a thousand.",
    "hours": 900,
    "cash": 4_200_000,
    "morale": "Two people asked to be moved.",
    "contribution": 1_100_000,
    "currency": "CHF",
    "ends_on": date(2027, 3, 31),
    "letter": "We ask you to let us part.",
}


def tried(owner, *, refusals: int = 2, **fields) -> Case:
    """Return an open case with steps 1, 2, 4, 5, 6 behind it and so many results refused."""
    case = builders.acknowledged(builders.case(owner=owner, **fields))
    for number in range(refusals):
        refused(case, NOON + (1 + number) * HOUR)
    Step.objects.filter(case=case, number__in=TRIED).update(state=StepState.DONE, done_at=NOON)
    case.refresh_from_db()
    return case


def filed(case: Case, actor, *, now=NOON + 4 * HOUR, **changes) -> Ballot:
    """Open a vote on the customer of a case."""
    return filing.file(case=case, actor=actor, filing=filing.Filing(**{**FILING, **changes}), now=now)


def voted(ballot: Ballot, choices: dict, now=NOON + 5 * HOUR) -> Ballot:
    """Let people vote: by person, what they say."""
    for person, choice in choices.items():
        voting.vote(ballot=ballot, actor=person, choice=choice, why="So I see it.", now=now)
    ballot.refresh_from_db()
    return ballot


def bench_of(count: int) -> SimpleNamespace:
    """Seat so many members; return them with an owner who has no seat."""
    builders.team()
    members = [builders.user("council", name=f"Member {number}") for number in range(1, count + 1)]
    return SimpleNamespace(members=members, owner=builders.user(name="Marta Keller"))
