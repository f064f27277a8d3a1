"""A word of theirs we owe an answer to: one clock a case, whatever asked for it; any word of ours stops it."""

from datetime import datetime

from accounts.models import User
from cases import deadlines, presence
from cases.enums import DueKind
from cases.models import Case, Due
from cases.policy import rules_of

# One clock a case for all such wishes: refusals count by their question, answers held back below zero.
REF = 0


def waiting(case: Case) -> Due | None:
    """Return the running clock of a word nobody has answered yet, or None."""
    dues = Due.objects.select_related("owner").filter(case=case, kind=DueKind.REPLY, ref=REF, closed_at=None)
    return dues.order_by("-id").first()


def owe(*, case: Case, person: User | None, now: datetime) -> Due:
    """Start this person's clock to answer a word of theirs, on a locked case; one already running goes on."""
    return waiting(case) or deadlines.start(
        case=case,
        kind=DueKind.REPLY,
        ref=REF,
        allowed=rules_of(case.policy_version_id).time("unassigned", case.severity),
        started_at=now,
        owner_id=person.pk if person else None,
    )


def owe_an_answer(*, case: Case, now: datetime) -> Due:
    """Start the clock of whoever reads their words to answer one, on a locked case; one already running goes on."""
    return owe(case=case, person=presence.reader_of(case), now=now)
