"""Working a cause by itself, from its own page: its whys, further actions, and proving it again.

A cause outlives the steps of its cases. After a failed check it is suspected again although step 5 is done on every
case; what is missing is then entered here (product: A cause).
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases import actions, plan, recurrence, timeline, words, workflow
from cases.enums import ActionKind, CauseState, CheckResult, StepNumber, WhyChain
from cases.models import Action, Case, Cause, Check, Why
from cases.refusals import Refused
from cases.steps import root_cause


@transaction.atomic
def write_chain(*, cause: Cause, actor: User, chain: WhyChain, answers: Sequence[str], now: datetime) -> None:
    """Write one chain of whys of a suspected cause, from the failure down; empty answers are left out.

    Every live case of the cause has the event. Raise `Refused` for a proved cause, or without an answer.
    """
    kept = [text for text in answers if text.strip()]
    if not kept:
        raise Refused("Write at least one answer to “why?”.", field="why_1")
    if _fresh(cause).state == CauseState.PROVED:
        raise Refused("This cause is proved. What was found stays as it was written.")
    held = recurrence.cases_of(cause)
    Why.objects.filter(cause=cause, chain=chain).delete()
    only = held[0] if len(held) == 1 else None
    rows = words.write_some(words.compose(text=text, now=now, case=only) for text in kept)
    Why.objects.bulk_create(
        Why(cause=cause, chain=chain, position=position, words=row) for position, row in enumerate(rows, 1)
    )
    facts = {"cause": cause.pk, "chain": str(chain), "count": len(rows)}
    for case in held:
        timeline.record(case=case, kind=timeline.Kind.WHYS_WRITTEN, now=now, actor=actor, facts=facts)


@transaction.atomic
def plan_corrective(*, cause: Cause, actor: User, text: str, owner: User, due_at: datetime, now: datetime) -> Action:
    """Plan one more corrective action; its clock runs on the newest case. Raise `Refused` without a case."""
    case = Case.objects.filter(case_causes__cause=cause, historical=False).order_by("-received_at", "-id").first()
    if case is None:
        raise Refused("No case stands under this cause. Link one first.")
    given = {"text": text, "owner": owner, "due_at": due_at}
    return actions.plan_action(case=case, cause=cause, kind=ActionKind.CORRECTIVE, actor=actor, now=now, **given)


@transaction.atomic
def prove_again(*, cause: Cause, actor: User, proof: str, now: datetime) -> None:
    """Say how we know, after a check had failed: the cause is proved once more, for all its cases.

    Raise `Refused` without words, an action planned since, or a check still to come by somebody who owns no action.
    """
    held, kept = recurrence.cases_of(cause), _fresh(cause)
    _check(kept, proof)
    row = words.write(text=proof, now=now, case=held[0] if len(held) == 1 else None)
    Cause.objects.filter(pk=cause.pk).update(state=CauseState.PROVED, proof=row, proved_at=now)
    for case in held:
        facts = {"cause": cause.pk}
        timeline.record(case=case, kind=timeline.Kind.CAUSE_PROVED, now=now, actor=actor, words=row, facts=facts)
        if _due(case):
            note = f"cause-{cause.pk}"
            workflow.finish_step(case=case, number=root_cause.NUMBER, now=now, actor=actor, note=note)
            root_cause.start_institutionalize(case=case, cause=cause, now=now)


def may_prove_again(cause: Cause) -> bool:
    """Tell whether a check failed and the cause is suspected since."""
    failed = Check.objects.filter(cause=cause, result=CheckResult.FAILED)
    return cause.state == CauseState.SUSPECTED and failed.exists()


def _fresh(cause: Cause) -> Cause:
    return Cause.objects.select_for_update(no_key=True, of=("self",)).get(pk=cause.pk)


def _due(case: Case) -> bool:
    step = plan.current_steps(case).get(StepNumber.ROOT_CAUSE)
    return step is not None and step.is_open


def _check(cause: Cause, proof: str) -> None:
    if not may_prove_again(cause):
        raise Refused("This cause is not open again. It is proved on a case, step 5.")
    if not proof.strip():
        raise Refused("Say how we know this time.", field="proof")
    failed = Check.objects.filter(cause=cause, result=CheckResult.FAILED).order_by("-checked_at").first()
    corrective = Action.objects.filter(cause=cause, kind=ActionKind.CORRECTIVE)
    if not corrective.filter(planned_at__gte=failed.checked_at).exists():
        raise Refused("What we did was not enough. Plan a further corrective action first.")
    pending = Check.objects.filter(cause=cause, result=CheckResult.PENDING)
    if not pending.exclude(checker__in=corrective.values("owner")).exists():
        raise Refused("Plan one more check, by somebody who owns none of the actions.")
