"""Does the corrective action hold? The effectiveness check of a cause, also after its cases have closed.

Closing ends the steps, not the watch: a check keeps its checker, its time and its chases (product: The nine steps).
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import Role, User
from cases import access, deadlines, escalation, plan, timeline, words, workflow
from cases.enums import CaseState, CauseState, CheckResult, DueKind, EscalationReason, Outcome
from cases.locking import hold
from cases.models import Action, Case, Cause, Check, Due
from cases.refusals import Refused
from mail import notices

GONE = (Outcome.MERGED, Outcome.LET_GO, Outcome.CUSTOMER_LOST)


def may_settle(user: User, check: Check) -> bool:
    """Tell whether this person may say how a check ended: its checker, or a quality engineer."""
    return not user.only_reads and (check.checker_id == user.pk or user.has_role(Role.QUALITY))


@transaction.atomic
def settle_check(
    *, check: Check, actor: User, passed: bool, note: str, now: datetime, hit: Iterable[Case] = ()
) -> None:
    """Say whether the corrective action held, and what was found. Its clock stops; every case of the cause is told.

    A failed check reopens the cause: it is suspected again and needs another action. A case is reopened only where
    that customer was `hit` again (product: Closing ends the steps, not the watch). Raise `Refused` for a check settled
    already, without words, and for an owner of one of the actions.
    """
    cause, held = check.cause, _held(check)
    kept = Check.objects.select_for_update(no_key=True).get(pk=check.pk)
    if kept.result != CheckResult.PENDING:
        raise Refused("This check has its result already. Plan another one.")
    if Action.objects.filter(cause=cause, owner=actor).exists():
        raise Refused("You own one of the actions. Somebody else has to say whether it works.")
    if not note.strip():
        raise Refused("Say what you saw.", field="note")
    kept.result = CheckResult.PASSED if passed else CheckResult.FAILED
    kept.checked_at = now
    kept.found = words.write(text=note, now=now, case=held[0] if len(held) == 1 else None)
    kept.save(update_fields=["result", "checked_at", "found"])
    for case in held:
        if deadlines.stop(case=case, kind=DueKind.CHECK, ref=kept.pk, now=now):
            plan.refresh(case)
    _tell(held, kept, actor, note, now)
    if kept.result == CheckResult.FAILED:
        Cause.objects.filter(pk=cause.pk).update(state=CauseState.SUSPECTED)
        _strike(held, {case.pk for case in hit}, kept, actor, now)
    if kept.result == CheckResult.FAILED and held and cause.owner_id not in (None, actor.pk):
        _tell_owner(cause, kept, actor, now)


@transaction.atomic
def plan_next(*, cause: Cause, actor: User, criterion: str, due_at: datetime, checker: User, now: datetime) -> Check:
    """Plan one more check of a cause: when, by what we see that it works, and who looks.

    Its clock runs on the newest case of the cause, closed or not. Raise `Refused` at the field that does not fit.
    """
    case = _newest(cause)
    if case is None:
        raise Refused("No case stands under this cause. Link one first.")
    if not criterion.strip():
        raise Refused("Say by what you will see that it works.", field="criterion")
    if due_at <= now:
        raise Refused("This time has passed. When will you look?", field="due_at")
    if Action.objects.filter(cause=cause, owner=checker).exists():
        raise Refused("Whoever checks must not own one of the actions. Choose somebody else.", field="checker")
    held = hold(case)
    row = words.write(text=criterion, now=now, case=held)
    check = Check.objects.create(cause=cause, criterion=row, due_at=due_at, checker=checker)
    about = {"kind": DueKind.CHECK, "ref": check.pk, "allowed": "", "started_at": now}
    deadlines.start(case=held, due_at=due_at, owner_id=checker.pk, **about)
    facts = {"cause": cause.pk, "check": check.pk, "due_at": due_at.isoformat()}
    timeline.record(case=held, kind=timeline.Kind.CHECK_PLANNED, now=now, actor=actor, words=row, facts=facts)
    plan.refresh(held)
    return check


def _held(check: Check) -> list[Case]:
    """Lock the live cases of the cause and the one its clock runs on, by rising number."""
    clocks = Due.objects.filter(kind=DueKind.CHECK, ref=check.pk).values("case")
    cases = Case.objects.filter(Q(case_causes__cause=check.cause_id) | Q(pk__in=clocks), historical=False)
    return [hold(pk) for pk in cases.order_by("pk").values_list("pk", flat=True).distinct()]


def may_be_hit(cause: Cause, reader: User) -> QuerySet[Case]:
    """Return the cases of a cause that are through and whose customer could have been hit again."""
    through = access.visible_to(reader).filter(case_causes__cause=cause, historical=False).exclude(state=CaseState.OPEN)
    return through.exclude(outcome__in=GONE).select_related("customer").order_by("-received_at", "-id")


def _strike(held: list[Case], hit: set[int], check: Check, actor: User, now: datetime) -> None:
    """Open the cases again whose customer was hit again, and lay each before the council at once."""
    for case in held:
        if case.pk not in hit or case.state == CaseState.OPEN or case.outcome in GONE:
            continue
        workflow.reopen(case=case, why="recurrence", now=now, actor=actor, words=check.found)
        escalation.escalate(case=case, reason=EscalationReason.RECURRENCE, ref=check.cause_id, now=now)


def _newest(cause: Cause) -> Case | None:
    return Case.objects.filter(case_causes__cause=cause, historical=False).order_by("-received_at", "-id").first()


def _tell_owner(cause: Cause, check: Check, actor: User, now: datetime) -> None:
    """Tell who owns the cause, and name no case: they may not see every one that stands under it."""
    told = {"by": actor.name, "cause_title": cause.title}
    about = {"kind": "check_failed", "facts": told, "url": f"/learnings/{cause.pk}/"}
    notices.tell(user=cause.owner, key=f"check-{check.pk}", now=now, **about)


def _tell(cases: list[Case], check: Check, actor: User, note: str, now: datetime) -> None:
    facts = {"cause": check.cause_id, "check": check.pk, "result": str(check.result)}
    for case in cases:
        row = words.write(text=note, now=now, case=case)
        timeline.record(case=case, kind=timeline.Kind.CHECKED, now=now, actor=actor, words=row, facts=facts)
