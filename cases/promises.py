"""Promises: dated commitments to the customer. Recovery promises fall due and are asked after."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases import deadlines, escalation, plan, timeline, words
from cases.enums import DueKind, EscalationReason, PromiseForm, PromiseKind, PromiseState
from cases.locking import hold
from cases.models import Case, Promise
from cases.refusals import Refused

SETTLED = (PromiseState.KEPT, PromiseState.BROKEN)


@transaction.atomic
def make_promise(
    *,
    case: Case,
    actor: User,
    kind: PromiseKind,
    text: str,
    due_at: datetime | None,
    now: datetime,
    form: PromiseForm = PromiseForm.WRITTEN,
    owner: User | None = None,
    unambiguous: bool | None = None,
    achievable: bool | None = None,
) -> Promise:
    """Write down a promise. A recovery promise needs a due time in the future; then its clock starts."""
    held = hold(case)
    check(kind=kind, text=text, due_at=due_at, now=now)
    promise = write_promise(
        case=held, actor=actor, kind=kind, text=text, due_at=due_at, now=now, form=form, owner=owner
    )
    promise.unambiguous, promise.achievable = unambiguous, achievable
    promise.save(update_fields=["unambiguous", "achievable"])
    plan.refresh(held)
    return promise


def check(*, kind: PromiseKind, text: str, due_at: datetime | None, now: datetime) -> None:
    """Raise `Refused` unless the promise says something and, if made since the complaint, names its time."""
    if not text.strip():
        raise Refused("Say what you promise.", field="promise")
    if kind == PromiseKind.RECOVERY and due_at is None:
        raise Refused("A promise needs a date: when will they hear or have it?", field="promise_due_at")
    if kind == PromiseKind.RECOVERY and due_at <= now:
        raise Refused("This time has passed. Promise a time that lies ahead.", field="promise_due_at")


def write_promise(
    *,
    case: Case,
    actor: User,
    text: str,
    due_at: datetime | None,
    now: datetime,
    kind: PromiseKind = PromiseKind.RECOVERY,
    form: PromiseForm = PromiseForm.WRITTEN,
    owner: User | None = None,
) -> Promise:
    """Write a checked promise inside the caller's transaction and start its clock."""
    row = words.write(text=text, now=now, case=case)
    promise = Promise.objects.create(
        case=case,
        round=case.round,
        kind=kind,
        words=row,
        form=form,
        owner=owner or case.owner or actor,
        made_at=now,
        due_at=due_at,
    )
    facts = {"promise": promise.pk, "kind": str(kind), "due_at": due_at.isoformat() if due_at else None}
    timeline.record(case=case, kind=timeline.Kind.PROMISE_MADE, now=now, actor=actor, words=row, facts=facts)
    if kind == PromiseKind.RECOVERY:
        deadlines.start(
            case=case,
            kind=DueKind.PROMISE,
            ref=promise.pk,
            allowed="",
            started_at=now,
            due_at=due_at,
            owner_id=promise.owner_id,
        )
    return promise


@transaction.atomic
def settle_promise(*, promise: Promise, actor: User | None, state: PromiseState, now: datetime) -> None:
    """Mark a promise kept or broken. A broken recovery promise goes to the docket at once."""
    held = hold(promise.case_id)
    kept = Promise.objects.select_for_update(no_key=True).get(pk=promise.pk)
    if state not in SETTLED:
        raise Refused("A promise is either kept or broken.")
    if kept.state in SETTLED:
        raise Refused("Somebody has marked this promise already. Reload the page to see how.")
    kept.state, kept.settled_at, kept.settled_by = state, now, actor
    kept.save(update_fields=["state", "settled_at", "settled_by"])
    deadlines.stop(case=held, kind=DueKind.PROMISE, ref=kept.pk, now=now)
    facts = {"promise": kept.pk, "state": str(state)}
    timeline.record(case=held, kind=timeline.Kind.PROMISE_SETTLED, now=now, actor=actor, words=kept.words, facts=facts)
    if state == PromiseState.BROKEN and kept.kind == PromiseKind.RECOVERY:
        escalation.escalate(case=held, reason=EscalationReason.BROKEN_PROMISE, ref=kept.pk, now=now)
    plan.refresh(held)


def break_overdue(now: datetime, *, limit: int = 200) -> int:
    """Count recovery promises as broken that nobody marked 4 working hours after their due time; return how many."""
    pending = Promise.objects.filter(kind=PromiseKind.RECOVERY, state=PromiseState.PENDING, due_at__lt=now)
    late = [promise for promise in pending.select_related("case")[:limit] if _lapsed(promise, now)]
    for promise in late:
        settle_promise(promise=promise, actor=None, state=PromiseState.BROKEN, now=now)
    return len(late)


def _lapsed(promise: Promise, now: datetime) -> bool:
    case = promise.case
    allowed = deadlines.rules_of(case.policy_version_id).time("promise_mark")
    calendar = deadlines.calendar_of(case.calendar_version_id)
    return deadlines.due_moment(calendar, allowed, promise.due_at) <= now
