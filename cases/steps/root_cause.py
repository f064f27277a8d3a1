"""5 · Root cause (Connelly, method 5): why it happened, why we did not catch it, how we know. Process, never people.

Done when both chains of whys end in a proved cause from the taxonomy, corrective actions have owner and date, and
the effectiveness check has date, criterion and a checker who owns none of the actions. One cause serves many cases.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases import deadlines, plan, recurrence, timeline, words, workflow
from cases.enums import ActionKind, CauseState, DueKind, StepNumber, WhyChain
from cases.holders import check_holds
from cases.locking import hold, hold_for_step, hold_kin, left_due
from cases.models import Action, Case, CaseCause, Cause, CauseKind, Check, Why
from cases.policy import rules_of
from cases.refusals import Refused

NUMBER = StepNumber.ROOT_CAUSE


@transaction.atomic
def link(
    *,
    case: Case,
    actor: User,
    now: datetime,
    cause: Cause | None = None,
    title: str = "",
    kind: CauseKind | None = None,
    reason: str = "",
) -> Cause:
    """Put the case under a cause: one we know, or a new suspected one. A case has one cause at a time.

    A cause that is proved, or swept, does steps 5 and 6 of the case too. A failure after the corrective action was in
    place is a recurrence and goes to the docket at once; cases we found by a sweep are none (product: A cause).
    Where the case shares nothing with such a cause, `reason` says how we know that it is the same.
    """
    held = hold_for_step(case, NUMBER)
    if not plan.step_of(held, NUMBER).is_open:
        raise Refused("The cause is proved. A different one is a new failure: log it as a complaint of its own.")
    if cause is None and not title.strip():
        raise Refused("Name the cause you suspect, or choose one we know.", field="title")
    if cause is None:
        cause = Cause.objects.create(title=title.strip(), kind=kind, owner=actor, found_at=now)
        cause.links.set(held.links.all())
    else:
        cause.refresh_from_db(fields=["state", "swept_at"])  # it may have been proved since it was chosen
        _check_same(held, cause, reason)
    CaseCause.objects.filter(case=held).exclude(cause=cause).delete()
    _, new = CaseCause.objects.get_or_create(case=held, cause=cause, defaults={"at": now, "by": actor})
    if new:
        facts = {"cause": cause.pk, "state": cause.state}
        row = words.write(text=reason, now=now, case=held) if reason.strip() else None
        timeline.record(case=held, kind=timeline.Kind.CAUSE_LINKED, now=now, actor=actor, words=row, facts=facts)
        _serve(held, cause, actor, now)
    return cause


@transaction.atomic
def write_whys(
    *, case: Case, cause: Cause, actor: User, chain: WhyChain, answers: Sequence[str], now: datetime
) -> None:
    """Write one chain of whys, from the failure down; empty answers are left out."""
    held = hold_for_step(case, NUMBER)
    kept = [text for text in answers if text.strip()]
    if not kept:
        raise Refused("Write at least one answer to “why?”.", field="why_1")
    if cause.state == CauseState.PROVED:
        raise Refused("This cause is proved. What was found stays as it was written.")
    Why.objects.filter(cause=cause, chain=chain).delete()
    rows = words.write_some(words.compose(text=text, now=now, case=held) for text in kept)
    Why.objects.bulk_create(
        Why(cause=cause, chain=chain, position=position, words=row) for position, row in enumerate(rows, 1)
    )
    facts = {"cause": cause.pk, "chain": str(chain), "count": len(rows)}
    timeline.record(case=held, kind=timeline.Kind.WHYS_WRITTEN, now=now, actor=actor, facts=facts)


@transaction.atomic
def plan_check(
    *, case: Case, cause: Cause, actor: User, criterion: str, due_at: datetime, checker: User, now: datetime
) -> Check:
    """Plan the effectiveness check: when, by what we see that it works, and who looks."""
    held = hold_for_step(case, NUMBER)
    if not criterion.strip():
        raise Refused("Say by what you will see that it works.", field="criterion")
    if due_at <= now:
        raise Refused("This time has passed. When will you look?", field="due_at")
    check_holds(checker, case=held, field="checker")
    if Action.objects.filter(cause=cause, owner=checker).exists():
        raise Refused("Whoever checks must not own one of the actions. Choose somebody else.", field="checker")
    row = words.write(text=criterion, now=now, case=held)
    check = Check.objects.create(cause=cause, criterion=row, due_at=due_at, checker=checker)
    deadlines.start(
        case=held,
        kind=DueKind.CHECK,
        ref=check.pk,
        allowed="",
        started_at=now,
        due_at=due_at,
        owner_id=checker.pk,
    )
    facts = {"cause": cause.pk, "check": check.pk, "due_at": due_at.isoformat()}
    timeline.record(case=held, kind=timeline.Kind.CHECK_PLANNED, now=now, actor=actor, words=row, facts=facts)
    plan.refresh(held)
    return check


@transaction.atomic
def prove(*, cause: Cause, case: Case, actor: User, kind: CauseKind, proof: str, now: datetime) -> None:
    """Say how we know. Completes the step on this case and on every other open case of the cause.

    Raise `Refused` with the first thing that is missing.
    """
    hold_kin(case, cause)
    held = hold_for_step(case, NUMBER)
    _check(cause, kind, proof)
    row = words.write(text=proof, now=now, case=held)
    Cause.objects.filter(pk=cause.pk).update(state=CauseState.PROVED, proof=row, proved_at=now, kind=kind)
    served = [held, *_others(cause, held)]
    for other in served:
        facts = {"cause": cause.pk}
        timeline.record(case=other, kind=timeline.Kind.CAUSE_PROVED, now=now, actor=actor, words=row, facts=facts)
        if plan.step_of(other, NUMBER).is_open:
            workflow.finish_step(case=other, number=NUMBER, now=now, actor=actor, note=f"cause-{cause.pk}")
        start_institutionalize(case=other, cause=cause, now=now)


def start_institutionalize(*, case: Case, cause: Cause, now: datetime) -> None:
    """Start the clock of step 9: the latest action date plus the policy's days."""
    if not plan.step_of(case, StepNumber.INSTITUTIONALIZE).is_open:
        return
    latest = max((action.due_at for action in Action.objects.filter(cause=cause)), default=now)
    allowed = rules_of(case.policy_version_id).step_time(StepNumber.INSTITUTIONALIZE, case.severity)
    deadlines.start(
        case=case,
        kind=DueKind.STEP,
        ref=int(StepNumber.INSTITUTIONALIZE),
        allowed=allowed,
        started_at=now,
        counted_from=max(latest, now),
    )
    plan.refresh(case)


def needs_reason(case: Case, cause: Cause) -> bool:
    """Tell whether a cause would do steps of a case it shares no link with, and whose customer no sweep named."""
    if cause.state != CauseState.PROVED and cause.swept_at is None:
        return False
    links = cause.links.values("pk")
    shared = case.links.filter(pk__in=links).exists() or case.customer.links.filter(pk__in=links).exists()
    return not shared and not cause.exposures.filter(customer=case.customer_id).exists()


def _check_same(case: Case, cause: Cause, reason: str) -> None:
    if not reason.strip() and needs_reason(case, cause):
        why = "This case shares no link with that cause, which would do its steps 5 and 6. "
        raise Refused(why + "Say how you know that it is the same cause.", field="reason")


def _serve(case: Case, cause: Cause, actor: User, now: datetime) -> None:
    """Let a cause we know do what it has done already, and tell the council where it struck again."""
    if recurrence.struck_again(case, cause):
        recurrence.note(case=case, cause=cause, actor=actor, now=now)
    if cause.state == CauseState.PROVED:
        workflow.finish_step(case=case, number=NUMBER, now=now, actor=actor, note=f"cause-{cause.pk}")
        start_institutionalize(case=case, cause=cause, now=now)
    if cause.swept_at is not None and plan.step_of(case, StepNumber.LEARNINGS).is_open:
        workflow.finish_step(case=case, number=StepNumber.LEARNINGS, now=now, actor=actor, note=f"cause-{cause.pk}")


def _others(cause: Cause, case: Case) -> list[Case]:
    pks = CaseCause.objects.filter(cause=cause).exclude(case=case).order_by("case_id").values_list("case_id", flat=True)
    served = (other for other in (hold(pk) for pk in pks) if not other.historical)
    return [other for other in served if other.state != "closed" or left_due(other, NUMBER)]


def _check(cause: Cause, kind: CauseKind | None, proof: str) -> None:
    if cause.state == CauseState.PROVED:
        raise Refused("This cause is proved already.")
    chains = set(Why.objects.filter(cause=cause).values_list("chain", flat=True))
    if WhyChain.OCCURRENCE not in chains:
        raise Refused("Ask why it happened, and write the chain down.", field="occurrence")
    if WhyChain.ESCAPE not in chains:
        raise Refused("Ask why we did not catch it, and write that chain down too.", field="escape")
    if not Action.objects.filter(cause=cause, kind=ActionKind.CORRECTIVE).exists():
        raise Refused("Plan at least one corrective action with owner and date.")
    if not Check.objects.filter(cause=cause).exists():
        raise Refused("Plan the effectiveness check: when, by what criterion, and who looks.")
    owners = Action.objects.filter(cause=cause).values("owner")
    if not Check.objects.filter(cause=cause).exclude(checker__in=owners).exists():
        raise Refused("Whoever checks owns one of the actions by now. Plan a check by somebody else.")
    if kind is None:
        raise Refused("Choose the kind of cause, so that we can count it.", field="kind")
    if not proof.strip():
        raise Refused("Say how we know that this is the cause.", field="proof")
