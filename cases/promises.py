"""Promises: dated commitments to the customer. Recovery promises fall due and are asked after."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from cases import deadlines, escalation, plan, promise_clock, sweeping, timeline, words
from cases.enums import EscalationReason, PromiseForm, PromiseKind, PromiseState
from cases.locking import hold, hold_living, hold_to_plan
from cases.models import Case, Promise
from cases.refusals import Refused

SWEEP = "promises"
BATCH = 200
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
    every_days: int | None = None,
    until_on: date | None = None,
) -> Promise:
    """Write down a promise. A recovery promise needs a due time in the future; then its clock starts.

    On a case merged into another it is made on the surviving one; on imported history it is refused. One that
    repeats `every_days` plans its next time each time it is settled, until the day `until_on`.
    """
    held = hold_living(case) if kind == PromiseKind.ORIGINAL else hold_to_plan(case)
    check(kind=kind, text=text, due_at=due_at, now=now)
    check_rhythm(kind=kind, due_at=due_at, every_days=every_days, until_on=until_on)
    promise = write_promise(
        case=held,
        actor=actor,
        kind=kind,
        text=text,
        due_at=due_at,
        now=now,
        form=form,
        owner=owner,
        unambiguous=unambiguous,
        achievable=achievable,
        every_days=every_days,
        until_on=until_on if every_days else None,
    )
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


def check_rhythm(*, kind: PromiseKind, due_at: datetime | None, every_days: int | None, until_on: date | None) -> None:
    """Raise `Refused` where a promise shall repeat without an end, or before its first time."""
    if not every_days:
        return
    if kind == PromiseKind.ORIGINAL:
        raise Refused("Only a promise made now can repeat.", field="every_days")
    if until_on is None:
        raise Refused("Say until when it repeats: the last day it is due.", field="until_on")
    if until_on < due_at.date():
        raise Refused("It would end before its first time. Choose a later last day.", field="until_on")


def write_promise(
    *,
    case: Case,
    actor: User,
    text: str,
    due_at: datetime | None,
    now: datetime,
    kind: PromiseKind = PromiseKind.RECOVERY,
    owner: User | None = None,
    **fields,
) -> Promise:
    """Write a checked promise inside the caller's transaction and start its clock; `fields` are further columns."""
    row = words.write(text=text, now=now, case=case)
    owner = owner or case.owner or actor
    promise = promise_clock.write(case=case, words=row, due_at=due_at, now=now, kind=kind, owner=owner, **fields)
    facts = {"promise": promise.pk, "kind": str(kind), "due_at": due_at.isoformat() if due_at else None}
    timeline.record(case=case, kind=timeline.Kind.PROMISE_MADE, now=now, actor=actor, words=row, facts=facts)
    return promise


@transaction.atomic
def settle_promise(*, promise: Promise, actor: User | None, state: PromiseState, now: datetime) -> None:
    """Mark a promise kept or broken. A broken recovery promise goes to the docket at once.

    One that repeats is planned anew. Raise `Refused` where it is marked, moved or disputed already.
    """
    held = hold(promise.case_id)
    kept = pending(promise)
    if state not in SETTLED:
        raise Refused("A promise is either kept or broken.")
    close(case=held, promise=kept, actor=actor, state=state, now=now)
    promise_clock.come_round(case=held, promise=kept, actor=actor, now=now)
    facts = {"promise": kept.pk, "state": str(state)}
    timeline.record(case=held, kind=timeline.Kind.PROMISE_SETTLED, now=now, actor=actor, words=kept.words, facts=facts)
    if state == PromiseState.BROKEN:
        broken(case=held, promise=kept, now=now)
    plan.refresh(held)


def pending(promise: Promise) -> Promise:
    """Return the promise locked. Raise `Refused` unless it waits to be kept."""
    kept = Promise.objects.select_for_update(no_key=True, of=("self",)).select_related("words", "follows")
    kept = kept.get(pk=promise.pk)
    if kept.state == PromiseState.DISPUTED:
        raise Refused("The customer says that it was not kept. The team lead decides that.")
    if kept.state == PromiseState.RENEGOTIATED:
        raise Refused("This promise was moved with their consent. Mark the one that took its place.")
    if kept.state != PromiseState.PENDING:
        raise Refused("Somebody has marked this promise already. Reload the page to see how.")
    return kept


def close(*, case: Case, promise: Promise, actor: User | None, state: PromiseState, now: datetime) -> None:
    """Give a locked promise its state, with who and when, and stop its clock."""
    promise.state, promise.settled_at, promise.settled_by = state, now, actor
    promise.save(update_fields=["state", "settled_at", "settled_by"])
    promise_clock.stop(case=case, promise=promise, now=now)


def broken(*, case: Case, promise: Promise, now: datetime) -> None:
    """Lay a broken recovery promise before the council at once (product: At once)."""
    if promise.kind == PromiseKind.RECOVERY:
        escalation.escalate(case=case, reason=EscalationReason.BROKEN_PROMISE, ref=promise.pk, now=now)


def break_overdue(now: datetime, *, limit: int = BATCH) -> int:
    """Count recovery promises as broken that nobody marked 4 working hours after their due time; return how many.

    One that breaks the sweep is set aside and stops no other.
    """
    waiting = _overdue(now).exclude(pk__in=sweeping.set_aside(SWEEP, "Promise"))
    late = [promise for promise in waiting.select_related("case") if _lapsed(promise, now)][:limit]
    return sweeping.each(SWEEP, late, lambda promise: _break(promise, now), now=now)


def _overdue(now: datetime) -> QuerySet[Promise]:
    rows = Promise.objects.filter(kind=PromiseKind.RECOVERY, state=PromiseState.PENDING, due_at__lt=now)
    return rows.only("due_at", "case__policy_version", "case__calendar_version").order_by("due_at", "id")


@transaction.atomic
def _break(promise: Promise, now: datetime) -> bool:
    """Settle it as broken; False where somebody marked or moved it meanwhile."""
    hold(promise.case_id)
    if not Promise.objects.filter(pk=promise.pk, state=PromiseState.PENDING).exists():
        return False
    settle_promise(promise=promise, actor=None, state=PromiseState.BROKEN, now=now)
    return True


def _lapsed(promise: Promise, now: datetime) -> bool:
    case = promise.case
    allowed = deadlines.rules_of(case.policy_version_id).time("promise_mark")
    calendar = deadlines.calendar_of(case.calendar_version_id)
    return deadlines.due_moment(calendar, allowed, promise.due_at) <= now
