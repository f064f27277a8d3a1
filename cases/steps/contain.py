"""2 · Contain (Connelly, method 2): it cannot get worse, for this customer or the next.

Done when a containment action is done and checked by a named person, and the customer was told. For high and
critical cases nobody checks their own action.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases import entries, workflow
from cases.actions import STRICT
from cases.enums import ActionKind, EntryKind, StepNumber
from cases.locking import hold_unclosed
from cases.models import Action, Case, Contact
from cases.refusals import Refused

NUMBER = StepNumber.CONTAIN


@transaction.atomic
def contained(
    *,
    case: Case,
    actor: User,
    told_by: EntryKind,
    contact: Contact | None,
    text: str,
    now: datetime,
    subject: str = "",
) -> None:
    """Tell the customer what was done and complete the step.

    Raise `Refused` while no containment action is done and checked, or without saying how they were told.
    """
    held = hold_unclosed(case)
    _check(held)
    if told_by not in entries.REACHES_THEM:
        raise Refused("A note reaches nobody. Say how the customer was told.", field="told_by")
    entries.add_entry(case=held, actor=actor, kind=told_by, text=text, now=now, contact=contact, subject=subject)
    workflow.finish_step(case=held, number=NUMBER, now=now, actor=actor, note=str(told_by))


def _check(case: Case) -> None:
    actions = list(Action.objects.filter(case=case, kind=ActionKind.CONTAINMENT))
    if not actions:
        raise Refused("Plan a containment action first: what stops it from getting worse, who, by when?")
    if not any(action.done_at for action in actions):
        raise Refused("No containment action is done yet. Mark it done, then have it checked.")
    checked = [action for action in actions if action.checked_at]
    if not checked:
        raise Refused("Nobody has checked the containment yet. A named person confirms that it holds.")
    # The case may have been raised after a check that was good enough for a normal one.
    own = [action for action in checked if action.checked_by_id in (action.done_by_id, action.owner_id)]
    if case.severity in STRICT and len(own) == len(checked):
        raise Refused(
            "Whoever did the containment checked it too. For a high or critical case somebody else has to: plan a "
            "second look as a containment action, and have it checked by somebody who did not do it."
        )
