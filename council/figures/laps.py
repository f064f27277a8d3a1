"""One statement for most figures: the rounds of the last half year with what happened in each."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery

from cases.enums import CaseState, DueKind, StepNumber, StepState
from cases.models import Case, Due, Round, Step


class Lap(NamedTuple):
    """One round of one case. `acknowledged_at` and `acknowledge_by` concern this round's first step."""

    number: int
    began_at: datetime
    resolved_at: datetime | None
    silent: bool
    rounds: int
    state: str
    outcome: str
    closed_at: datetime | None
    acknowledged_at: datetime | None
    acknowledge_by: datetime | None
    missed_before: bool | None = False  # on a case merged into this one

    @property
    def is_first(self) -> bool:
        """Tell whether this is the round the case opened with: first times stay in the figures."""
        return self.number == 1

    @property
    def confirmed_at(self) -> datetime | None:
        """When the customer's own word confirmed it; silence is not a word."""
        return None if self.silent else self.resolved_at

    def stopped_at(self, now: datetime) -> datetime:
        """Return until when the round has been waiting: now, the silence accepted, or the end of the case."""
        return min(at for at in (now, self.resolved_at, self.closed_at) if at is not None)

    @property
    def is_running(self) -> bool:
        """Tell whether the customer's word may still come in this round."""
        return self.resolved_at is None and self.state != CaseState.CLOSED and self.number == self.rounds


def laps(cases: QuerySet[Case], since: datetime) -> list[Lap]:
    """Return the rounds that began or were resolved since then. One statement."""
    step = Step.objects.filter(
        case=OuterRef("case"), round=OuterRef("number"), number=StepNumber.ACKNOWLEDGE, state=StepState.DONE
    )
    due = Due.objects.filter(
        case=OuterRef("case"), round=OuterRef("number"), kind=DueKind.STEP, ref=StepNumber.ACKNOWLEDGE
    )
    recent = Q(began_at__gte=since) | Q(resolved_at__gte=since) | Q(case__closed_at__gte=since)
    rows = Round.objects.filter(recent, case__in=cases.live()).order_by()
    rows = rows.annotate(told=Subquery(step.values("done_at")[:1]), by=Subquery(due.values("due_at")[:1]))
    rows = rows.annotate(missed=Subquery(due.values("inherited_miss")[:1]))
    fields = ("number", "began_at", "resolved_at", "silent")
    about = ("case__round", "case__state", "case__outcome", "case__closed_at")
    return [Lap(*row) for row in rows.values_list(*fields, *about, "told", "by", "missed")]
