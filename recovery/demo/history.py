"""Last year's complaints, taken over from a list that was kept by hand before Goldseam."""

from datetime import datetime, timedelta
from random import Random

from cases import opening, words
from cases.enums import CaseState, Channel, Outcome
from cases.importing.history import BEFORE
from cases.models import Case, Category, Customer, Round
from cases.plan import NEVER
from cases.timeline import Happening, Kind, begin
from recovery.demo.stories import STORIES

ENDINGS = ("Settled", "Replaced", "Credited", "No answer from the customer")


def bring_in(customers: list[Customer], count: int, *, now: datetime, chance: Random) -> None:
    """Bring in `count` cases as history: closed elsewhere, without steps, clocks and letters."""
    categories = {category.name: category for category in Category.objects.all()}
    policy, calendar = opening.policy_version(), opening.calendar_version()
    for number in range(count):
        story = STORIES[number % len(STORIES)]
        received = now - timedelta(days=chance.randrange(150, 420))
        case = Case.objects.create(
            customer=customers[chance.randrange(len(customers))],
            title=story.title,
            category=categories[story.category],
            channel=Channel(story.channel),
            severity=chance.choice(("low", "normal", "normal", "high")),
            state=CaseState.CLOSED,
            outcome=Outcome.CLOSED_ELSEWHERE,
            stated_outcome=chance.choice(ENDINGS),
            closed_at=received + timedelta(days=chance.randrange(3, 40)),
            historical=True,
            source="list-of-last-year",
            external_ref=f"B-{number + 101}",
            policy_version=policy,
            calendar_version=calendar,
            received_at=received,
            logged_at=now,
            next_due_at=NEVER,
            seam=BEFORE,
            last_word_at=received,
            last_word_by="theirs",
        )
        Round.objects.create(case=case, number=1, began_at=received)
        text = words.write(text=story.text, now=now, case=case, part="complaint")
        facts = {"source": case.source, "stated": True, "note": ""}
        begin(case=case, happenings=[Happening(Kind.IMPORTED, now, None, None, facts, text)])
