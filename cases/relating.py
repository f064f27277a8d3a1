"""Cases that have to do with one another: related, of the same cause, or split off (product: The case)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from cases import plan, timeline
from cases.enums import StepNumber
from cases.locking import hold
from cases.models import Case, CaseCause, Relation
from cases.refusals import Refused
from cases.steps import root_cause


@transaction.atomic
def relate(*, case: Case, other: Case, actor: User, now: datetime, same_cause: bool = False) -> Relation:
    """Link two cases, of whichever customers; with `same_cause` put both under the cause one of them has.

    Raise `Refused` for the case itself, for two that are linked already, and where no cause is named yet.
    """
    first, second = _hold_both(case, other)
    if first.pk == second.pk:
        raise Refused("This is the case itself. Give the number of the other one.", field="other")
    if between(first, second).exists():
        raise Refused("These two cases are linked already.", field="other")
    if same_cause:
        _share(first, second, actor, now)
    relation = Relation.objects.create(from_case=first, to_case=second, kind=Relation.Kind.RELATED, at=now, by=actor)
    _record(first, second, timeline.Kind.RELATED, actor, now, same_cause=same_cause)
    return relation


@transaction.atomic
def unrelate(*, relation: Relation, actor: User, now: datetime) -> None:
    """Take a link away that was a mistake; the timeline of both keeps that it was there."""
    first, second = _hold_both(relation.from_case_id, relation.to_case_id)
    if not Relation.objects.filter(pk=relation.pk).delete()[0]:
        raise Refused("This link was taken away already.")
    _record(first, second, timeline.Kind.UNRELATED, actor, now)


@transaction.atomic
def split(*, case: Case, new: Case, actor: User, now: datetime) -> Relation:
    """Note that `new` was logged from a part of `case`; sent twice it is one relation."""
    first, second = _hold_both(case, new)
    if first.customer_id != second.customer_id:
        raise Refused("What is split off stays with the same customer. Log another complaint instead.")
    known = Relation.objects.filter(from_case=first, to_case=second, kind=Relation.Kind.SPLIT).first()
    if known is not None:
        return known
    relation = Relation.objects.create(from_case=first, to_case=second, kind=Relation.Kind.SPLIT, at=now, by=actor)
    timeline.record(case=first, kind=timeline.Kind.SPLIT, now=now, actor=actor, facts={"other": second.pk})
    timeline.record(case=second, kind=timeline.Kind.RELATED, now=now, actor=actor, facts={"other": first.pk})
    return relation


def between(case: Case, other: Case):
    """Return the relations between two cases, whichever of them named the other."""
    return Relation.objects.filter(Q(from_case=case, to_case=other) | Q(from_case=other, to_case=case))


def _hold_both(case: Case | int, other: Case | int) -> tuple[Case, Case]:
    pks = [one if isinstance(one, int) else one.pk for one in (case, other)]
    held = {pk: hold(pk) for pk in sorted(set(pks))}
    return held[pks[0]], held[pks[1]]


def _share(first: Case, second: Case, actor: User, now: datetime) -> None:
    causes = {link.case_id: link.cause for link in CaseCause.objects.filter(case__in=[first, second])}
    if not causes:
        raise Refused("Neither of the two has a cause yet. Name it on one of them first, in step 5.", field="kind")
    if len(causes) == 2:
        if causes[first.pk] != causes[second.pk]:
            raise Refused("Each of the two has a cause of its own. Link them as related.", field="kind")
        return
    without = second if first.pk in causes else first
    if without.historical or not plan.step_of(without, StepNumber.ROOT_CAUSE).is_open:
        raise Refused(f"Root cause of {without.number} is finished. Link them as related.", field="kind")
    cause = next(iter(causes.values()))
    if root_cause.needs_reason(without, cause):
        why = f"{without.number} shares no link with that cause. Choose the cause in its own step 5 and say there how "
        raise Refused(why + "you know that it is the same.", field="kind")
    root_cause.link(case=without, actor=actor, cause=cause, now=now)


def _record(first: Case, second: Case, kind: timeline.Kind, actor: User, now: datetime, **facts) -> None:
    for one, other in ((first, second), (second, first)):
        timeline.record(case=one, kind=kind, now=now, actor=actor, facts={"other": other.pk, **facts})
