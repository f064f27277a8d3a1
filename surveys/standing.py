"""What the status page shows: where the case stands in plain words, what was promised, who decides.

Never gestures under way, sweeps, votes, or what is at stake (product: Status page).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Role, User
from cases import check_ins, letters, owing, watching
from cases.enums import (
    CaseState,
    CheckInState,
    DueKind,
    PromiseKind,
    PromiseState,
    Side,
    StepNumber,
    StepState,
    Verdict,
)
from cases.models import Case, CheckIn, Contact, Due, Entry, Event, Promise, Step
from cases.refusals import Refused
from cases.timeline import Kind
from surveys import helping, readers, returning
from surveys.access import Following
from surveys.models import Invitation

SHOWN = letters.SHOWN_TO_THEM
MOST_PROMISES = 30


@dataclass(frozen=True)
class Stage:
    """One step as a customer sees it. `shown` is done, now, planned, waived, silent or ended; `by` lies ahead.

    `theirs` says whether it was the reader whom we asked, not somebody else at the customer.
    """

    number: int
    shown: str
    note: str
    at: datetime | None
    who: str
    by: datetime | None
    theirs: bool = True


def status_page(following: Following, now: datetime) -> dict[str, Any]:
    """Return what the status page shows. Reads only: opening it changes nothing."""
    case, contact = following.case, following.contact
    return {
        "case": case,
        "contact": contact,
        "stages": stages(case, contact, now),
        "promises": _marked(promises_to(case), contact),
        "decider": _decider(case),
        "reader": readers.reader_name(case),
        "reader_name": readers.reader_full_name(case),
        "wishes": helping.wishes(case, contact),
        "word": _their_word(case, contact),
        "back_until": _back_until(case, now),
        **_asked(case, contact),
        "now": now,
    }


def _back_until(case: Case, now: datetime) -> datetime | None:
    until = returning.open_until(case)
    return until if until is not None and now < until else None


def stages(case: Case, contact: Contact, now: datetime) -> list[Stage]:
    """Return the six steps a customer follows, of the present round where it has its own. Four statements."""
    rows = Step.objects.filter(case=case, number__in=SHOWN).select_related("done_by").order_by("round")
    steps = {step.number: step for step in rows}
    clocks = Due.objects.filter(case=case, kind=DueKind.STEP, closed_at=None, due_at__gt=now)
    due_at = dict(clocks.order_by("round").values_list("ref", "due_at"))
    here = next((number for number in SHOWN if number in steps and steps[number].is_open), None)
    asked = {StepNumber.RESOLVE: _who_confirmed(case), StepNumber.SURVEY: _who_was_asked(case)}
    theirs = {number: asked.get(number) in (None, contact.pk) for number in SHOWN}
    return [_stage(steps[number], here, due_at.get(number), theirs[number]) for number in SHOWN if number in steps]


def _stage(step: Step, here: int | None, due_at: datetime | None, theirs: bool) -> Stage:
    is_here = step.number == here
    shown = "now" if is_here else step.state
    if step.state == StepState.DONE and step.silent:
        shown = "silent"
    who = step.done_by.name if step.done_by else ""
    return Stage(step.number, shown, step.note, step.done_at, who, due_at if is_here else None, theirs)


def _who_confirmed(case: Case) -> int | None:
    said = case.confirmations.filter(offer__round=case.round, verdict=Verdict.YES)
    return said.order_by("-id").values_list("contact_id", flat=True).first()


def _who_was_asked(case: Case) -> int | None:
    return Invitation.objects.filter(case=case, round=case.round).values_list("contact_id", flat=True).first()


def promises_to(case: Case) -> list[Promise]:
    """Return the recovery promises by due time; one that was moved stands as the one in its place."""
    rows = Promise.objects.filter(case=case, kind=PromiseKind.RECOVERY).exclude(state=PromiseState.RENEGOTIATED)
    latest = rows.select_related("words", "dispute").order_by("-due_at", "-id")[:MOST_PROMISES]
    return list(reversed(latest))


def promise_of(case: Case, pk: int) -> Promise | None:
    """Return one promise of those the page shows."""
    return next((promise for promise in promises_to(case) if promise.pk == pk), None)


def asked_check(case: Case) -> CheckIn | None:
    """Return the check-in whose letter they have and did not answer yet."""
    asked = CheckIn.objects.filter(case=case, state=CheckInState.PENDING, message__isnull=False)
    return asked.order_by("day").first()


def asks_trust(case: Case, contact: Contact) -> bool:
    """Tell whether this contact was told what we changed and nobody has said yet whether they trust it."""
    if case.state == CaseState.OPEN or check_ins.told_of_change(case) != contact.pk:
        return False
    return not CheckIn.objects.filter(case=case, round=case.round, day=watching.WITH_THE_CHANGE).exists()


def check_trust_asked(case: Case) -> None:
    """Raise `Refused` where the mark of trust is not asked any more: what is worked on again is not trusted yet."""
    if case.state == CaseState.OPEN or check_ins.told_of_change(case) is None:
        raise Refused(_("We are working on it already. Add a word or a file, or ask us to call you."))


def _asked(case: Case, contact: Contact) -> dict[str, Any]:
    """Return the question the page asks this contact, and the check-in that somebody else is asked."""
    check = asked_check(case)
    theirs = check is not None and check_ins.asked_of(check) in (None, contact.pk)
    return {
        "check": check if theirs else None,
        "check_of_another": None if theirs else check,
        "asks_trust": asks_trust(case, contact),
    }


def _their_word(case: Case, contact: Contact) -> Due | None:
    """Return the running clock of a word we owe an answer to, where this contact has a part in it."""
    due = owing.waiting(case)
    if due is None:
        return None
    said = Entry.objects.filter(case=case, contact=contact, side=Side.THEIRS, at__gte=due.started_at)
    return due if said.exists() else None


def _marked(promises: list[Promise], contact: Contact) -> list[Promise]:
    """Mark the promises about which this contact said "not so" themselves."""
    disputed = [promise.pk for promise in promises if promise.disputed_at]
    if disputed:
        said = Event.objects.filter(case=promises[0].case_id, kind=Kind.PROMISE_DISPUTED, contact=contact)
        mine = set(said.values_list("facts__promise", flat=True))
        for promise in promises:
            promise.disputed_by_them = promise.pk in mine
    return promises


def _decider(case: Case) -> User | None:
    """Return who decides what is beyond the owner: the chair, else the sponsor; nobody where it is the owner."""
    for role in (Role.CHAIR, Role.SPONSOR):
        person = User.objects.working_here().with_role(role).order_by("pk").first()
        if person is not None:
            return person if person.pk != case.owner_id else None
    return None
