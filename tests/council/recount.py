"""A slow recount of the figures, case by case from what was recorded, with nothing of what the figures use.

What happened is read from the timeline, what was done from the steps, what was due from the clocks; everything is
compared in Python, one case after the other.
"""

from collections import Counter
from datetime import datetime, timedelta

from cases.models import Case, CheckIn, Due, Event, Promise, Step
from cases.timeline import Kind
from council.figures import catalogue, counting, medians, value
from council.periods import Period
from surveys.models import Answer, Invitation

STEPS = {"told": 1, "safe": 2, "right": 3}
JUDGED = ("fine", "look", "reopen")


def recount(cases: list[Case], period: Period, now: datetime) -> dict[str, object]:
    """Return the figures of these cases over a period, by name."""
    cases = [case for case in cases if case.outcome != "merged"]
    found: dict[str, object] = {"received": sum(case.received_at in period for case in cases)}
    found |= flow(cases, period)
    for stage in STEPS:
        found[f"{stage}-in-time"] = in_time(cases, stage, period, now)
        found[f"{stage}-time"] = slow_median(spans(cases, stage, period, now))
    found |= said(cases, period)
    found["promises"] = promises(cases, period)
    found["at-stake"] = at_stake(cases)
    found["open"] = sum(case.state == "open" for case in cases)
    return found


def events(case: Case, *kinds: str) -> list[Event]:
    """Return what happened on a case, of some kinds."""
    return list(Event.objects.filter(case=case, kind__in=kinds).order_by("seq"))


def flow(cases: list[Case], period: Period) -> dict[str, object]:
    """Count what came in and went out, and how it ended."""
    yes = silent = refused = again = reopened = closed = 0
    for case in cases:
        for event in events(case, Kind.CONFIRMED, Kind.ACCEPTED_SILENTLY):
            if event.at in period:
                yes, silent = yes + (event.kind == Kind.CONFIRMED), silent + (event.kind == Kind.ACCEPTED_SILENTLY)
                reopened += event.round < case.round
        again += sum(event.at in period for event in events(case, Kind.REOPENED))
        closed += case.state == "closed" and case.closed_at in period
        refused += case.outcome == "not_agreed" and case.closed_at in period
    ends = {"word": yes, "silent": silent, "not-agreed": refused}
    return {"confirmed": yes, "again": again, "closed": closed, "their-word": ends, "reopened": reopened}


def _stage(case: Case, stage: str) -> tuple[Step | None, Due | None]:
    number = STEPS[stage]
    due = Due.objects.filter(case=case, round=1, kind="step", ref=number).first()
    return Step.objects.filter(case=case, round=1, number=number).first(), due


def in_time(cases: list[Case], stage: str, period: Period, now: datetime) -> dict[str, int]:
    """Sort the cases received in a period into met, missed and open."""
    counted = Counter({"met": 0, "missed": 0, "open": 0})
    for case in cases:
        step, due = _stage(case, stage)
        if case.received_at not in period or step is None or due is None:
            continue
        silent = stage == "right" and bool(events(case, Kind.ACCEPTED_SILENTLY)) and step.silent
        came = step.done_at if step.state == "done" and not silent else None
        over = step.done_at or case.closed_at
        if due.inherited_miss or (came or over or now) > due.due_at:
            counted["missed"] += 1
        elif came:
            counted["met"] += 1
        elif over is None:
            counted["open"] += 1
    return dict(counted)


def spans(cases: list[Case], stage: str, period: Period, now: datetime) -> list[tuple[int, bool]]:
    """Return how many seconds each case has waited, and whether it came."""
    found = []
    for case in cases:
        step, due = _stage(case, stage)
        if case.received_at not in period or step is None or due is None:
            continue
        came = step.state == "done" and not (stage == "right" and step.silent)
        until = step.done_at or case.closed_at or now
        found.append(((until - case.received_at) // timedelta(seconds=1), came))
    return found


def slow_median(rows: list[tuple[int, bool]]) -> int | None:
    """Return Kaplan and Meier's median the slow way: at each ending, count anew who still waits."""
    share = 1.0
    for at in sorted({length for length, came in rows if came}):
        waiting = sum(length >= at for length, _ in rows)
        share *= 1 - sum(length == at and came for length, came in rows) / waiting
        if share <= 0.5 + 1e-12:
            return at
    return None


def said(cases: list[Case], period: Period) -> dict[str, object]:
    """Return what customers said: means to a tenth, the balance of recommendation, how many answered."""
    ids = {case.pk for case in cases}
    asked = [one for one in Invitation.objects.select_related("message") if one.case_id in ids and one.message]
    delivered = [one for one in asked if one.message.state == "sent" and one.message.sent_at in period]
    answers = [one for one in Answer.objects.select_related("invitation") if one.invitation.case_id in ids]
    counted = [one for one in answers if one.verdict in JUDGED]
    given = [one for one in counted if one.kept_at in period]
    found: dict[str, object] = {}
    for name in ("satisfied", "heard", "easy"):
        found[name] = _mean([getattr(one, name) for one in given])
    found["trust"] = _mean([one.trust for one in _trusted(ids) if one.done_at in period])
    marks = [one.recommend for one in given if one.recommend is not None]
    balance = sum(mark >= 9 for mark in marks) - sum(mark <= 6 for mark in marks)
    found["recommend"] = round(100 * balance / len(marks)) if marks else None
    answered = {one.invitation_id for one in counted}
    found["response"] = {
        "answered": sum(one.pk in answered for one in delivered),
        "silent": sum(one.pk not in answered for one in delivered),
    }
    return found


def _trusted(ids: set[int]) -> list[CheckIn]:
    latest = {(one.case_id, one.round): one for one in CheckIn.objects.order_by("done_at", "id") if one.trust}
    return [one for (case, _), one in latest.items() if case in ids]


def _mean(marks: list[int | None]) -> float | None:
    known = [mark for mark in marks if mark is not None]
    return round(sum(known) / len(known), 1) if known else None


def promises(cases: list[Case], period: Period) -> dict[str, int]:
    """Count recovery promises due in a period by what became of them."""
    names = {"kept": "kept", "broken": "broken", "disputed": "disputed", "renegotiated": "moved", "pending": "open"}
    counted = Counter(dict.fromkeys(names.values(), 0))
    for case in cases:
        for promise in Promise.objects.filter(case=case, kind="recovery"):
            counted[names[promise.state]] += promise.due_at in period
    return dict(counted)


def at_stake(cases: list[Case]) -> int:
    """Return what open cases put at stake, a customer counted once."""
    highest: dict[int, int] = {}
    for case in cases:
        if case.state == "open":
            highest[case.customer_id] = max(case.home_stake, highest.get(case.customer_id, 0))
    return sum(highest.values())


def kept(asked, period: Period) -> dict[str, object]:
    """Return the same figures as the product counts them."""
    slugs = [
        "received",
        "confirmed",
        "again",
        "closed",
        "their-word",
        "reopened",
        "satisfied",
        "heard",
        "easy",
        "trust",
    ]
    slugs += ["recommend", "response", "promises", "open", *(f"{stage}-in-time" for stage in STEPS)]
    measures = [catalogue.MEASURES[slug] for slug in slugs]
    read = counting.read(asked, counting.pairs(measures, [period]))
    parted = {"their-word", "response", "promises", *(f"{stage}-in-time" for stage in STEPS)}
    found: dict[str, object] = {}
    for slug in slugs:
        one = read[slug, period]
        found[slug] = dict(one.counts) if slug in parted else one.hits if slug == "reopened" else one.value
    clocks = medians.medians(asked, [period])
    found |= {f"{stage}-time": clocks[stage, period].theirs.seconds for stage in STEPS}
    found["at-stake"] = value.worths(asked, [period])["at-stake", "all", period].likely
    return found
