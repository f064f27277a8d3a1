"""What one decision carries: entry, case, who, what and why."""

from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import User
from cases.ending import FinalAnswer
from cases.models import Action, Case, Escalation, Words
from council.bench import Bench
from council.models import DecisionKind


@dataclass(frozen=True)
class Ruling:
    """A decision about to act. `case` is locked; `row` holds the reason; `cost` is minor units, None for unchanged.

    What is ordered is put into `ordered`, so that the decision can name what follows.
    """

    entry: Escalation
    case: Case
    actor: User
    kind: DecisionKind
    row: Words
    now: datetime
    bench: Bench
    owner: User | None = None
    due_at: datetime | None = None
    cost: int | None = None
    what: str = ""
    answer: FinalAnswer | None = None
    ordered: list[Action] = field(default_factory=list)

    @property
    def reason(self) -> str:
        """Why, in the author's words."""
        return self.row.text
