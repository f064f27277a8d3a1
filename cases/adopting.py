"""Changes after the first: further ones of a cause, and looking again whether a change still stands."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import Role, User
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


def may_review(user: User, change: Change) -> bool:
    """Tell whether this person may look again at a change: who keeps it, quality, leads and the council."""
    return change.owner_id == user.pk or user.on_council or user.has_role(Role.QUALITY, Role.LEAD)


@transaction.atomic
def look_again(*, change: Change, actor: User, now: datetime) -> None:
    """Note that somebody looked whether the change still stands. Each live case behind it has the event."""
    Change.objects.filter(pk=change.pk).update(reviewed_at=now, reviewed_by=actor)
    behind = Q(case_causes__cause=change.cause_id) if change.cause_id else Q(pk=change.case_id)
    for pk in Case.objects.filter(behind, historical=False).order_by("pk").values_list("pk", flat=True):
        facts = {"change": change.pk}
        timeline.record(case=hold(pk), kind=timeline.Kind.CHANGE_REVIEWED, now=now, actor=actor, facts=facts)
