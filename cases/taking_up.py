"""Taking up a case that came in as history: live steps are planned from now on."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases import plan, timeline
from cases.enums import CaseState, StepNumber
from cases.locking import hold
from cases.models import Case, Due, Step
from cases.refusals import Refused
from mail import outbox


@transaction.atomic
def take_up(*, case: Case, actor: User, owner: User, now: datetime) -> None:
    """Make an unfinished historical case live: nine steps and their clocks start now, with an owner.

    What happened before stays "before Goldseam". Raise `Refused` for a live case, or one closed elsewhere.
    """
    held = hold(case)
    if not held.historical:
        raise Refused(f"{held.number} is a live case already.")
    if held.state != CaseState.OPEN:
        raise Refused(f"{held.number} was closed before Goldseam. Log a new complaint and link it instead.")
    held.historical, held.owner, held.team = False, owner, owner.team
    held.logged_at = now
    held.thread = held.thread or outbox.open_thread(key=f"case-taken-up-{held.pk}")
    held.save(update_fields=["historical", "owner", "team", "logged_at", "thread"])
    timeline.record(case=held, kind=timeline.Kind.TAKEN_UP, now=now, actor=actor, facts={"owner": owner.pk})
    steps, dues = plan.compose_steps(held, StepNumber, started_at=now, now=now)
    Step.objects.bulk_create(steps)
    Due.objects.bulk_create([*dues, plan.compose_silence(held, started_at=now)])
    plan.refresh(held)


def take_up_many(*, cases: Iterable[Case], actor: User, owner: User, now: datetime) -> tuple[int, list[str]]:
    """Take up several cases, each in a transaction of its own; return how many, and the refusals of the others."""
    done, refusals = 0, []
    for case in cases:
        try:
            take_up(case=case, actor=actor, owner=owner, now=now)
            done += 1
        except Refused as refusal:
            refusals.append(refusal.message)
    return done, refusals
