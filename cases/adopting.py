"""Further changes of a cause, entered after its customers were told of the first one."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases import timeline, words
from cases.locking import hold
from cases.models import Case, Cause, Change
from cases.refusals import Refused
from cases.steps.institutionalize import Adoption


@transaction.atomic
def adopt_further(*, cause: Cause, actor: User, adoption: Adoption, now: datetime) -> Change:
    """Enter one more change in the register, for the cause and so for all its cases.

    Each live case of the cause has the event. Raise `Refused` without words or place.
    """
    if not adoption.what.strip():
        raise Refused("Say what is different now.", field="what")
    if not adoption.where.strip():
        raise Refused("Say where it is written down or built in: the procedure, system or place.", field="where")
    cases = list(Case.objects.filter(case_causes__cause=cause, historical=False).order_by("pk"))
    held = [hold(case) for case in cases]
    row = words.write(text=adoption.what, now=now, case=held[0] if len(held) == 1 else None)
    change = Change.objects.create(
        cause=cause,
        words=row,
        where=adoption.where.strip(),
        owner=adoption.owner,
        since_on=adoption.since_on,
        adopted_at=now,
    )
    facts = {"change": change.pk, "since": adoption.since_on.isoformat()}
    for case in held:
        timeline.record(case=case, kind=timeline.Kind.CHANGE_ADOPTED, now=now, actor=actor, words=row, facts=facts)
    return change
