"""A promise as a row with its clock, and the one that follows it where it comes round again."""

from datetime import UTC, datetime, timedelta, tzinfo

from accounts.models import User
from cases import deadlines, timeline
from cases.enums import DueKind, PromiseForm, PromiseKind, PromiseState
from cases.models import Case, Promise, Words
from cases.policy import calendar_of

RENEWED = ("kind", "words", "form", "owner_id", "every_days", "until_on", "unambiguous", "achievable")


def write(*, case: Case, words: Words, due_at: datetime | None, now: datetime, **fields) -> Promise:
    """Write a promise inside the caller's transaction; one made since the complaint starts its clock."""
    known = {"kind": PromiseKind.RECOVERY, "form": PromiseForm.WRITTEN}
    promise = Promise.objects.create(
        case=case, round=case.round, words=words, made_at=now, due_at=due_at, **{**known, **fields}
    )
    if promise.kind == PromiseKind.RECOVERY:
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


def renew(*, case: Case, promise: Promise, due_at: datetime, now: datetime, **changed) -> Promise:
    """Write the promise that follows another one: the same words and owner unless `changed`, with a new time."""
    same = {name: getattr(promise, name) for name in RENEWED if name != "words"}
    words = changed.pop("words", promise.words)
    return write(case=case, words=words, due_at=due_at, now=now, **{**same, **changed}, follows=promise)


def stop(*, case: Case, promise: Promise, now: datetime) -> None:
    """Stop the clock of a promise."""
    deadlines.stop(case=case, kind=DueKind.PROMISE, ref=promise.pk, now=now)


def come_round(*, case: Case, promise: Promise, actor: User | None, now: datetime) -> Promise | None:
    """Plan the next one of a promise that repeats; None where it does not, or its last day has passed."""
    due_at = next_time(promise, calendar_of(case.calendar_version_id).tz, now)
    if due_at is None:
        return None
    following = renew(case=case, promise=promise, due_at=due_at, now=now)
    facts = {"promise": following.pk, "kind": str(following.kind), "due_at": due_at.isoformat(), "again": True}
    timeline.record(
        case=case, kind=timeline.Kind.PROMISE_MADE, now=now, actor=actor, words=following.words, facts=facts
    )
    return following


def next_time(promise: Promise, zone: tzinfo, now: datetime) -> datetime | None:
    """Return when a repeating promise is due next: the same hour on their wall, later than this one and than `now`.

    The rhythm is that of the first agreement: one moved by consent moves none of those after it.
    """
    if not promise.every_days or promise.until_on is None:
        return None
    start = _agreed(promise).astimezone(zone)
    step = timedelta(days=promise.every_days)
    due_at = start + step  # wall time: an hour stays that hour when the clocks change
    while due_at <= max(promise.due_at, now):
        due_at += step
    return due_at.astimezone(UTC) if due_at.date() <= promise.until_on else None


def _agreed(promise: Promise) -> datetime:
    """Return the time before it was moved."""
    before = promise.follows
    moved = before is not None and before.state == PromiseState.RENEGOTIATED
    return _agreed(before) if moved else promise.due_at
