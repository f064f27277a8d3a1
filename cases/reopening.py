"""Opening a resolved or closed case again by hand: their own message says so, it came back, or there are new facts.

A refusal, a low answer and a bad check-in reopen by themselves (product: Reopening).
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases import access, letters, own_case, words, workflow
from cases.enums import CaseState, Outcome, Side
from cases.locking import hold
from cases.models import Case, Entry
from cases.refusals import Refused

MESSAGE, RECURRENCE, NEW_FACTS = "message", "recurrence", "new_facts"


@transaction.atomic
def reopen(*, case: Case, actor: User, why: str, text: str, now: datetime, entry: Entry | None = None) -> Case:
    """Open the case for a further round. `entry` is their message, needed where it says that it is not put right.

    Raise `Refused` for an open case, for history, and for new facts by others than lead and council, or on their own.
    """
    held = hold(case)
    _check(held, actor, why, text, entry)
    row = entry.words if why == MESSAGE else words.write(text=text, now=now, case=held)
    contact = entry.contact if why == MESSAGE else None
    workflow.reopen(case=held, why=why, now=now, actor=actor, contact=contact, words=row)
    if held.owner is not None and held.owner_id != actor.pk:
        key = f"reopened-{held.pk}-{held.round}"
        facts = {"who": actor.name, "why": why}
        letters.bell(user=held.owner, case=held, key=key, kind="reopened", now=now, facts=facts)
    return held


def _check(case: Case, actor: User, why: str, text: str, entry: Entry | None) -> None:
    if case.state == CaseState.OPEN:
        raise Refused(f"{case.number} is open.")
    if case.historical or case.outcome == Outcome.CLOSED_ELSEWHERE:
        raise Refused(f"{case.number} was closed before Goldseam. Log a new complaint and link it instead.")
    if why == MESSAGE and (entry is None or entry.case_id != case.pk or entry.side != Side.THEIRS):
        raise Refused("Choose the message of theirs that says so. Write it down first, if need be.", field="entry")
    if why != MESSAGE and not text.strip():
        missing = {RECURRENCE: "Say what happened again, and when.", NEW_FACTS: "Say what we know now."}
        raise Refused(missing[why], field="text")
    if why == NEW_FACTS and (access.may_lead(actor, case) or actor.on_council):
        own_case.check(actor, [case], "weighs new facts on")
    elif why == NEW_FACTS:
        raise Refused("The team lead or the council decides that new facts open a case again.", field="why")
