"""The council sees every case: a member looks at it, singly or in bulk."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from accounts.models import User
from cases import timeline, words
from cases.enums import StepNumber, StepState
from cases.locking import hold
from cases.models import Case, Step
from cases.refusals import Refused
from council import fulfilment
from council.models import Seen


@transaction.atomic
def see(*, cases: Iterable[Case], actor: User, now: datetime, note: str = "") -> list[Case]:
    """Mark cases as seen by the council in their present round; return those that were not seen before.

    A `note` stands on each of them.
    Completes step 8 unless a docket entry waits. A case of one's own is left to another member; raise `Refused`
    where nothing else is left, or for somebody who does not sit on the council.
    """
    if not actor.on_council:
        raise Refused("Only members of the council look through new cases.")
    chosen = sorted(cases, key=lambda case: case.pk)
    if not chosen:
        raise Refused("Choose at least one case.")
    others = [case for case in chosen if case.owner_id != actor.pk]
    if not others:
        raise Refused("These are your own cases. Another member looks at them.")
    return [case for case in others if _see(case, actor, now, note)]


def _see(case: Case, actor: User, now: datetime, note: str) -> bool:
    held = hold(case)
    if held.historical:
        return False
    seen, is_new = Seen.objects.get_or_create(case=held, round=held.round, defaults={"by": actor, "at": now})
    if not is_new:
        return False
    if note.strip():
        seen.words = words.write(text=note, now=now, case=held)
        seen.save(update_fields=["words"])
    facts = {"round": held.round, "how": "seen"}
    timeline.record(case=held, kind=timeline.Kind.COUNCIL_SAW, now=now, actor=actor, facts=facts, words=seen.words)
    fulfilment.complete(case=held, actor=actor, how="seen", now=now)
    return True


def is_waiting(case: Case) -> bool:
    """Tell whether the council still has to see the case, from the picture of its steps that it carries."""
    shown = case.seam[StepNumber.COUNCIL - 1][0] if case.seam else ""
    return shown == "planned"


def unseen_steps() -> QuerySet[Step]:
    """Return the rows of step 8 still planned in the present round of a case that is no imported history."""
    rows = Step.objects.filter(number=StepNumber.COUNCIL, state=StepState.PLANNED, round=F("case__round"))
    return rows.filter(case__historical=False)
