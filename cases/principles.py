"""Hitt's seven principles as seven lights: computed, each with its reason and the next action.

Each function reads one `Pulse`, a handful of moments and counts of a case, and returns a light. `why` names the
sentence in the templates, `facts` fill it, `act` names what turns the light green (empty when nothing does).
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import TextChoices

from cases.enums import Channel, Fault

OWNED = (Fault.OURS, Fault.SHARED)


class Light(TextChoices):
    """The value of one of Hitt's seven principles on a case."""

    NOT_DUE = "not_due", "Not yet due"
    GREEN = "green", "Kept"
    REPAIRED = "repaired", "Missed, since mended"
    RED = "red", "Missed"


@dataclass(frozen=True)
class Pulse:
    """What the lights read. Moments are aware UTC or None; counts are of the whole case."""

    now: datetime
    is_open: bool
    confirmed: bool
    silently: bool
    channel: str
    fault: str
    owned_at: datetime | None = None
    admitted_at: datetime | None = None
    admit_by: datetime | None = None
    remedy_at: datetime | None = None
    cause_at: datetime | None = None
    silence_due_at: datetime | None = None
    silences_missed: int = 0
    told_first: bool = False
    facts_ours: int = 0
    facts_theirs: int = 0
    facts_verified: int = 0
    offered_at: datetime | None = None
    promises_kept: int = 0
    promises_broken: int = 0
    promises_late: int = 0
    promises_open: int = 0
    next_promise_at: datetime | None = None
    check_ins_good: int = 0
    check_ins_late: int = 0
    next_check_in_at: datetime | None = None
    actions_open: int = 0
    actions_late: int = 0
    next_action_at: datetime | None = None
    waived_after_confirmation: int = 0
    refused: int = 0


@dataclass(frozen=True)
class Verdict:
    """One light with its reason and the act that helps."""

    number: int
    light: Light
    why: str
    act: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def lights(pulse: Pulse) -> tuple[Verdict, ...]:
    """Return the seven lights in Hitt's order."""
    principles = (
        solution_before_fault,
        admit_quickly,
        it_wont_go_away,
        start_with_the_facts,
        trust_one_step_at_a_time,
        do_something_now,
        customer_first,
    )
    return tuple(principle(pulse) for principle in principles)


def solution_before_fault(pulse: Pulse) -> Verdict:
    """1: the remedy sought is recorded before any cause."""
    if pulse.remedy_at is None:
        light = Light.RED if pulse.cause_at else Light.NOT_DUE
        return Verdict(1, light, "cause_before_remedy" if pulse.cause_at else "not_asked", "ask_remedy")
    if pulse.cause_at is not None and pulse.cause_at < pulse.remedy_at:
        return Verdict(1, Light.REPAIRED, "asked_late")
    return Verdict(1, Light.GREEN, "asked_first")


def admit_quickly(pulse: Pulse) -> Verdict:
    """2: from the moment it says ours or shared, a word within the acknowledgement time that says so."""
    if pulse.fault == Fault.NOT_OURS:
        return Verdict(2, Light.NOT_DUE, "not_ours")
    if pulse.fault not in OWNED:
        return Verdict(2, Light.NOT_DUE, "fault_unknown", "set_fault")
    if pulse.admitted_at is None:
        late = pulse.admit_by is not None and pulse.now > pulse.admit_by
        return Verdict(2, Light.RED if late else Light.NOT_DUE, "not_admitted", "admit", {"by": pulse.admit_by})
    late = pulse.admit_by is not None and pulse.admitted_at > pulse.admit_by
    return Verdict(2, Light.REPAIRED if late else Light.GREEN, "admitted", facts={"at": pulse.admitted_at})


def it_wont_go_away(pulse: Pulse) -> Verdict:
    """3: no silence longer than the limit; a problem we found first was told."""
    if pulse.channel == Channel.FOUND and not pulse.told_first:
        return Verdict(3, Light.NOT_DUE, "not_told", "tell_first")
    silent = pulse.is_open and pulse.silence_due_at is not None and pulse.now > pulse.silence_due_at
    if silent:
        return Verdict(3, Light.RED, "silent_now", "break_silence", {"since": pulse.silence_due_at})
    if pulse.silences_missed:
        return Verdict(3, Light.REPAIRED, "was_silent", facts={"count": pulse.silences_missed})
    return Verdict(3, Light.GREEN, "in_touch", facts={"until": pulse.silence_due_at})


def start_with_the_facts(pulse: Pulse) -> Verdict:
    """4: facts from both sides, with source and verified or not, before the final offer."""
    facts = {"verified": pulse.facts_verified, "all": pulse.facts_ours + pulse.facts_theirs}
    if pulse.facts_ours and pulse.facts_theirs:
        return Verdict(4, Light.GREEN, "both_sides", facts=facts)
    if pulse.offered_at is not None:
        return Verdict(4, Light.RED, "offered_without_facts", "add_facts", facts)
    missing = "one_side" if pulse.facts_ours or pulse.facts_theirs else "no_facts"
    return Verdict(4, Light.NOT_DUE, missing, "add_facts", facts)


def trust_one_step_at_a_time(pulse: Pulse) -> Verdict:
    """5: recovery promises are kept, check-ins are done."""
    facts = {"kept": pulse.promises_kept, "broken": pulse.promises_broken, "next": pulse.next_promise_at}
    facts |= {"held": pulse.check_ins_good, "watch_at": pulse.next_check_in_at}
    if pulse.promises_late:
        return Verdict(5, Light.RED, "promise_late", "settle_promise", facts)
    if pulse.check_ins_late:
        return Verdict(5, Light.RED, "check_in_late", "check_in", facts)
    if pulse.promises_broken:
        mended = pulse.confirmed and not pulse.promises_open
        return Verdict(5, Light.REPAIRED if mended else Light.RED, "promise_broken", "", facts)
    if pulse.promises_open:
        return Verdict(5, Light.NOT_DUE, "promise_next", "", facts)
    if pulse.promises_kept or pulse.check_ins_good:
        return Verdict(5, Light.GREEN, "promises_kept" if pulse.promises_kept else "check_ins_done", "", facts)
    return Verdict(5, Light.NOT_DUE, "no_promise", "make_promise", facts)


def do_something_now(pulse: Pulse) -> Verdict:
    """6: an open case has an action, or a dated promise, with owner and time that is not overdue."""
    if not pulse.is_open:
        return Verdict(6, Light.GREEN, "nothing_open")
    facts = {"next": pulse.next_action_at or pulse.next_promise_at, "late": pulse.actions_late}
    if pulse.actions_late:
        return Verdict(6, Light.RED, "action_late", "finish_action", facts)
    if pulse.actions_open or pulse.promises_open:
        return Verdict(6, Light.GREEN, "action_next", facts=facts)
    return Verdict(6, Light.RED, "no_action", "plan_action", facts)


def customer_first(pulse: Pulse) -> Verdict:
    """7: confirmed by the customer's own word; no waiver after it without the lead."""
    if pulse.silently:
        return Verdict(7, Light.RED, "silent_only")
    if pulse.waived_after_confirmation:
        return Verdict(7, Light.RED, "waived_after")
    if not pulse.confirmed:
        return Verdict(7, Light.NOT_DUE, "refused" if pulse.refused else "word_to_come", "ask_confirm")
    return Verdict(7, Light.REPAIRED if pulse.refused else Light.GREEN, "confirmed", facts={"refused": pulse.refused})
