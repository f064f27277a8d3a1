"""New cases the council has not seen yet."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Window

from accounts.models import User
from cases import access
from cases.models import Escalation, Step
from council.seeing import unseen_steps

SHOWN = 8
MOST = 100


@dataclass(frozen=True)
class Review:
    """The first cases to look at, oldest first, and how many there are in all."""

    steps: list[Step]
    total: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.steps)


def unseen(user: User, *, limit: int = SHOWN) -> Review:
    """Return cases whose step 8 waits and that are not on the docket. One statement."""
    on_docket = Escalation.objects.filter(case=OuterRef("case"), decided_at=None)
    rows = unseen_steps().filter(~Exists(on_docket), case__in=access.visible_to(user))
    rows = rows.select_related("case__customer", "case__owner").annotate(total=Window(Count("pk")))
    found = list(rows.order_by("case__received_at", "case_id")[:limit])
    return Review(found, found[0].total if found else 0)
