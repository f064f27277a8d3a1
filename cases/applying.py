"""Applying a policy's newest version to cases that are open: an act of its own, seen before it is done.

Clocks still running are counted anew from the same start, pauses left out. What was missed stays missed, and a rung
climbed stays climbed.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import admin_log
from accounts.models import User
from cases import deadlines, plan, standstill, timeline
from cases.enums import DueKind, StepNumber
from cases.locking import hold
from cases.models import Case, Due, Policy, PolicyVersion
from cases.policy import rules_of

MOST = 200


@dataclass(frozen=True)
class Moved:
    """One clock that another version moves."""

    case: Case
    what: str
    before: datetime
    after: datetime
    allowed: str
    late_at_once: bool


def behind(policy: Policy) -> list[Case]:
    """Return live cases not closed that keep an older version of the policy, at most `MOST`, the oldest first."""
    newest = _newest(policy)
    cases = Case.objects.live().unfinished().filter(policy_version__policy=policy)
    cases = cases.exclude(policy_version=newest) if newest else cases.none()
    return list(cases.select_related("customer").order_by("pk")[:MOST])


def preview(policy: Policy, cases: list[Case], now: datetime) -> list[Moved]:
    """Return what would move, case by case. Nothing is saved. Four statements."""
    newest = _newest(policy)
    dues = list(_running(cases, now).order_by("case", "due_at"))
    stood, by_pk, promised = standstill.pauses_for(dues), {case.pk: case for case in cases}, _promised(cases)
    found = []
    for due in dues:
        case, before = by_pk[due.case_id], due.due_at
        if _give(due, newest, case.severity):
            sooner = [at for at in promised.get(due.case_id, ()) if due.kind == DueKind.SILENCE and at > due.started_at]
            due.due_at = min([deadlines.recounted(due, stood.get(due.pk, ())), *sooner])
            if due.due_at != before:
                what = StepNumber(due.ref).label if due.kind == DueKind.STEP else "Silence"
                found.append(Moved(case, what, before, due.due_at, due.allowed, due.due_at <= now))
    return found


@transaction.atomic
def apply_to(*, case: Case, policy: Policy, actor: User, now: datetime) -> bool:
    """Let one open case run by the newest version of its policy; False where it does already or has closed."""
    held, newest = hold(case), _newest(policy)
    if held.state == "closed" or held.policy_version_id == newest.pk or held.policy_version.policy_id != policy.pk:
        return False
    facts = {"from": held.policy_version.number, "to": newest.number, "policy": policy.pk}
    held.policy_version = newest
    held.save(update_fields=["policy_version"])
    for due in _running([held], now).select_for_update(no_key=True, of=("self",)).order_by("pk"):
        due.case = held
        if _give(due, newest, held.severity):
            deadlines.count_anew(due, standstill.pauses_of(due), not_before=held.logged_at)
    timeline.record(case=held, kind=timeline.Kind.POLICY_APPLIED, now=now, actor=actor, facts=facts)
    plan.refresh(held)
    return True


def apply(*, policy: Policy, cases: list[Case], actor: User, now: datetime) -> int:
    """Apply the newest version to each of `cases` in a transaction of its own; return to how many."""
    done = sum(apply_to(case=case, policy=policy, actor=actor, now=now) for case in cases)
    facts = {"policy": policy.pk, "version": _newest(policy).number, "cases": done}
    with transaction.atomic():
        admin_log.record(actor=actor, kind="policy_applied", facts=facts, now=now)
    return done


def _newest(policy: Policy) -> PolicyVersion | None:
    return policy.versions.order_by("-number").first()


def _running(cases: list[Case], now: datetime):
    """Return the clocks the policy sets that run and have not run out."""
    kinds = [DueKind.STEP, DueKind.SILENCE]
    return Due.objects.filter(case__in=cases, closed_at=None, due_at__gt=now, kind__in=kinds)


def _promised(cases: list[Case]) -> dict[int, list[datetime]]:
    """Return the promised dates of each case: silence ends with the next one, if that is sooner. One statement."""
    found: dict[int, list[datetime]] = {}
    rows = Due.objects.filter(case__in=cases, kind=DueKind.PROMISE, closed_at=None)
    for case, at in rows.values_list("case", "due_at"):
        found.setdefault(case, []).append(at)
    return found


def _give(due: Due, version: PolicyVersion, severity: str) -> bool:
    allowed, always = deadlines.time_for(due, rules_of(version.pk), severity)
    if not allowed or not due.allowed:
        return False
    due.allowed, due.always = allowed, always
    return True
