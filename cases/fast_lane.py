"""The fast lane: a small matter the customer confirmed within three working days (product: The case).

One act waives Contain, Go beyond, Root cause, Learnings and Institutionalize by rule, with a cause picked from the
list so that it is still counted. A customer who complains again within 90 days brings the full road back.
"""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from cases import plan, timeline, workflow
from cases.deadlines import due_moment
from cases.enums import CaseState, Channel, Severity, StepNumber
from cases.locking import hold
from cases.models import Case, CaseCause, Cause, CauseKind
from cases.policy import calendar_of, rules_of
from cases.refusals import Refused

WITHIN = "3d"
NOTE = "fast_lane"


@transaction.atomic
def take(*, case: Case, actor: User, kind: CauseKind | None, now: datetime) -> Case:
    """Take the fast lane: waive what is left of the five steps, under a cause of this kind.

    Raise `Refused` with the reason where it is not open to this case, or no kind of cause is picked.
    """
    held = hold(case)
    why_not = closed_because(held) or repeat_because(earlier(held))
    if why_not:
        raise Refused(why_not)
    if kind is None or kind.retired:
        raise Refused("Pick the kind of cause, so that we can count it.", field="kind")
    _put_under(held, actor, kind, now)
    for number in plan.BY_FAST_LANE:
        step = plan.step_of(held, number)
        if step.is_open:
            plan.waive(case=held, step=step, now=now, actor=actor, reason=None, note=NOTE)
    held.fast_lane = True
    held.save(update_fields=["fast_lane"])
    timeline.record(case=held, kind=timeline.Kind.FAST_LANED, now=now, actor=actor, facts={"cause_kind": kind.pk})
    workflow.settle(case=held, now=now)
    return held


def closed_because(case: Case) -> str:
    """Return why the lane is not open to this case by its own facts, in words; empty where it is. No statement."""
    if case.fast_lane:
        return "This case has taken the fast lane already."
    if case.severity != Severity.LOW or case.historical or case.round > 1:
        return "The fast lane is for small matters only: low severity, in their first round."
    if case.state != CaseState.RESOLVED or _silent(case):
        return "The fast lane opens once the customer has confirmed that it is put right."
    if case.resolved_at > confirmed_by(case):
        return "They confirmed later than three working days after the complaint. The full road is taken."
    return ""


def repeat_because(earlier_pk: int | None) -> str:
    """Return why a customer who complained shortly before gets the full road, in words; empty for a first one."""
    if earlier_pk is None:
        return ""
    return f"They complained within 90 days before (RC-{earlier_pk}). It comes back, so the full road is taken."


def confirmed_by(case: Case) -> datetime:
    """Return until when the customer must have confirmed: the end of the third working day."""
    return due_moment(calendar_of(case.calendar_version_id), WITHIN, case.received_at)


def earlier(case: Case) -> int | None:
    """Return the number of an earlier complaint of the same customer within the policy's 90 days, or None."""
    since = case.received_at - timedelta(days=rules_of(case.policy_version_id)["repeat_days"])
    before = Case.objects.live().filter(customer=case.customer_id, received_at__gte=since)
    before = before.filter(received_at__lte=case.received_at, pk__lt=case.pk).exclude(channel=Channel.FOUND)
    return before.order_by("-received_at", "-pk").values_list("pk", flat=True).first()


def _silent(case: Case) -> bool:
    return bool(case.seam) and case.seam[StepNumber.RESOLVE - 1][0] == "silent"


def _put_under(case: Case, actor: User, kind: CauseKind, now: datetime) -> None:
    """Count the case under a cause of this kind, unless it has one: small matters of a kind share one row."""
    if CaseCause.objects.filter(case=case).exists():
        return
    known = Cause.objects.filter(kind=kind, title=kind.name).order_by("pk").first()
    cause = known or Cause.objects.create(title=kind.name, kind=kind, owner=actor, found_at=now)
    CaseCause.objects.create(case=case, cause=cause, at=now, by=actor)
    facts = {"cause": cause.pk, "state": cause.state}
    timeline.record(case=case, kind=timeline.Kind.CAUSE_LINKED, now=now, actor=actor, facts=facts)
