"""Connelly's seven discovery questions: answers, and what the record already answers.

`proposals` reads one `Record` (a handful of counts the case page has anyway) and says why it proposes what it does.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases import timeline, words
from cases.enums import DiscoveryAnswer, Severity
from cases.locking import hold
from cases.models import Case, Discovery
from cases.refusals import Refused

QUESTIONS = tuple(range(1, 8))
LEVEL_ASKED = {Severity.LOW: 1, Severity.NORMAL: 2, Severity.HIGH: 3, Severity.CRITICAL: 4}
YES, PARTLY, NO, UNKNOWN = (
    DiscoveryAnswer.YES,
    DiscoveryAnswer.PARTLY,
    DiscoveryAnswer.NO,
    DiscoveryAnswer.UNKNOWN,
)


@dataclass(frozen=True)
class Record:
    """What the record of a case says, counted."""

    remedy_told: bool = False
    gap_written: bool = False
    originals: int = 0
    originals_clear: int = 0
    entries: int = 0
    verbal: int = 0
    contained: bool = False
    containing: bool = False
    owned: bool = False
    acknowledged: bool = False
    level_asked: int = 2
    level_ours: int = 0
    level_theirs: int = 0
    stake_known: bool = False


@dataclass(frozen=True)
class Proposal:
    """An answer the record suggests; `why` names its sentence in the templates, `facts` fill it."""

    question: int
    answer: DiscoveryAnswer
    why: str
    facts: dict[str, int]


def proposals(record: Record) -> dict[int, Proposal]:
    """Return the proposed answer to each question the record already answers, by question number."""
    found = (
        _wanted(record),
        _commitments(record),
        _trail(record),
        _contained(record),
        _process(record),
        _level(record),
        _stake(record),
    )
    return {proposal.question: proposal for proposal in found if proposal is not None}


@transaction.atomic
def answer(
    *,
    case: Case,
    actor: User,
    question: int,
    answer: DiscoveryAnswer,
    note: str,
    now: datetime,
    evidence: str = "",
) -> Discovery:
    """Answer one question, with the `evidence` it rests on. "Not known yet" needs a reason."""
    if answer == UNKNOWN and not note.strip():
        raise Refused("Say why this is not known yet, and who finds out.", field="note")
    held = hold(case)
    row = words.write(text=note, now=now, case=held) if note.strip() else None
    given = {"answer": answer, "note": row, "evidence": evidence.strip(), "by": actor, "at": now}
    kept, _ = Discovery.objects.update_or_create(case=held, question=question, defaults=given)
    timeline.record(
        case=held,
        kind=timeline.Kind.DISCOVERY_ANSWERED,
        now=now,
        actor=actor,
        words=row,
        facts={"question": question, "answer": str(answer)},
    )
    return kept


@transaction.atomic
def answer_all(*, case: Case, actor: User, answers: dict[int, DiscoveryAnswer], now: datetime) -> None:
    """Answer several questions at once, as when proposals are accepted together. "Not known yet" is not among them."""
    if UNKNOWN in answers.values():
        raise Refused("What is not known yet needs a reason. Answer that question by itself.", field="note")
    if not answers:
        raise Refused("The record proposes no answer yet.")
    held = hold(case)
    Discovery.objects.filter(case=held, question__in=answers).delete()
    Discovery.objects.bulk_create(
        Discovery(case=held, question=question, answer=given, by=actor, at=now) for question, given in answers.items()
    )
    happenings = [
        timeline.Happening(
            timeline.Kind.DISCOVERY_ANSWERED, now, actor, facts={"question": question, "answer": str(given)}
        )
        for question, given in sorted(answers.items())
    ]
    timeline.append(case=held, happenings=happenings)


def unanswered(case: Case) -> list[int]:
    """Return the questions without an answer, in their order."""
    answered = set(Discovery.objects.filter(case=case).values_list("question", flat=True))
    return [question for question in QUESTIONS if question not in answered]


def _wanted(record: Record) -> Proposal | None:
    if record.remedy_told and record.gap_written:
        return Proposal(1, YES, "wanted_both", {})
    if record.remedy_told or record.gap_written:
        return Proposal(1, PARTLY, "wanted_remedy" if record.remedy_told else "wanted_gap", {})
    return None


def _commitments(record: Record) -> Proposal | None:
    if not record.originals:
        return None
    facts = {"clear": record.originals_clear, "all": record.originals}
    return Proposal(2, _share(record.originals_clear, record.originals), "commitments", facts)


def _trail(record: Record) -> Proposal | None:
    if not record.entries:
        return None
    facts = {"verbal": record.verbal, "all": record.entries}
    return Proposal(3, _share(record.entries - record.verbal, record.entries), "trail", facts)


def _contained(record: Record) -> Proposal | None:
    if record.contained:
        return Proposal(4, YES, "contained", {})
    return Proposal(4, PARTLY, "containing", {}) if record.containing else None


def _process(record: Record) -> Proposal:
    if record.owned and record.acknowledged:
        return Proposal(5, YES, "process", {})
    return Proposal(5, PARTLY, "process_not_owned" if not record.owned else "process_not_acknowledged", {})


def _level(record: Record) -> Proposal:
    reached = min(record.level_ours, record.level_theirs)
    facts = {"asked": record.level_asked, "ours": record.level_ours, "theirs": record.level_theirs}
    if reached >= record.level_asked:
        return Proposal(6, YES, "level", facts)
    either = max(record.level_ours, record.level_theirs) >= record.level_asked
    return Proposal(6, PARTLY if either else NO, "level", facts)


def _stake(record: Record) -> Proposal | None:
    return Proposal(7, YES, "stake", {}) if record.stake_known else None


def _share(good: int, total: int) -> DiscoveryAnswer:
    if good == total:
        return YES
    return PARTLY if good else NO
