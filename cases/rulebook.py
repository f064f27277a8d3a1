"""New versions of the policy and of the working calendar. A case keeps the version it opened with.

Versions are immutable: saving makes a new one, which cases logged from then on open with (`cases.opening`).
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import admin_log
from accounts.models import User
from cases import holidays
from cases.enums import Severity, StepNumber
from cases.models import Calendar, CalendarVersion, Policy, PolicyVersion
from cases.policy import DEFAULT, Rules
from cases.refusals import Refused
from cases.worktime import BadCalendar
from cases.worktime import Calendar as WorkingCalendar

MINUTES = {"m": 1, "h": 60, "d": 540}  # a working day taken as nine hours, to compare times of different kinds
MILDEST_FIRST = [str(severity) for severity in sorted(Severity, key=lambda severity: severity.rank)]
TIMED_STEPS = [step for step in StepNumber if step != StepNumber.SURVEY]
BY_SEVERITY = ("silence", "exposure")


class Overtaken(Exception):
    """Somebody else made a version in between; `newest` is theirs (promise R6)."""

    def __init__(self, newest: PolicyVersion | CalendarVersion) -> None:
        super().__init__(f"Version {newest.number} was saved while you were writing. Show both.")
        self.newest = newest


@transaction.atomic
def save_policy(
    *, actor: User, facts: dict[str, Any], base: int, now: datetime, of: int | None = None
) -> PolicyVersion:
    """Save a policy (the default one unless `of` names another) as a new version over version `base`.

    Raise `Refused` at the field for what makes no sense, `Overtaken` if `base` is not the newest any more.
    """
    check_policy(facts)
    policy = _held(Policy, of)
    number = _next(policy.versions.order_by("-number").first(), base)
    version = PolicyVersion.objects.create(policy=policy, number=number, facts=facts, made_at=now, made_by=actor)
    admin_log.record(actor=actor, kind="policy_changed", facts={"policy": policy.pk, "version": number}, now=now)
    return version


@transaction.atomic
def save_calendar(
    *, actor: User, facts: dict[str, Any], base: int, now: datetime, of: int | None = None
) -> CalendarVersion:
    """Save a calendar (the default one unless `of` names another) as a new version over version `base`.

    The version holds the public holidays copied so far. Raise `Refused` for a calendar without hours or with
    impossible windows, `Overtaken` if `base` is not the newest.
    """
    check_calendar(facts)
    calendar = _held(Calendar, of)
    number = _next(calendar.versions.order_by("-number").first(), base)
    holidays.keep_rows(calendar, facts)
    kept = holidays.merged(facts, calendar)
    version = CalendarVersion.objects.create(calendar=calendar, number=number, facts=kept, made_at=now, made_by=actor)
    admin_log.record(actor=actor, kind="calendar_changed", facts={"calendar": calendar.pk, "version": number}, now=now)
    return version


def _held(model: type[Policy] | type[Calendar], pk: int | None) -> Any:
    wanted = {"pk": pk} if pk else {"is_default": True}
    return model.objects.select_for_update(no_key=True).get(**wanted)


def _next(newest: PolicyVersion | CalendarVersion | None, base: int) -> int:
    if newest is not None and newest.number != base:
        raise Overtaken(newest)
    return newest.number + 1 if newest else 1


def check_calendar(facts: dict[str, Any]) -> None:
    """Raise `Refused` unless the facts are a calendar that opens at some time."""
    try:
        WorkingCalendar.from_facts(facts)
    except BadCalendar as error:
        raise Refused(str(error)) from error


def check_policy(facts: dict[str, Any]) -> None:
    """Raise `Refused` at the field for times, ladders and limits that contradict one another."""
    rules = Rules(facts)
    for step in TIMED_STEPS:
        _falling(step.slug, [rules.step_time(step, severity) for severity in MILDEST_FIRST])
    for subject in BY_SEVERITY:
        _falling(subject, [rules.time(subject, severity) for severity in MILDEST_FIRST])
    _check_ladder(facts["ladder"])
    _check_letters(facts)
    _check_limits(facts["gesture_limits"])
    if facts["repeats"]["key"] < facts["repeats"]["*"]:
        message = "A key account has more business and so more cases: its number cannot be the smaller one."
        raise Refused(message, field="repeats_key")


def _falling(subject: str, times: list[str]) -> None:
    """Refuse a worse case that has more time than a milder one."""
    for place in range(1, len(times)):
        if minutes(times[place]) > minutes(times[place - 1]):
            worse, milder = MILDEST_FIRST[place], MILDEST_FIRST[place - 1]
            message = f"A {worse} case cannot have more time than a {milder} one."
            raise Refused(message, field=f"{subject}_{worse}")


def minutes(time: str) -> int:
    """Return about how many working minutes `4h`, `30m` or `5d` are, to compare them."""
    return int(time[:-1]) * MINUTES[time[-1]]


def _check_ladder(ladder: list[dict[str, Any]]) -> None:
    if not ladder:
        raise Refused("Without a rung nobody hears of a deadline. Keep at least one.", field="rung_1_at")
    for place, rung in enumerate(ladder, 1):
        if not rung["to"]:
            raise Refused("Say who hears on this rung.", field=f"rung_{place}_to")
        if place > 1 and rung["at"] <= ladder[place - 2]["at"]:
            raise Refused("Rungs rise: this one comes after the one above.", field=f"rung_{place}_at")
    if not any("docket" in rung["to"] for rung in ladder):
        raise Refused("Somewhere an overdue case must reach the council.", field=f"rung_{len(ladder)}_to")


def _check_letters(facts: dict[str, Any]) -> None:
    first, second = facts["confirm"]["reminders"]
    if minutes(second) <= minutes(first):
        raise Refused("The second reminder comes after the first.", field="confirm_2")
    if minutes(facts["confirm"]["docket"]) <= minutes(second):
        raise Refused("The council is asked after the last reminder.", field="confirm_docket")
    survey = facts["survey"]
    first, second = survey["reminder_days"]
    if second <= first:
        raise Refused("The second reminder comes after the first.", field="survey_remind_2")
    if survey["open_days"] <= second:
        raise Refused("The survey stays open until after the last reminder.", field="survey_open")
    days = facts.get("check_in_days", DEFAULT["check_in_days"])
    for place in range(1, len(days)):
        if days[place] <= days[place - 1]:
            raise Refused("Each check-in comes after the one before.", field=f"check_in_{place + 1}")


def _check_limits(limits: dict[str, int]) -> None:
    if limits["lead"] < limits["manager"]:
        raise Refused("A lead may give at least as much as an account manager.", field="gesture_lead")
    if limits["chair"] < limits["lead"]:
        raise Refused("The chair may give at least as much as a lead.", field="gesture_chair")
