"""The cases that are multiplied: each played through the product's own verbs, with three entries and two letters.

A pattern is at home in one phase of the life of a case; its share is that among the cases of the phase.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from accounts.models import User
from cases import ending, entries, fast_lane, heeding
from cases.enums import CheckInState, EntryKind, EscalationReason, Severity, Side
from cases.models import Case, CauseKind, CheckIn, Due
from cases.steps import council, resolve, waiver
from mail.models import Message, MessageState, Recipient
from surveys import answering, inviting, judging
from surveys.models import Invitation
from tests import builders
from tests.cases.resolving import confirmed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MARKS = {"satisfied": 4, "heard": 5, "easy": 4, "recommend": 9}


@dataclass(frozen=True)
class Cast:
    """Who works every pattern; a copy is given to others. The customer of each is its own."""

    owner: User
    lead: User


@dataclass(frozen=True)
class Pattern:
    """One case to be multiplied."""

    case: int
    phase: str
    share: float


def play(cast: Cast, now: datetime) -> list[Pattern]:
    """Play every pattern as it would stand at `now`."""
    found = [Pattern(act(cast, now).pk, phase, share) for phase, share, act in PLAYS]
    _post(now)
    return found


def _fresh(cast: Cast, now: datetime) -> Case:
    return _opened(cast, now - HOUR / 2)


def _told(cast: Cast, now: datetime) -> Case:
    case = _opened(cast, now - 2 * DAY)
    builders.acknowledged(case, now=now - 2 * DAY + HOUR)
    return _talked(case, now - DAY)


def _asked(cast: Cast, now: datetime) -> Case:
    case = builders.acknowledged(_opened(cast, now - 4 * DAY, severity=Severity.HIGH), now=now - 4 * DAY + HOUR)
    builders.ready_to_offer(_talked(case, now - 3 * DAY), now=now - 3 * DAY)
    words = {"case": case, "actor": case.owner, "now": now - 2 * DAY}
    resolve.offer(text="Forty housings by courier", means=EntryKind.CALL, **words)
    resolve.carry_out(text="They arrived 09:30", by="Sven", at=now - 2 * DAY, **words)
    resolve.ask(**words)
    return case


def _late(cast: Cast, now: datetime) -> Case:
    case = builders.acknowledged(_opened(cast, now - 9 * DAY), now=now - 8 * DAY)
    return _talked(case, now - 7 * DAY)


def _escalated(cast: Cast, now: datetime) -> Case:
    case = _told(cast, now)
    builders.on_the_docket(case, EscalationReason.REPEAT, now=now - HOUR)
    return case


def _resolved(cast: Cast, now: datetime) -> Case:
    case = builders.acknowledged(_opened(cast, now - 5 * DAY), now=now - 5 * DAY + HOUR)
    return confirmed(_talked(case, now - 4 * DAY), now - 3 * DAY)


def _by_fast_lane(cast: Cast, now: datetime) -> Case:
    case = _small(cast, now - 20 * DAY)
    fast_lane.take(case=case, actor=case.owner, kind=CauseKind.objects.order_by("pk").first(), now=now - 19 * DAY)
    return _answered(case, now - 15 * DAY)


def _by_waivers(cast: Cast, now: datetime) -> Case:
    case = _small(cast, now - 22 * DAY)
    for number in (2, 4, 5, 6, 9):
        given = {"case": case, "number": number, "now": now - 21 * DAY}
        waiver.propose(actor=case.owner, reason="A small matter, put right the same day.", **given)
        waiver.grant(actor=cast.lead, **given)
    return _answered(case, now - 17 * DAY)


def _withdrawn(cast: Cast, now: datetime) -> Case:
    case = builders.acknowledged(_opened(cast, now - 12 * DAY, severity=Severity.LOW), now=now - 12 * DAY + HOUR)
    said = {"case": case, "actor": case.owner, "now": now - 11 * DAY}
    theirs = {"side": Side.THEIRS, "contact": case.reporter}
    entry = entries.add_entry(kind=EntryKind.EMAIL, text="We found the pallet here. Please drop it.", **theirs, **said)
    asked = ending.ask_withdrawn(entry=entry, **said)
    ending.confirm(ending=asked, actor=cast.lead, now=now - 10 * DAY)
    return case


PLAYS: tuple[tuple[str, float, Callable[[Cast, datetime], Case]], ...] = (
    ("open", 0.15, _fresh),
    ("open", 0.35, _told),
    ("open", 0.25, _asked),
    ("open", 0.20, _late),
    ("open", 0.05, _escalated),
    ("resolved", 1.0, _resolved),
    ("closed", 0.45, _by_fast_lane),
    ("closed", 0.25, _by_waivers),
    ("closed", 0.30, _withdrawn),
)


def _opened(cast: Cast, now: datetime, **fields) -> Case:
    return builders.case(owner=cast.owner, now=now, with_defaults=False, **fields)


def _small(cast: Cast, now: datetime) -> Case:
    """Open, acknowledge and put right a small matter within a day."""
    case = builders.acknowledged(_opened(cast, now, severity=Severity.LOW), now=now + HOUR)
    return confirmed(case, now + 4 * HOUR)


def _talked(case: Case, now: datetime) -> Case:
    """Write down a word of theirs and a note of ours."""
    said = {"case": case, "actor": case.owner, "now": now}
    asked = "Asked how far we are. I told them what is done and what comes next."
    entries.add_entry(kind=EntryKind.CALL, side=Side.THEIRS, contact=case.reporter, text=asked, **said)
    entries.add_entry(kind=EntryKind.NOTE, text="The carrier confirms Thursday; the pallet is labelled.", **said)
    case.refresh_from_db()
    return case


def _answered(case: Case, now: datetime) -> Case:
    """Ask how it went, have the answer judged good, and let the case close by itself.

    Its check-ins, years ago by now, are settled without the entries they would add to its three.
    """
    inviting.invite_due(now)
    _post(now)
    invitation = Invitation.objects.get(case=case)
    answering.send(invitation=invitation, marks=MARKS, text="Good in the end, and fast.", now=now + HOUR)
    judging.judge_due(now + 2 * HOUR)
    council.complete(case=case, actor=None, how="rule", now=now + 3 * HOUR)
    CheckIn.objects.filter(case=case).update(state=CheckInState.GOOD, done_at=now + 4 * HOUR, done_by=case.owner)
    Due.objects.filter(case=case, closed_at=None).update(closed_at=F("due_at"), chase_at=None, work_s=0, wall_s=0)
    case.refresh_from_db()
    return case


def _post(now: datetime) -> None:
    """Let every letter count as arrived, without a mail server."""
    leaving = Message.objects.filter(state=MessageState.QUEUED, send_at__lte=now)
    Recipient.objects.filter(message__in=leaving).update(state=Recipient.State.ACCEPTED)
    leaving.update(state=MessageState.SENT, sent_at=now, attempts=1, text="As rendered.", html="<p>As rendered.</p>")
    heeding.heed_mail(now)
