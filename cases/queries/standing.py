"""Where a case stands, read off its page without a further statement: rail, strip, lights, discovery record."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Role
from cases import deadlines, discovery, plan, principles
from cases.enums import (
    CauseState,
    Channel,
    DueKind,
    Fault,
    OfferAnswer,
    RemedyState,
    StepNumber,
    StepState,
    Verdict,
)
from cases.models import Case
from cases.policy import calendar_of, rules_of
from cases.queries.case_page import Page, Stand
from cases.worktime import always

NEAR = timedelta(hours=12)
DECIDES = (Role.LEAD, Role.COUNCIL, Role.CHAIR, Role.SPONSOR)


@dataclass(frozen=True)
class Stop:
    """One step on the rail. `note` names its sentence, `facts` fill it; `shown` is the state the rail draws.

    `due_at` counts down beside the name; it is None while more than twelve hours are left: then the note says when.
    `clock` is the one that runs for it, by id, for the panel that explains its due time.
    """

    number: int
    name: str
    shown: str
    due_at: datetime | None
    note: str
    facts: dict[str, Any]
    clock: int | None = None


def rail(page: Page) -> list[Stop]:
    """Return the nine steps with where each stands; a case taken in as history has them all behind it."""
    return [_stop(page, number) for number in StepNumber]


def _stop(page: Page, number: StepNumber) -> Stop:
    step = page.steps.get(number)
    if step is None:
        return Stop(number, number.label, "planned", None, "before", {})
    due_at = step.clock.get("due_at") if step.is_open else None
    code, facts = _note(page, step)
    shown = _shown(page, step, due_at)
    counts_down = due_at if due_at is not None and due_at - page.now < NEAR else None
    clock = step.clock.get("pk") if due_at is not None else None
    return Stop(number, number.label, shown, counts_down, code, {"step": step, **facts}, clock)


def _shown(page: Page, step: Stand, due_at: datetime | None) -> str:
    if not step.is_open:
        return "silent" if step.silent else step.state
    if due_at is not None and due_at < page.now:
        return "late"
    return "now" if step.number == page.current else "planned"


def _note(page: Page, step: Stand) -> tuple[str, dict[str, Any]]:
    """Return which sentence stands under a step, and its facts."""
    if step.state == StepState.DONE:
        code = "silent" if step.silent else "done"
        return (f"{code}_{step.slug}" if step.number in (1, 7) else code), {"took": step.clock.get("work_s")}
    if step.state != StepState.PLANNED:
        return step.state, {}
    if step.proposed_at:
        return "waiver", {}
    special = _SPECIAL.get(step.number)
    return (special(page, step) if special else None) or _by_clock(page, step)


def _by_clock(page: Page, step: Stand) -> tuple[str, dict[str, Any]]:
    due_at = step.clock.get("due_at")
    if due_at is None:
        return f"waits_{step.slug}", {}
    if due_at < page.now:
        return "late", {"at": due_at}
    near = step.number == page.current and due_at - page.now < NEAR
    return (f"next_{step.slug}" if near else "due"), {"at": due_at}


def _resolve_note(page: Page, step: Stand) -> tuple[str, dict[str, Any]] | None:
    offer = page.sums["offer"]
    if not offer:
        return None
    if offer["verdict"]:
        return ("asked", {"at": offer["asked_at"]}) if offer["verdict"] == Verdict.PENDING else ("refused", {})
    if offer["done_at"]:
        return "carried_out", {"contact": page.case.confirmer}
    return ("something_else" if offer["answer"] == OfferAnswer.SOMETHING_ELSE else "offered"), {}


def _gesture_note(page: Page, step: Stand) -> tuple[str, dict[str, Any]] | None:
    gesture = page.sums["gesture"]
    return (f"gesture_{gesture['state']}", gesture) if gesture else None


def _cause_note(page: Page, step: Stand) -> tuple[str, dict[str, Any]] | None:
    cause = page.sums["cause"]
    return ("cause", cause) if cause and cause["state"] == CauseState.SUSPECTED else None


def _exposure_note(page: Page, step: Stand) -> tuple[str, dict[str, Any]] | None:
    found = page.sums["exposures"]
    return ("exposures", found) if found.get("open") else None


def _council_note(page: Page, step: Stand) -> tuple[str, dict[str, Any]] | None:
    docket = page.sums["escalations"]
    return ("docket", docket) if docket.get("open") else None


_SPECIAL = {
    StepNumber.RESOLVE: _resolve_note,
    StepNumber.GO_BEYOND: _gesture_note,
    StepNumber.ROOT_CAUSE: _cause_note,
    StepNumber.LEARNINGS: _exposure_note,
    StepNumber.COUNCIL: _council_note,
}


def next_deadline(case: Case) -> dict[str, Any]:
    """Return what falls due next (`what`) and when (`at`); empty when nothing does."""
    if not case.next_kind:
        return {}
    kind, _, number = case.next_kind.partition("-")
    what = StepNumber(int(number)).label if number else DueKind(kind).label
    return {"what": what, "at": case.next_due_at, "step": int(number) if number else None, "kind": kind}


def acknowledged(page: Page) -> dict[str, Any]:
    """Return how the acknowledgement stands: `took` seconds of working time, `allowed`, `late`, `due_at`."""
    step = page.steps.get(StepNumber.ACKNOWLEDGE)
    if step is None or not step.clock:
        return {}
    end = step.clock.get("closed_at") or page.now
    return {
        "took": step.clock.get("work_s") if not step.is_open else None,
        "allowed": step.clock.get("allowed"),
        "due_at": step.clock["due_at"],
        "late": end > step.clock["due_at"] or bool(step.clock.get("missed")),
    }


def record(page: Page) -> discovery.Record:
    """Return what the record already says about the seven discovery questions."""
    case, sums = page.case, page.sums
    promises, entries, moments = sums["promises"], sums["entries"], sums["moments"]
    originals = promises.get("originals", 0)
    owner_level = case.owner.level if case.owner else 0
    reporter_level = case.reporter.level if case.reporter else 0
    return discovery.Record(
        remedy_told=case.remedy_state != RemedyState.NOT_ASKED,
        gap_written=bool(sums["word_expected"]),
        originals=originals,
        originals_clear=promises.get("originals_clear", 0),
        entries=entries.get("all", 0) + originals,
        verbal=entries.get("verbal", 0) + promises.get("originals_said", 0),
        contained=page.has_done(StepNumber.CONTAIN),
        containing=bool(sums["actions"].get("containing")),
        owned=case.owner_id is not None,
        acknowledged=page.has_done(StepNumber.ACKNOWLEDGE),
        level_asked=discovery.LEVEL_ASKED[case.severity],
        level_ours=max(owner_level, moments.get("level_ours") or 0),
        level_theirs=max(reporter_level, moments.get("level_theirs") or 0),
        stake_known=case.stake is not None,
    )


def pulse(page: Page) -> principles.Pulse:
    """Return what the seven lights read."""
    case, sums = page.case, page.sums
    promises, actions, facts, moments = sums["promises"], sums["actions"], sums["facts"], sums["moments"]
    check_ins = sums["check_ins"]
    resolve = page.steps.get(StepNumber.RESOLVE)
    silently = bool(resolve and resolve.silent)
    return principles.Pulse(
        now=page.now,
        is_open=case.is_open,
        confirmed=page.has_done(StepNumber.RESOLVE) and not silently,
        silently=silently,
        channel=case.channel,
        fault=case.fault,
        owned_at=sums["owned_at"],
        admitted_at=_admitted_at(page),
        admit_by=_admit_by(page),
        remedy_at=moments.get("remedy_at"),
        cause_at=_cause_at(page),
        silence_due_at=sums["silence_due_at"],
        silences_missed=moments.get("silences", 0),
        told_first=case.channel != Channel.FOUND or page.has_done(StepNumber.ACKNOWLEDGE),
        facts_ours=facts.get("ours", 0),
        facts_theirs=facts.get("theirs", 0),
        facts_verified=facts.get("verified", 0),
        offered_at=moments.get("offered_at"),
        promises_kept=promises.get("kept", 0),
        promises_broken=promises.get("broken", 0),
        promises_late=promises.get("late", 0),
        promises_open=promises.get("open", 0),
        next_promise_at=promises.get("next_at"),
        check_ins_good=check_ins.get("good", 0),
        check_ins_late=check_ins.get("late", 0),
        next_check_in_at=check_ins.get("next_at"),
        actions_open=actions.get("open", 0),
        actions_late=actions.get("late", 0),
        next_action_at=actions.get("next_at"),
        waived_after_confirmation=_waived_after(page),
        refused=moments.get("refused", 0),
    )


def _admitted_at(page: Page) -> datetime | None:
    """The first word of ours since it says ours or shared, once something we will do is promised (Hitt, 2)."""
    entries, promised_at = page.sums["entries"], page.sums["promises"].get("first_made_at")
    admitted_at = entries.get("admitted_at")
    if admitted_at is None or promised_at is None:
        return None
    return admitted_at if promised_at <= entries["admission_written_at"] else promised_at


def _admit_by(page: Page) -> datetime | None:
    case = page.case
    if case.fault not in principles.OWNED or case.historical:
        return None
    rules, calendar = rules_of(case.policy_version_id), calendar_of(case.calendar_version_id)
    if rules.runs_always(StepNumber.ACKNOWLEDGE, case.severity):
        calendar = always(calendar.zone)
    allowed = rules.step_time(StepNumber.ACKNOWLEDGE, case.severity)
    return deadlines.due_moment(calendar, allowed, page.sums["owned_at"])


def _cause_at(page: Page) -> datetime | None:
    """When a cause or whose fault it was entered the record; a fault named at opening counts from then."""
    at, case = page.sums["moments"].get("cause_at"), page.case
    named_at_opening = case.fault != Fault.UNKNOWN and not page.sums["moments"].get("named")
    if not named_at_opening:
        return at
    return min(at, case.logged_at) if at else case.logged_at


def _waived_after(page: Page) -> int:
    """Steps waived after the confirmation by somebody who is neither lead nor council (Hitt, 7)."""
    confirmed_at = page.case.resolved_at
    if confirmed_at is None:
        return 0
    by_rule = plan.BY_FAST_LANE if page.case.fast_lane else ()
    steps = (step for step in page.steps.values() if step.number not in by_rule)
    waived = [step for step in steps if step.state == StepState.WAIVED and step.done_at > confirmed_at]
    return sum(1 for step in waived if not any(f"|{role}|" in (step.done_by_roles or "") for role in DECIDES))
