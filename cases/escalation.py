"""Laying a case before the council: one open docket entry for each case, reason and subject."""

from datetime import datetime, timedelta

from accounts.models import User
from cases import deadlines, letters, plan, presence, timeline
from cases.enums import DueKind, EscalationReason
from cases.models import Case, Due, Escalation, Words
from cases.policy import rules_of

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
) -> Escalation | None:
    """Put the case on the docket, start the decision's clock, tell the council. None if it lies there already."""
    if Escalation.objects.filter(case=case, reason=reason, ref=ref, decided_at=None).exists():
        return None
    entry = Escalation.objects.create(
        case=case, reason=reason, ref=ref, asked_by=asked_by, words=words, opened_at=now, rank=case.home_stake
    )
    allowed = rules_of(case.policy_version_id).time("decision", case.severity)
    chair = next((member for member in presence.council_members() if member.has_role("chair")), None)
    deadlines.start(
        case=case,
        kind=DueKind.DECISION,
        ref=entry.pk,
        allowed=allowed,
        started_at=now,
        owner_id=chair.pk if chair else None,
    )
    timeline.record(
        case=case,
        kind=timeline.Kind.ESCALATED,
        now=now,
        actor=asked_by,
        words=words,
        facts={"reason": reason.value, "ref": ref, "escalation": entry.pk},
    )
    for member in presence.council_members():
        letters.bell(
            user=member,
            case=case,
            key=f"docket-{entry.pk}",
            kind="docket",
            now=now,
            facts={"reason": reason.label},
        )
    plan.refresh(case)
    return entry


def decided(*, entry: Escalation, now: datetime) -> None:
    """Take an entry off the docket and stop the decision's clock; called by the council's own verbs."""
    entry.decided_at = now
    entry.save(update_fields=["decided_at"])
    deadlines.stop(case=entry.case, kind=DueKind.DECISION, ref=entry.pk, now=now)


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
