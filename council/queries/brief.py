"""One page made from the case, for somebody who decides in two minutes."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from cases import plan
from cases.enums import DueKind, PromiseKind, Side
from cases.models import Case, Due, Fact, Gap, Promise, Step, Words
from council.bench import Bench
from council.models import Decision
from council.queries import docket
from council.queries.item import Item


@dataclass(frozen=True)
class Line:
    """One step with its times; `due_at` is the one that counted."""

    step: Step
    due_at: datetime | None

    @property
    def was_late(self) -> bool:
        """Tell whether it was done after its due time."""
        return bool(self.step.done_at and self.due_at and self.step.done_at > self.due_at)


@dataclass(frozen=True)
class Brief:
    """What happened, what they asked, the gap, facts of both sides, steps, promises, what is asked of the council."""

    case: Case
    texts: dict[str, str]
    gap: Gap | None
    theirs: list[Fact]
    ours: list[Fact]
    lines: list[Line]
    promises: list[Promise]
    items: list[Item]
    decisions: list[Decision]


def brief(case: Case, user: User, bench: Bench, now: datetime) -> Brief:
    """Read the brief of one case the reader may see."""
    facts = list(Fact.objects.filter(case=case).select_related("words"))
    promises = Promise.objects.filter(case=case, kind=PromiseKind.RECOVERY).select_related("words", "owner")
    decisions = Decision.objects.filter(case=case).select_related("words", "author", "owner")
    return Brief(
        case=case,
        texts=_texts(case),
        gap=Gap.objects.filter(case=case).first(),
        theirs=[fact for fact in facts if fact.side == Side.THEIRS],
        ours=[fact for fact in facts if fact.side == Side.OURS],
        lines=_lines(case),
        promises=list(promises[:12]),
        items=docket.of_case(case, user, bench, now),
        decisions=list(decisions[:6]),
    )


def _texts(case: Case) -> dict[str, str]:
    """Return the newest words of each part of the case."""
    rows = Words.objects.filter(case=case).exclude(part="").order_by("id")
    return {row.part: row.text for row in rows}


def _lines(case: Case) -> list[Line]:
    dues = Due.objects.filter(case=case, kind=DueKind.STEP).order_by("round")
    by_number = {due.ref: due.due_at for due in dues}
    return [Line(step, by_number.get(number)) for number, step in sorted(plan.current_steps(case).items())]
