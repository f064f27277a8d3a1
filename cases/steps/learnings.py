"""6 · Learnings (Connelly, method 6): who else could it hit?

Done when the sweep is complete: every other customer who shares a link with the cause is marked safe, fixed, or told
first. A customer told first has an owner and a time.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from cases import deadlines, plan, timeline, words, workflow
from cases.enums import DueKind, ExposureState, StepNumber
from cases.locking import hold, hold_for_step, hold_kin, left_due
from cases.models import Case, CaseCause, Cause, Customer, Exposure
from cases.policy import rules_of
from cases.refusals import Refused

NUMBER = StepNumber.LEARNINGS


@transaction.atomic
def sweep(*, case: Case, cause: Cause, actor: User, now: datetime) -> int:
    """List every other customer who shares a link with the cause; return how many are new on the list."""
    hold_for_step(case, NUMBER)
    new = list(_unlisted(cause))
    for customer in new:
        _list(case, cause, customer, now)
    return len(new)


@transaction.atomic
def expose(*, case: Case, cause: Cause, actor: User, customer: Customer, now: datetime) -> Exposure:
    """Put one customer on the list by hand. Raise `Refused` if they are on it."""
    held = hold_for_step(case, NUMBER)
    if customer.pk == held.customer_id:
        raise Refused("This is the customer of the case itself.", field="customer")
    if Exposure.objects.filter(cause=cause, customer=customer).exists():
        raise Refused("This customer is on the list already.", field="customer")
    return _list(held, cause, customer, now)


@transaction.atomic
def mark(*, exposure: Exposure, case: Case, actor: User, state: ExposureState, note: str, now: datetime) -> None:
    """Mark an exposed customer as safe, fixed or told first, and say how we know."""
    held = hold(case)
    if state == ExposureState.OPEN:
        raise Refused("Choose safe, fixed or told first.", field="state")
    if not note.strip():
        raise Refused("Say how we know, or how they were told.", field="note")
    row = words.write(text=note, now=now, case=held)
    Exposure.objects.filter(pk=exposure.pk).update(state=state, note=row, marked_at=now, marked_by=actor)
    deadlines.stop(case=held, kind=DueKind.EXPOSURE, ref=exposure.pk, now=now)
    facts = {"exposure": exposure.pk, "customer": exposure.customer_id, "state": str(state)}
    timeline.record(case=held, kind=timeline.Kind.EXPOSURE_MARKED, now=now, actor=actor, words=row, facts=facts)
    plan.refresh(held)


@transaction.atomic
def complete(*, case: Case, cause: Cause, actor: User, now: datetime) -> None:
    """Close the sweep: the step is done on every open case of the cause.

    Raise `Refused` while somebody who shares a link is not on the list, or somebody on it is unmarked.
    """
    hold_kin(case, cause)
    held = hold_for_step(case, NUMBER)
    unlisted = _unlisted(cause).count()
    if unlisted:
        raise Refused(f"Customers who share a link and are not on the list yet: {unlisted}. Look for them first.")
    waiting = Exposure.objects.filter(cause=cause, state=ExposureState.OPEN).count()
    if waiting:
        raise Refused(f"Customers not marked yet: {waiting}. Mark each as safe, fixed, or told first.")
    Cause.objects.filter(pk=cause.pk).update(swept_at=now)
    for link in CaseCause.objects.filter(cause=cause).order_by("case_id"):
        other = held if link.case_id == held.pk else hold(link.case_id)
        if not other.historical and left_due(other, NUMBER):
            workflow.finish_step(case=other, number=NUMBER, now=now, actor=actor, note=f"cause-{cause.pk}")


def _unlisted(cause: Cause) -> QuerySet[Customer]:
    """Return customers who share a link with the cause, have no case of it and are not on the list."""
    sharing = Customer.objects.filter(links__in=cause.links.all(), merged_into=None)
    with_case = CaseCause.objects.filter(cause=cause).values("case__customer")
    listed = Exposure.objects.filter(cause=cause).values("customer")
    return sharing.exclude(pk__in=with_case).exclude(pk__in=listed).distinct()


def _list(case: Case, cause: Cause, customer: Customer, now: datetime) -> Exposure:
    exposure = Exposure.objects.create(
        cause=cause, customer=customer, owner=customer.account_manager or case.owner, listed_at=now
    )
    allowed = rules_of(case.policy_version_id).time("exposure", case.severity)
    deadlines.start(
        case=case,
        kind=DueKind.EXPOSURE,
        ref=exposure.pk,
        allowed=allowed,
        started_at=now,
        owner_id=exposure.owner_id,
    )
    plan.refresh(case)
    return exposure
