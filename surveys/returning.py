"""It came back: for 90 days after the end the customer opens the case again from the page where they follow it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from cases import entries, letters, workflow
from cases.enums import CaseState, EntryKind, Outcome, Side
from cases.locking import hold_living
from cases.models import Case, Contact
from cases.policy import rules_of
from cases.refusals import Refused
from surveys import readers, twice

WHY = "came_back"
ENDS = (Outcome.RECOVERED, Outcome.ACCEPTED_SILENTLY, Outcome.WITHDRAWN)


@transaction.atomic
def came_back(*, case: Case, contact: Contact, text: str, now: datetime) -> Case:
    """Open the case again in their words; all nine steps are planned anew, and reader and lead are told at once.

    The same pressed twice is taken once. Raise `Refused` without their words, once 90 days have passed, and where the
    case is open already.
    """
    held = hold_living(case.pk)
    if held.is_open and text.strip() and twice.said(case=held, contact=contact, text=text, now=now):
        return held
    if held.is_open:
        raise Refused(_("We are working on it already. Add a word or a file, or ask us to call you."))
    until = open_until(held)
    if until is None or now >= until:
        raise Refused(_("This can no longer be opened again from here. Ask us to call you: the button is below."))
    if not text.strip():
        raise Refused(_("Please tell us what came back, so that we can put it right."), field="text")
    entry = entries.write_entry(
        case=held, actor=None, kind=EntryKind.EMAIL, text=text, now=now, side=Side.THEIRS, contact=contact
    )
    workflow.reopen(case=held, why=WHY, now=now, contact=contact, words=entry.words)
    _tell(held, contact, text, now)
    return held


def open_until(case: Case) -> datetime | None:
    """Return until when it can be opened again from their page; None where that was never so, or while it is open.

    The days are the policy's, 90 by default, after the end; of a case put right and not closed yet, after their yes.
    """
    ended = case.closed_at if case.state == CaseState.CLOSED else case.resolved_at
    well = case.state == CaseState.RESOLVED or (case.state == CaseState.CLOSED and case.outcome in ENDS)
    if case.historical or not well or ended is None:
        return None
    return ended + timedelta(days=rules_of(case.policy_version_id)["repeat_days"])


def may_come_back(case: Case, now: datetime) -> bool:
    """Tell whether the customer may still open the case again themselves."""
    until = open_until(case)
    return until is not None and now < until


def _tell(case: Case, contact: Contact, text: str, now: datetime) -> None:
    for person in readers.reader_and_lead(case):
        letters.to_colleague(
            user=person,
            case=case,
            key=f"came-back-{case.pk}-{case.round}-{person.pk}",
            template="came_back",
            now=now,
            facts={"who": contact.name, "words": text},
        )
