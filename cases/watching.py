"""The watch that goes on when the steps are done: check-ins 30, 60 and 90 days after the confirmation.

Planned with the confirmation and called off when the case goes back to work or is ended; `check_ins` does them.
"""

from datetime import datetime, timedelta

from cases import deadlines
from cases.enums import CheckInState, DueKind
from cases.models import Case, CheckIn, Due
from cases.policy import calendar_of, rules_of

AHEAD = timedelta(days=7)
WITH_THE_CHANGE = 0  # the day of the mark of trust asked with "you said, we changed": it has no clock


def plan_check_ins(*, case: Case, now: datetime) -> None:
    """Plan the check-ins of the present round, each with the case's owner and a clock. Two statements.

    The clock of each runs in its last week only: a chase weeks ahead would help nobody.
    """
    days = rules_of(case.policy_version_id)["check_in_days"]
    planned = CheckIn.objects.bulk_create(
        CheckIn(case=case, round=case.round, day=day, owner_id=case.owner_id) for day in days
    )
    Due.objects.bulk_create(_clock(case, one, now) for one in planned)


def call_off(*, case: Case, now: datetime) -> None:
    """Call off what is still to come, with its clocks."""
    pending = CheckIn.objects.filter(case=case, state=CheckInState.PENDING)
    if pending.update(state=CheckInState.CALLED_OFF):
        deadlines.stop(case=case, kind=DueKind.CHECK_IN, now=now)


def opens_at(due: Due) -> datetime:
    """Return from when a check-in may be done: a week before its time."""
    return due.started_at


def _clock(case: Case, one: CheckIn, now: datetime) -> Due:
    due_at = due_moment(case, one.day, now)
    return deadlines.compose(
        case=case,
        kind=DueKind.CHECK_IN,
        ref=one.pk,
        allowed="",
        started_at=max(now, due_at - AHEAD),
        due_at=due_at,
    )


def due_moment(case: Case, day: int, confirmed_at: datetime) -> datetime:
    """Return the closing time of the day so many days after the confirmation, or of the next working day."""
    calendar = calendar_of(case.calendar_version_id)
    return deadlines.due_moment(calendar, "1d", confirmed_at + timedelta(days=day - 1))
