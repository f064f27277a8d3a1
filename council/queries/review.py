"""New cases the council has not seen yet."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Subquery

from accounts.models import User
from cases import access
from cases.enums import StepNumber, StepState
from cases.models import Escalation, Step
from cases.queries.capped import first

SHOWN = 8
MOST = 100


@dataclass(frozen=True)
class Review:
    """The first cases to look at, oldest first, and how many there are in all; 101 stands for more than 100."""

    steps: list[Step]
    total: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.steps)

    @property
    def capped(self) -> bool:
        """Tell whether there are more than were counted."""
        return self.total > MOST


def unseen(user: User, *, limit: int = SHOWN) -> Review:
    """Return cases whose step 8 waits and that are not on the docket, the oldest first. One statement.

    More than 100 are not counted.
    """
    on_docket = Escalation.objects.filter(case=OuterRef("case"), decided_at=None)
    # Asked step by step, oldest first: as a join, PostgreSQL would walk through all cases to find the first ones.
    visible = access.visible_to(user).filter(pk=OuterRef("case"), historical=False)
    planned = Step.objects.filter(number=StepNumber.COUNCIL, state=StepState.PLANNED)
    waiting = planned.filter(~Exists(on_docket), round=Subquery(visible.values("round")[:1])).order_by("case_id")
    shown, total = first(waiting, limit, MOST + 1)
    rows = Step.objects.filter(pk__in=shown).select_related("case__customer", "case__owner").annotate(total=total)
    found = list(rows.order_by("case_id"))
    return Review(found, found[0].total if found else 0)
