"""What the status page shows: where the case stands in plain words, what was promised, who decides.

Never gestures under way, sweeps, votes, or what is at stake (product: Status page).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Role, User
from cases import letters, owing, watching
from cases.enums import CaseState, CheckInState, DueKind, PromiseKind, PromiseState, StepState
from cases.models import Case, CheckIn, Due, Promise, Step
from cases.timeline import Kind
from surveys import helping, readers, returning
from surveys.access import Following

SHOWN = letters.SHOWN_TO_THEM
MOST_PROMISES = 30


@dataclass(frozen=True)
class Stage:
    """One step as a customer sees it. `shown` is done, now, planned, waived, silent or ended; `by` lies ahead."""

    number: int
    shown: str
    note: str
    at: datetime | None
    who: str
    by: datetime | None


def status_page(following: Following, now: datetime) -> dict[str, Any]:
    """Return what the status page shows. Reads only: opening it changes nothing."""
    case, contact = following.case, following.contact
    return {
        "case": case,
        "contact": contact,
        "stages": stages(case, now),
        "promises": promises_to(case),
        "decider": _decider(case),
        "reader": readers.reader_name(case),
        "reader_name": readers.reader_full_name(case),
        "wishes": helping.wishes(case),
        "word": owing.waiting(case),
        "back_until": _back_until(case, now),
        "check": asked_check(case),
        "asks_trust": asks_trust(case),
        "now": now,
    }


def _back_until(case: Case, now: datetime) -> datetime | None:
    until = returning.open_until(case)
    return until if until is not None and now < until else None


def stages(case: Case, now: datetime) -> list[Stage]:
    """Return the six steps a customer follows, of the present round where it has its own. Two statements."""
    rows = Step.objects.filter(case=case, number__in=SHOWN).select_related("done_by").order_by("round")
    steps = {step.number: step for step in rows}
    clocks = Due.objects.filter(case=case, kind=DueKind.STEP, closed_at=None, due_at__gt=now)
    due_at = dict(clocks.order_by("round").values_list("ref", "due_at"))
    here = next((number for number in SHOWN if number in steps and steps[number].is_open), None)
    return [_stage(steps[number], here, due_at.get(number)) for number in SHOWN if number in steps]


def _stage(step: Step, here: int | None, due_at: datetime | None) -> Stage:
    is_here = step.number == here
    shown = "now" if is_here else step.state
    if step.state == StepState.DONE and step.silent:
        shown = "silent"
    who = step.done_by.name if step.done_by else ""
    return Stage(step.number, shown, step.note, step.done_at, who, due_at if is_here else None)


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


def asks_trust(case: Case) -> bool:
    """Tell whether they know what we changed and have not said yet whether they trust it."""
    told = case.events.filter(kind=Kind.CHANGE_TOLD, round=case.round).exists()
    known = CheckIn.objects.filter(case=case, round=case.round, day=watching.WITH_THE_CHANGE)
    return told and case.state != CaseState.OPEN and not known.exists()


def _decider(case: Case) -> User | None:
    """Return who decides what is beyond the owner: the chair, else the sponsor; nobody where it is the owner."""
    for role in (Role.CHAIR, Role.SPONSOR):
        person = User.objects.working_here().with_role(role).order_by("pk").first()
        if person is not None:
            return person if person.pk != case.owner_id else None
    return None
