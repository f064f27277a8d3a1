"""From the rows of some cases to their tallies: seven statements, however many cases.

The only writer of `Tally` is `tallying`; what a column means is said there and on the model.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from cases import worktime
from cases.enums import CaseState, DueKind, Outcome, StepNumber, StepState
from cases.models import Case, CheckIn, Due, Pause, Round, Step
from cases.policy import calendar_of
from council.models.tally import ROUNDS, Tally
from mail.models import MessageState
from surveys.models import Invitation, SurveyVerdict

STAGES = {"told": StepNumber.ACKNOWLEDGE, "safe": StepNumber.CONTAIN, "right": StepNumber.RESOLVE}
COUNTED = (SurveyVerdict.FINE, SurveyVerdict.LOOK, SurveyVerdict.REOPEN)
MARKS = ("satisfied", "heard", "easy", "recommend")
SECOND = timedelta(seconds=1)
Key = tuple[int, int]


@dataclass(frozen=True)
class _Rows:
    """What was read of some cases, by case and round (and step)."""

    rounds: list[Round]
    steps: dict[tuple[int, int, int], Step]
    dues: dict[tuple[int, int, int], Due]
    pauses: dict[int, list[Pause]]
    invitations: dict[Key, Invitation]
    trust: dict[Key, CheckIn]


def tallies(case_ids: Iterable[int]) -> list[Tally]:
    """Return the tallies these cases should have now. A case merged into another has none: that one stands for both."""
    rows = Case.objects.filter(pk__in=list(case_ids)).exclude(outcome=Outcome.MERGED).select_related("customer")
    cases = {case.pk: case for case in rows}
    read = _read(list(cases))
    return [_tally(cases[one.case_id], one, read) for one in read.rounds]


def _read(case_ids: list[int]) -> _Rows:
    numbers = list(STAGES.values())
    steps = Step.objects.filter(case__in=case_ids, number__in=numbers)
    dues = Due.objects.filter(case__in=case_ids, kind=DueKind.STEP, ref__in=numbers)
    asked = Invitation.objects.filter(case__in=case_ids).select_related("answer", "message")
    trusted = CheckIn.objects.filter(case__in=case_ids, trust__isnull=False).order_by("done_at", "id")
    pauses: dict[int, list[Pause]] = defaultdict(list)
    for one in Pause.objects.filter(case__in=case_ids, clock=None).order_by("pk"):
        pauses[one.case_id].append(one)
    return _Rows(
        rounds=list(Round.objects.filter(case__in=case_ids).order_by("case", "number")),
        steps={(one.case_id, one.round, one.number): one for one in steps},
        dues={(one.case_id, one.round, one.ref): one for one in dues},
        pauses=pauses,
        invitations={(one.case_id, one.round): one for one in asked},
        trust={(one.case_id, one.round): one for one in trusted},
    )


def _tally(case: Case, one: Round, read: _Rows) -> Tally:
    key = (case.pk, one.number)
    tally = Tally(id=case.pk * ROUNDS + one.number, case_id=case.pk, round=one.number, **_about(case, one))
    for name, number in STAGES.items():
        stage = _stage(case, one, read.steps.get((*key, number)), read.dues.get((*key, number)))
        for part, value in stage.items():
            setattr(tally, f"{name}_{part}", value)
    if one.silent and tally.right_at is not None:  # silence is no word
        tally.right_at, tally.right_end = None, tally.right_at
    _add_pauses(tally, case, read)
    _add_survey(tally, read.invitations.get(key), read.trust.get(key))
    tally.year_on = _a_year_after(case, one)
    return tally


def _add_pauses(tally: Tally, case: Case, read: _Rows) -> None:
    """Count the pauses of this round; once it has ended, its working time and how much of that our clock stood."""
    later = [row.began_at for row in read.rounds if row.case_id == case.pk and row.number > tally.round]
    first = tally.began_at if tally.round > 1 else None
    all_of_it = read.pauses.get(case.pk, ())
    mine = [one for one in all_of_it if first is None or one.from_at >= first]
    mine = [one for one in mine if not later or one.from_at < min(later)]
    tally.paused = len(mine)
    end = tally.resolved_at or tally.closed_at
    if end is None or case.historical or case.calendar_version_id is None:
        return
    calendar, stood = calendar_of(case.calendar_version_id), [(one.from_at, one.to_at) for one in mine if one.to_at]
    tally.open_work = max(0, worktime.between(calendar, tally.began_at, end))
    tally.paused_work = tally.open_work - max(0, worktime.between(calendar, tally.began_at, end, stood))


def _about(case: Case, one: Round) -> dict[str, Any]:
    is_first = one.number == 1
    return {
        "is_last": one.number == case.round,
        "customer_id": case.customer_id,
        "tier": case.customer.tier,
        "team_id": case.team_id,
        "owner_id": case.owner_id,
        "category_id": case.category_id,
        "severity": case.severity,
        "channel": case.channel,
        "confidential": case.confidential,
        "about_id": case.about_user_id,
        "historical": case.historical,
        "state": case.state,
        "outcome": case.outcome,
        "began_at": case.received_at if is_first else one.began_at,
        "logged_after": max(0, (case.logged_at - case.received_at) // SECOND) if is_first else 0,
        "resolved_at": one.resolved_at,
        "silent": one.silent,
        "closed_at": case.closed_at if one.number == case.round else None,
        "stake": case.home_stake,
        "stake_low": _at_home(case, "low"),
        "stake_high": _at_home(case, "high"),
    }


def _at_home(case: Case, end: str) -> int:
    """Return an end of the range in the home currency, at the rate that turned the likely sum into it."""
    if not case.stake or end not in case.stake_sum:
        return case.home_stake
    amount = Decimal(case.stake_sum[end]) * case.home_stake / case.stake
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _stage(case: Case, one: Round, step: Step | None, due: Due | None) -> dict[str, Any]:
    """Return when a step was done or its waiting ended, by when it was due, and what it took on both clocks."""
    if step is None or due is None:
        return {"at": None, "by": None, "end": None, "missed": False, "wall": None, "work": None}
    at = step.done_at if step.state == StepState.DONE else None
    end = step.done_at if step.state in (StepState.WAIVED, StepState.ENDED) else None
    if step.state == StepState.PLANNED and case.state == CaseState.CLOSED:
        end = case.closed_at
    stopped = at or end
    measured = due.closed_at is not None and stopped is not None
    return {
        "at": at,
        "by": due.due_at,
        "end": end,
        "missed": due.inherited_miss,
        "wall": due.wall_s if measured else (stopped - due.started_at) // SECOND if stopped else None,
        "work": due.work_s if measured else None,
    }


def _add_survey(tally: Tally, asked: Invitation | None, trusted: CheckIn | None) -> None:
    if asked is not None and asked.message is not None and asked.message.state == MessageState.SENT:
        tally.asked_at = asked.message.sent_at
    answer = getattr(asked, "answer", None) if asked is not None else None
    if answer is not None and answer.verdict in COUNTED:
        tally.answered_at = answer.kept_at
        for name in MARKS:
            setattr(tally, name, getattr(answer, name))
    if trusted is not None:
        tally.trust, tally.trusted_at = trusted.trust, trusted.done_at


def _a_year_after(case: Case, one: Round) -> date | None:
    """Return the day a year after the customer's yes, for a case that stayed recovered."""
    recovered = case.state == CaseState.RESOLVED or case.outcome == Outcome.RECOVERED
    if one.number != case.round or one.silent or one.resolved_at is None or not recovered:
        return None
    return year_later(one.resolved_at)


def year_later(at: datetime) -> date:
    """Return the same day of the next year where the company is; 28 February for the 29th."""
    on = at.astimezone(ZoneInfo(settings.HOME_ZONE)).date()
    last_day = 28 if (on.month, on.day) == (2, 29) else on.day
    return date(on.year + 1, on.month, last_day)


def facts_of(tally: Tally) -> Iterator[tuple[str, Any]]:
    """Yield every column with its value: what must be equal between a row kept and one read anew."""
    for field in Tally._meta.concrete_fields:
        yield field.attname, getattr(tally, field.attname)
