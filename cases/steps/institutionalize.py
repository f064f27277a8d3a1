"""9 · Institutionalize (Connelly, method 9): make the change stick, and tell the customer.

Done when the corrective actions are done, the change is adopted (what, where, whose, since when) and "you said, we
changed" was sent. The letter is never waived from normal up: with no change it says what we found and why.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from cases import entries, legal, letters, plan, timeline, words, workflow
from cases.enums import ActionKind, ClearanceKind, StepNumber
from cases.locking import hold_for_step
from cases.models import Action, Case, CaseCause, Cause, Change
from cases.refusals import Refused

NUMBER = StepNumber.INSTITUTIONALIZE
NO_CHANGE = "no_change"  # the note of the step while it was granted that nothing needs to change


@dataclass(frozen=True)
class Adoption:
    """What changed, where, whose it is, and since when it is in force."""

    what: str
    where: str
    owner: User
    since_on: date


@transaction.atomic
def adopt(*, case: Case, actor: User, adoption: Adoption, now: datetime) -> Change:
    """Enter the change in the register, for the cause of the case and so for all its cases."""
    held = hold_for_step(case, NUMBER)
    if not plan.step_of(held, NUMBER).is_open:
        raise Refused("The customer has been told what changed. Enter further changes on the page of the cause.")
    if not adoption.what.strip():
        raise Refused("Say what is different now.", field="what")
    if not adoption.where.strip():
        raise Refused("Say where it is written down or built in: the procedure, system or place.", field="where")
    cause = _cause(held)
    change = Change.objects.create(
        cause=cause,
        case=held,
        words=words.write(text=adoption.what, now=now, case=held),
        where=adoption.where,
        owner=adoption.owner,
        since_on=adoption.since_on,
        adopted_at=now,
    )
    facts = {"change": change.pk, "since": adoption.since_on.isoformat()}
    timeline.record(case=held, kind=timeline.Kind.CHANGE_ADOPTED, now=now, actor=actor, words=change.words, facts=facts)
    return change


@transaction.atomic
def tell(*, case: Case, actor: User, text: str, now: datetime) -> None:
    """Send "you said, we changed" and complete the step.

    Raise `Refused` while corrective actions are open, without words, or without an adopted change unless it was
    granted that none is needed; and on a legal matter words that counsel has not cleared.
    """
    held = hold_for_step(case, NUMBER)
    cause = _cause(held)
    change = _change(held, cause)
    _check(held, cause, change, text)
    legal.check_cleared(case=held, kind=ClearanceKind.ADMISSION, text=text)
    if not entries.reachable(held.confirmer):
        raise Refused("There is no working e-mail address for this person. Add one on the customer page.")
    entry = entries.write_entry(case=held, actor=actor, kind="email", text=text, now=now, contact=held.confirmer)
    entry.message = letters.changed(
        case=held, contact=held.confirmer, key=f"entry-{entry.pk}", facts=_facts(text, change), now=now
    )
    entry.save(update_fields=["message"])
    timeline.record(
        case=held,
        kind=timeline.Kind.CHANGE_TOLD,
        now=now,
        actor=actor,
        facts={"change": change.pk if change else None},
    )
    workflow.finish_step(case=held, number=NUMBER, now=now, actor=actor, note="told")


def _cause(case: Case) -> Cause | None:
    link = CaseCause.objects.filter(case=case).select_related("cause").first()
    return link.cause if link else None


def _change(case: Case, cause: Cause | None) -> Change | None:
    changes = Change.objects.filter(cause=cause) if cause else Change.objects.filter(case=case)
    return changes.select_related("words", "owner").order_by("-id").first()


def _check(case: Case, cause: Cause | None, change: Change | None, text: str) -> None:
    if not text.strip():
        raise Refused("Write what we found and what is different now.", field="text")
    step = plan.step_of(case, NUMBER)
    if not step.is_open:
        raise Refused("This has been sent already.")
    open_actions = Action.objects.filter(cause=cause, kind=ActionKind.CORRECTIVE, done_at=None) if cause else []
    if cause and open_actions.exists():
        raise Refused("Corrective actions are still open. Finish them, then tell the customer what changed.")
    if change is None and step.note != NO_CHANGE:
        raise Refused("Enter the change first: what, where, whose, since when. Or propose that none is needed.")


def _facts(text: str, change: Change | None) -> dict:
    if change is None:
        return {"body": text, "change": None}
    about = {"what": change.words.text, "where": change.where, "since_on": change.since_on.isoformat()}
    return {"body": text, "change": about}
