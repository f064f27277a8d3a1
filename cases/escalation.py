"""Laying a case before the council: one open docket entry for each case, reason and subject."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from accounts.models import User
from cases import deadlines, letters, plan, presence, timeline
from cases.enums import DueKind, EscalationReason, GestureState
from cases.models import Case, Due, Escalation, Gesture, Words
from cases.policy import rules_of
from mail import many

URGENT = 1.5
LEAST_ELAPSED = 0.1
RENEWAL_NEAR = timedelta(days=90)


def escalate(
    *,
    case: Case,
    reason: EscalationReason,
    now: datetime,
    ref: int = 0,
    asked_by: User | None = None,
    words: Words | None = None,
    allowed: str = "",
) -> Escalation | None:
    """Put the case on the docket, start the decision's clock, tell the council. None if it lies there already.

    `allowed` is a working time, such as `5d`, where it is not the policy's own for a decision.
    """
    if Escalation.objects.filter(case=case, reason=reason, ref=ref, decided_at=None).exists():
        return None
    entry = Escalation.objects.create(
        case=case, reason=reason, ref=ref, asked_by=asked_by, words=words, opened_at=now, rank=case.home_stake
    )
    keeper = presence.docket_keeper()
    deadlines.start(
        case=case,
        kind=DueKind.DECISION,
        ref=entry.pk,
        allowed=allowed or rules_of(case.policy_version_id).time("decision", case.severity),
        started_at=now,
        owner_id=keeper.pk if keeper else None,
    )
    facts = {"reason": reason.value, "ref": ref, "escalation": entry.pk}
    timeline.record(case=case, kind=timeline.Kind.ESCALATED, now=now, actor=asked_by, words=words, facts=facts)
    _ring(entry, reason, now)
    plan.refresh(case)
    return entry


def _ring(entry: Escalation, reason: EscalationReason, now: datetime) -> None:
    """Tell the council under the bell, but for whom the complaint is about."""
    for member in presence.council_members():
        if member.pk != entry.case.about_user_id:
            facts = {"reason": reason.label}
            letters.bell(user=member, case=entry.case, key=f"docket-{entry.pk}", kind="docket", now=now, facts=facts)


def lay_overdue(subjects: Mapping[Case, int], *, chair: User | None, now: datetime) -> dict[Case, timeline.Happening]:
    """Lay several cases before the council as overdue, in a few statements; return what happened, by case.

    `subjects` names what is late on each case: the number of a step, or below zero the id of another clock. A case
    that lies there as overdue already is left out. The caller has locked the cases and appends the events.
    """
    if not subjects:
        return {}
    lying = Escalation.objects.filter(case__in=subjects, reason=EscalationReason.OVERDUE, decided_at=None)
    there = set(lying.values_list("case_id", flat=True))
    late = {case: ref for case, ref in subjects.items() if case.pk not in there}
    rows = [_overdue(case, ref, now) for case, ref in late.items()]
    entries = Escalation.objects.bulk_create(rows)
    keeper = chair or presence.docket_keeper()
    clocks = Due.objects.bulk_create([_decision(entry, keeper, now) for entry in entries])
    plan.fall_due(clocks)
    many.tell_some(_bells(entries, now), now=now)
    return {
        entry.case: timeline.Happening(
            timeline.Kind.ESCALATED,
            now,
            facts={"reason": EscalationReason.OVERDUE.value, "ref": entry.ref, "escalation": entry.pk},
        )
        for entry in entries
    }


def _overdue(case: Case, ref: int, now: datetime) -> Escalation:
    return Escalation(case=case, reason=EscalationReason.OVERDUE, ref=ref, opened_at=now, rank=case.home_stake)


def _decision(entry: Escalation, keeper: User | None, now: datetime) -> Due:
    """Build the clock of a decision."""
    return deadlines.compose(
        case=entry.case,
        kind=DueKind.DECISION,
        ref=entry.pk,
        allowed=rules_of(entry.case.policy_version_id).time("decision", entry.case.severity),
        started_at=now,
        owner_id=keeper.pk if keeper else None,
    )


def _bells(entries: list[Escalation], now: datetime) -> Iterator[many.Line]:
    members = presence.council_members() if entries else []
    for entry in entries:
        case = entry.case
        facts = {"number": case.number, "title": case.title, "customer": case.customer.name}
        facts["reason"] = EscalationReason.OVERDUE.label
        for member in members:
            if member.pk != case.about_user_id:
                yield many.Line(member.pk, f"docket-{entry.pk}", "docket", case.get_absolute_url(), facts)


def decided(*, entry: Escalation, now: datetime) -> None:
    """Take an entry off the docket and stop the decision's clock; called by the council's own verbs."""
    entry.decided_at = now
    entry.save(update_fields=["decided_at"])
    deadlines.stop(case=entry.case, kind=DueKind.DECISION, ref=entry.pk, now=now)


def withdraw(*, case: Case, now: datetime) -> None:
    """Take off the docket what a case that has ended leaves nothing to decide about; each is an event.

    What is late and stays due after the end (a step we learn from, a promise, a check) is still decided there.
    """
    for entry in Escalation.objects.filter(case=case, decided_at=None).order_by("pk"):
        if entry.reason == EscalationReason.OVERDUE and _still_runs(entry):
            continue
        if entry.reason == EscalationReason.GESTURE:
            Gesture.objects.filter(pk=entry.ref, state=GestureState.PROPOSED).update(state=GestureState.DECLINED)
        decided(entry=entry, now=now)
        facts = {"escalation": entry.pk, "reason": entry.reason}
        timeline.record(case=case, kind=timeline.Kind.DOCKET_WITHDRAWN, now=now, facts=facts)


def _still_runs(entry: Escalation) -> bool:
    """Tell whether the clock of an overdue entry is still open: a step's by its number, another by its own id."""
    open_ones = Due.objects.filter(case=entry.case_id, closed_at=None)
    if entry.ref < 0:
        return open_ones.filter(pk=-entry.ref).exists()
    return open_ones.filter(kind=DueKind.STEP, ref=entry.ref).exists()


def rank(entry: Escalation, case: Case, due: Due | None, *, median_stake: int, now: datetime) -> dict[str, float]:
    """Return the docket's order with its sum: stake × elapsed share × 1.5 for each pressing circumstance.

    `stake` falls back to the tier's median while unknown; the share is at least 0.1 (product: The council).
    """
    stake = case.home_stake or median_stake
    share = max(LEAST_ELAPSED, _elapsed_share(due, now))
    renewal = case.customer.renewal_on
    near = renewal is not None and timedelta(0) <= renewal - now.date() <= RENEWAL_NEAR
    pressing = sum((bool(case.competitor), case.public_exposure, near))
    return {"stake": stake, "share": share, "pressing": pressing, "rank": stake * share * URGENT**pressing}


def _elapsed_share(due: Due | None, now: datetime) -> float:
    if due is None:
        return 0.0
    calendar = deadlines.calendar_for(due)
    allowed = deadlines.worktime.between(calendar, due.started_at, due.due_at)
    return deadlines.worktime.between(calendar, due.started_at, now) / allowed if allowed else 1.0
