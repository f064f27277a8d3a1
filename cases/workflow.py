"""The transition table, and the only writer of a case's state.

open → resolved → closed, and back to open. A case closes by itself when its steps are done or waived; otherwise
only by one of five acts. Each move is one event, made under the case's row lock.
"""

from datetime import date, datetime

from accounts.models import User
from cases import deadlines, escalation, marks, plan, timeline, watching
from cases.enums import CaseState, DueKind, EndingState, Outcome, Severity, StepNumber, StepState, Verdict
from cases.models import Case, Confirmation, Contact, Ending, Escalation, Round, Words
from cases.refusals import Refused

OPEN, RESOLVED, CLOSED = CaseState.OPEN, CaseState.RESOLVED, CaseState.CLOSED

TRANSITIONS: dict[tuple[str, str], CaseState] = {
    (OPEN, "resolve"): RESOLVED,
    (RESOLVED, "close"): CLOSED,
    (RESOLVED, "reopen"): OPEN,
    (CLOSED, "reopen"): OPEN,
    (OPEN, "let_go"): CLOSED,
    (RESOLVED, "let_go"): CLOSED,
    (OPEN, "customer_lost"): CLOSED,
    (RESOLVED, "customer_lost"): CLOSED,
    (OPEN, "not_agreed"): CLOSED,
    (OPEN, "withdrawn"): CLOSED,
    (OPEN, "merged"): CLOSED,
    (RESOLVED, "merged"): CLOSED,
}

WATCHES = (
    DueKind.PROMISE,
    DueKind.CHECK,
    DueKind.EXPOSURE,
    DueKind.ACTION,
    DueKind.CHECK_IN,
    DueKind.STEP,
    DueKind.MARK,
)
LEAVES_DUE = (Outcome.LET_GO, Outcome.CUSTOMER_LOST, Outcome.NOT_AGREED, Outcome.WITHDRAWN)
GONE = (Outcome.LET_GO, Outcome.CUSTOMER_LOST)
LEARNT_FROM = (StepNumber.ROOT_CAUSE, StepNumber.LEARNINGS, StepNumber.INSTITUTIONALIZE)


def target(state: str, act: str) -> CaseState:
    """Return the state an act leads to. Raise `Refused` where the table has no such move."""
    try:
        return TRANSITIONS[state, act]
    except KeyError:
        label = CaseState(state).label.lower()
        raise Refused(f"This case is {label}, so that is not possible now. Reload the page to see why.") from None


def finish_step(
    *, case: Case, number: int, now: datetime, actor: User | None, note: str = "", silent: bool = False
) -> None:
    """Complete a step and let the case close if it was the last one."""
    plan.finish(case=case, number=number, now=now, actor=actor, note=note, silent=silent)
    settle(case=case, now=now)


def resolve(
    *,
    case: Case,
    now: datetime,
    contact: Contact | None,
    actor: User | None = None,
    words: Words | None = None,
    silent: bool = False,
) -> None:
    """Move an open case to resolved: by the customer's own word, or by silence the council accepted."""
    case.state = target(case.state, "resolve")
    case.resolved_at = now
    case.save(update_fields=["state", "resolved_at"])
    Round.objects.filter(case=case, number=case.round).update(resolved_at=now, silent=silent)
    kind = timeline.Kind.ACCEPTED_SILENTLY if silent else timeline.Kind.CONFIRMED
    timeline.record(case=case, kind=kind, now=now, actor=actor, contact=contact, words=words)
    deadlines.stop(case=case, kind=DueKind.SILENCE, now=now)
    deadlines.stop(case=case, kind=DueKind.MARK, now=now)  # what they wrote before is overtaken by what they say now
    if not silent:
        watching.plan_check_ins(case=case, now=now)
    finish_step(case=case, number=3, now=now, actor=actor, note="silence" if silent else "page", silent=silent)


def settle(*, case: Case, now: datetime) -> bool:
    """Close a resolved case whose steps are all done or waived; tell whether it closed.

    It waits for what lies before the council: an escalated case has its decision first (Connelly, method 8).
    """
    if case.state != RESOLVED or Escalation.objects.filter(case=case, decided_at=None).exists():
        return False
    steps = plan.current_steps(case).values()
    if any(step.is_open for step in steps):
        return False
    silent = any(step.number == 3 and step.silent for step in steps)
    _close(case=case, act="close", outcome=_outcome(silent), now=now, actor=None)
    return True


def end(
    *,
    case: Case,
    act: Outcome,
    now: datetime,
    actor: User | None,
    words: Words | None = None,
    contact: Contact | None = None,
    gone_on: date | None = None,
    mandate_ref: str = "",
) -> None:
    """End a case by one of the five acts; steps still open end with it, the act being their reason.

    What we learn from it stays due, with its clock, although the case is closed: see `stays_due`. The customer is
    not asked any more whether it is put right. `gone_on` is the day a customer was lost, if it was not today;
    `mandate_ref` names the vote by which the council lets a customer
    go; the database compares it with the votes. Raise `Refused` for letting go without it.
    """
    target(case.state, act.value)
    if (act == Outcome.LET_GO) != bool(mandate_ref):
        raise Refused("Only a vote of the council lets a customer go.")
    case.mandate_ref = mandate_ref
    watching.call_off(case=case, now=now)
    kept = stays_due(act, case.severity)
    for step in plan.current_steps(case).values():
        if step.is_open and step.number not in kept:
            step.state, step.done_at, step.reason = StepState.ENDED, now, words
            step.save(update_fields=["state", "done_at", "reason"])
            deadlines.stop(case=case, kind=DueKind.STEP, ref=step.number, now=now)
    Confirmation.objects.filter(case=case, verdict=Verdict.PENDING).update(next_at=None)
    if act in GONE:
        marks.lost(case=case, on=gone_on or now.date(), actor=actor, now=now)
    _close(case=case, act=act.value, outcome=act, now=now, actor=actor, words=words, contact=contact)


def stays_due(act: Outcome, severity: str) -> tuple[int, ...]:
    """Return the steps an act does not end: Root cause, Learnings and Institutionalize from normal severity up.

    A merged case leaves them to the case it was merged into; a recovered one has none open (product: The case).
    """
    return LEARNT_FROM if act in LEAVES_DUE and severity != Severity.LOW else ()


AGAIN = ("recurrence", "came_back")  # the failure itself is back, so every step is


def reopen(
    *,
    case: Case,
    why: str,
    now: datetime,
    actor: User | None = None,
    contact: Contact | None = None,
    words: Words | None = None,
) -> None:
    """Open a resolved or closed case for a further round; plan steps 1, 3, 7 and 8 anew, and what had ended.

    What happened again plans all nine. First times stay in the figures: the earlier round keeps its own row, steps and
    clocks. Raise `Refused` for a case merged into another: work goes on there.
    """
    if case.outcome == Outcome.MERGED:
        raise Refused(f"{case.number} was merged into another case. Work goes on there.")
    case.state = target(case.state, "reopen")
    case.round += 1
    case.attempt = 0
    case.outcome, case.resolved_at, case.closed_at, case.mandate_ref = "", None, None, ""
    case.save(update_fields=["state", "round", "attempt", "outcome", "resolved_at", "closed_at", "mandate_ref"])
    Round.objects.create(case=case, number=case.round, began_at=now, why=why)
    timeline.record(
        case=case,
        kind=timeline.Kind.REOPENED,
        now=now,
        actor=actor,
        contact=contact,
        words=words,
        facts={"why": why, "round": case.round},
    )
    watching.call_off(case=case, now=now)
    marks.found_again(case=case)
    plan.plan(case, _planned_anew(case, why), now=now)
    plan.compose_silence(case, started_at=now).save()
    plan.refresh(case)


def _planned_anew(case: Case, why: str) -> list[int]:
    if why in AGAIN:
        return list(StepNumber.values)
    ended = [number for number, step in plan.current_steps(case).items() if step.state == StepState.ENDED]
    return sorted({*plan.PLANNED_ANEW, *ended})


def _close(
    *,
    case: Case,
    act: str,
    outcome: Outcome,
    now: datetime,
    actor: User | None,
    words: Words | None = None,
    contact: Contact | None = None,
) -> None:
    case.state, case.outcome, case.closed_at = target(case.state, act), outcome, now
    case.save(update_fields=["state", "outcome", "closed_at", "mandate_ref"])
    deadlines.stop_all(case=case, now=now, but=(*WATCHES, DueKind.DECISION))
    escalation.withdraw(case=case, now=now)
    Ending.objects.filter(case=case, state=EndingState.ASKED).update(state=EndingState.OVERTAKEN, decided_at=now)
    timeline.record(
        case=case,
        kind=timeline.Kind.CLOSED,
        now=now,
        actor=actor,
        contact=contact,
        words=words,
        facts={"outcome": outcome.value},
    )
    plan.refresh(case)


def _outcome(silent: bool) -> Outcome:
    return Outcome.ACCEPTED_SILENTLY if silent else Outcome.RECOVERED
