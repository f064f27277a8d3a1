"""The customer says "not yet": a new attempt in the same round, or a further round after a confirmation."""

from datetime import datetime

from cases import deadlines, escalation, letters, presence, timeline, workflow
from cases.enums import DueKind, EscalationReason, Severity, Verdict
from cases.models import Case, Confirmation, Words
from cases.policy import rules_of

AT_ONCE = (Severity.HIGH, Severity.CRITICAL)


def refused(*, case: Case, confirmation: Confirmation, words: Words | None, now: datetime) -> None:
    """Send the case back with the customer's words, inside the caller's transaction.

    Owner and lead are told and have one working day; the second refusal, or the first of a high or critical case,
    goes to the docket at once (product: At once).
    """
    timeline.record(
        case=case,
        kind=timeline.Kind.REFUSED,
        now=now,
        contact=confirmation.contact,
        words=words,
        facts={"confirmation": confirmation.pk, "attempt": confirmation.offer.attempt},
    )
    if not case.is_open:
        workflow.reopen(case=case, why="refused", now=now, contact=confirmation.contact, words=words)
    _answer_by(case, confirmation, now)
    _tell(case, confirmation, words, now)
    if _count(case) >= 2 or case.severity in AT_ONCE:
        escalation.escalate(case=case, reason=EscalationReason.REFUSED, ref=confirmation.pk, now=now, words=words)


def _count(case: Case) -> int:
    return Confirmation.objects.filter(case=case, verdict=Verdict.NOT_YET).count()


def _answer_by(case: Case, confirmation: Confirmation, now: datetime) -> None:
    allowed = rules_of(case.policy_version_id).time("refusal", case.severity)
    deadlines.start(case=case, kind=DueKind.REPLY, ref=confirmation.pk, allowed=allowed, started_at=now)


def _tell(case: Case, confirmation: Confirmation, words: Words | None, now: datetime) -> None:
    told = {person.pk: person for person in (case.owner, presence.lead_of(case)) if person is not None}
    for person in told.values():
        letters.to_colleague(
            user=person,
            case=case,
            key=f"refused-{confirmation.pk}-{person.pk}",
            template="refused",
            now=now,
            facts={"who": confirmation.contact.name, "words": words.text if words else ""},
        )
