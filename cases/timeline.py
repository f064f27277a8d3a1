"""What happened on a case: the catalogue of event kinds and the only writer of events.

Each case has a chain: every event carries the hash of the one before, so that a changed, missing or added row
shows. Facts are identifiers, codes, integers and ISO times; words stay in `Words` and are covered by their
commitment. Sentences are made when a page is shown.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import TextChoices

from accounts.models import User
from cases import setwise
from cases.models import Case, Chain, Contact, Event, Words
from cases.words import same_as_committed


class Kind(TextChoices):
    """Every kind of event, those of the apps above included. Each has its sentence in the event templates."""

    OPENED = "opened"
    IMPORTED = "imported"
    TAKEN_UP = "taken_up"
    EDITED = "edited"
    ASSIGNED = "assigned"
    SEVERITY_SET = "severity_set"
    FAULT_SET = "fault_set"
    REMEDY_RECORDED = "remedy_recorded"
    CONFIRMER_CHANGED = "confirmer_changed"
    CONTACT_ERASED = "contact_erased"
    ADDRESS_CHANGED = "address_changed"
    RECEIVED_CHANGED = "received_changed"
    GAP_WRITTEN = "gap_written"
    DISCOVERY_ANSWERED = "discovery_answered"
    ENTRY_ADDED = "entry_added"
    FILE_ADDED = "file_added"
    FACT_ADDED = "fact_added"
    FACT_VERIFIED = "fact_verified"
    PROMISE_MADE = "promise_made"
    PROMISE_SETTLED = "promise_settled"
    ACTION_PLANNED = "action_planned"
    ACTION_DONE = "action_done"
    ACTION_CHECKED = "action_checked"
    STEP_DONE = "step_done"
    STEP_TAKEN_BACK = "step_taken_back"
    STEP_WAIVED = "step_waived"
    WAIVER_PROPOSED = "waiver_proposed"
    WAIVER_REFUSED = "waiver_refused"
    ACKNOWLEDGEMENT_WRITTEN = "acknowledgement_written"
    OFFERED = "offered"
    OFFER_ANSWERED = "offer_answered"
    CARRIED_OUT = "carried_out"
    CONFIRM_ASKED = "confirm_asked"
    CONFIRM_REMINDED = "confirm_reminded"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    ACCEPTED_SILENTLY = "accepted_silently"
    GESTURE_PROPOSED = "gesture_proposed"
    GESTURE_DECIDED = "gesture_decided"
    GESTURE_DELIVERED = "gesture_delivered"
    CAUSE_LINKED = "cause_linked"
    CAUSE_PROVED = "cause_proved"
    WHYS_WRITTEN = "whys_written"
    CHECK_PLANNED = "check_planned"
    CHECKED = "checked"
    EXPOSURE_MARKED = "exposure_marked"
    CHANGE_ADOPTED = "change_adopted"
    CHANGE_TOLD = "change_told"
    CHASED = "chased"
    ESCALATED = "escalated"
    DOCKET_WITHDRAWN = "docket_withdrawn"
    LETTER_SENT = "letter_sent"
    LETTER_DIED = "letter_died"
    LETTER_TAKEN_BACK = "letter_taken_back"
    LETTER_BOUNCED = "letter_bounced"
    BOUNCE_UNPROVED = "bounce_unproved"
    AUTO_ANSWERED = "auto_answered"
    MESSAGE_MARKED = "message_marked"
    LETTER_RETRIED = "letter_retried"
    LETTER_LEFT = "letter_left"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REOPENED = "reopened"
    SURVEY_SENT = "survey_sent"
    SURVEY_REMINDED = "survey_reminded"
    SURVEY_ANSWERED = "survey_answered"
    SURVEY_JUDGED = "survey_judged"
    SURVEY_ENDED = "survey_ended"
    COUNCIL_SAW = "council_saw"
    DECIDED = "decided"
    DECISION_UNDONE = "decision_undone"
    PROMISE_MOVED = "promise_moved"
    PROMISE_DISPUTED = "promise_disputed"
    DISPUTE_SETTLED = "dispute_settled"
    CHECK_IN_ASKED = "check_in_asked"
    CHECK_IN_DONE = "check_in_done"
    CLEARANCE_ASKED = "clearance_asked"
    CLEARANCE_DECIDED = "clearance_decided"
    FAST_LANED = "fast_laned"
    END_ASKED = "end_asked"
    END_REFUSED = "end_refused"
    MERGED = "merged"
    ABSORBED = "absorbed"
    RELATED = "related"
    UNRELATED = "unrelated"
    SPLIT = "split"
    READER_NAMED = "reader_named"
    READER_REMOVED = "reader_removed"
    COUNSEL_NAMED = "counsel_named"
    CONFIDENTIAL_SET = "confidential_set"
    EXPOSURES_TOLD = "exposures_told"
    CONTAINMENT_REMOVED = "containment_removed"
    CHECK_REOPENED = "check_reopened"
    CHANGE_REVIEWED = "change_reviewed"
    BALLOT_OPENED = "ballot_opened"
    VOTED = "voted"
    VOTE_WITHDRAWN = "vote_withdrawn"
    APPROVAL_WITHDRAWN = "approval_withdrawn"
    BALLOT_CLOSED = "ballot_closed"
    PAUSED = "paused"
    RESUMED = "resumed"
    SNOOZED = "snoozed"
    POLICY_APPLIED = "policy_applied"
    SPOKEN_YES = "spoken_yes"
    WRITTEN_YES = "written_yes"


@dataclass(frozen=True)
class Happening:
    """One event before it has its place in the chain."""

    kind: Kind
    now: datetime
    actor: User | None = None
    contact: Contact | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    words: Words | None = None


def record(
    *,
    case: Case,
    kind: Kind,
    now: datetime,
    actor: User | None = None,
    contact: Contact | None = None,
    facts: dict[str, Any] | None = None,
    words: Words | None = None,
) -> Event:
    """Append one event to the case. Must run inside the transaction of what it tells about (promise R1)."""
    happening = Happening(kind, now, actor, contact, facts or {}, words)
    return append(case=case, happenings=[happening])[0]


def append(*, case: Case, happenings: list[Happening]) -> list[Event]:
    """Append several events in their order: one lock, one insert, one update, however many."""
    chain = Chain.objects.select_for_update(no_key=True).get(case=case)
    events = list(_linked(case, chain, happenings))
    chain.seq, chain.head = events[-1].seq, events[-1].hash
    chain.save(update_fields=["seq", "head"])
    return Event.objects.bulk_create(events)


def append_many(happenings: Mapping[Case, list[Happening]]) -> None:
    """Append events to several cases: one lock, one insert, one update for all of them together."""
    chains = {
        chain.case_id: chain
        for chain in Chain.objects.select_for_update(no_key=True)
        .filter(case__in=[case.pk for case in happenings])
        .order_by("case_id")
    }
    events: list[Event] = []
    for case, some in happenings.items():
        chain = chains[case.pk]
        events += _linked(case, chain, some)
        chain.seq, chain.head = events[-1].seq, events[-1].hash
    Event.objects.bulk_create(events)
    setwise.update(Chain, ("seq", "head"), [(chain.pk, chain.seq, chain.head) for chain in chains.values()])


def begin(*, case: Case, happenings: list[Happening]) -> list[Event]:
    """Start the chain of a case just created, with its first events, in two statements."""
    chain = Chain(case=case)
    events = list(_linked(case, chain, happenings))
    chain.seq, chain.head = events[-1].seq, events[-1].hash
    chain.save()
    return Event.objects.bulk_create(events)


def _linked(case: Case, chain: Chain, happenings: list[Happening]) -> Iterator[Event]:
    head, seq = chain.head, chain.seq
    for happening in happenings:
        seq += 1
        event = Event(
            case=case,
            seq=seq,
            round=case.round,
            kind=happening.kind.value,
            at=happening.now,
            actor=happening.actor,
            contact=happening.contact,
            facts=_with_commitment(happening),
            words=happening.words,
            previous=head,
        )
        event.hash = head = digest(event)
        yield event


def _with_commitment(happening: Happening) -> dict[str, Any]:
    if happening.words is None:
        return happening.facts
    return {**happening.facts, "commitment": happening.words.commitment}


def digest(event: Event) -> str:
    """Return the hash of an event over canonical JSON of everything it says and of the hash before it."""
    content = {
        "actor": event.actor_id,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "case": event.case_id,
        "contact": event.contact_id,
        "facts": event.facts,
        "kind": event.kind,
        "previous": event.previous,
        "round": event.round,
        "seq": event.seq,
        "words": event.words_id,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def faults(case_id: int) -> list[str]:
    """Return what is wrong with a case's chain, as short codes such as `3:hash`; empty when it is whole.

    Codes: `gap` a number is missing, `link` the previous hash differs, `hash` the event was altered, `words` a text
    is not the one committed to, `head` the chain ends elsewhere than its head says.
    """
    found, seq, head = [], 0, ""
    for event in Event.objects.filter(case_id=case_id).select_related("words").order_by("seq"):
        seq += 1
        found += [f"{event.seq}:{code}" for code in _wrong(event, seq, head)]
        seq, head = event.seq, event.hash
    chain = Chain.objects.filter(case_id=case_id).first()
    if chain is None or (chain.seq, chain.head) != (seq, head):
        found.append(f"{seq}:head")
    return found


def _wrong(event: Event, seq: int, head: str) -> Iterator[str]:
    if event.seq != seq:
        yield "gap"
    if event.previous != head:
        yield "link"
    if digest(event) != event.hash:
        yield "hash"
    if event.words is not None and not _words_hold(event):
        yield "words"


def _words_hold(event: Event) -> bool:
    return event.facts.get("commitment") == event.words.commitment and same_as_committed(event.words)
