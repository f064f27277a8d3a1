"""The same cause struck again after the corrective action was in place (product: A cause, *Recurrence*).

A case we found ourselves by a sweep is none. A recurrence goes to the docket at once, opens the effectiveness check
again and stands on every case of the cause.
"""

from datetime import datetime

from accounts.models import User
from cases import deadlines, escalation, plan, timeline
from cases.enums import ActionKind, Channel, CheckResult, DueKind, EscalationReason
from cases.locking import hold
from cases.models import Action, Case, Cause, Check
from cases.policy import calendar_of

AGAIN = "10d"  # how long until somebody looks again


def struck_again(case: Case, cause: Cause) -> bool:
    """Tell whether the failure of this case happened after a corrective action of the cause was in place."""
    in_place = Action.objects.filter(cause=cause, kind=ActionKind.CORRECTIVE, done_at__lt=case.received_at)
    return case.channel != Channel.FOUND and in_place.exists()


def note(*, case: Case, cause: Cause, actor: User | None, now: datetime) -> Check | None:
    """Draw the consequences of a recurrence inside the caller's transaction; return the check that is open again.

    The newest check counts; one still pending keeps its time. None where no check was ever planned.
    """
    escalation.escalate(case=case, reason=EscalationReason.RECURRENCE, ref=cause.pk, now=now)
    check = Check.objects.filter(cause=cause).select_for_update(no_key=True, of=("self",)).order_by("-id").first()
    if check is None:
        return None
    if check.result != CheckResult.PENDING:
        _open_again(case, check, now)
    check.reopened_at = now
    check.save()
    facts = {"cause": cause.pk, "check": check.pk, "struck": case.pk}
    for one in cases_of(cause, case):
        timeline.record(case=one, kind=timeline.Kind.CHECK_REOPENED, now=now, actor=actor, facts=facts)
    return check


def cases_of(cause: Cause, *held: Case) -> list[Case]:
    """Lock the live cases of a cause by rising number; those `held` already are taken as they are."""
    known = {case.pk: case for case in held}
    pks = Case.objects.filter(case_causes__cause=cause, historical=False).order_by("pk").values_list("pk", flat=True)
    return [known.get(pk) or hold(pk) for pk in pks]


def _open_again(case: Case, check: Check, now: datetime) -> None:
    check.result, check.checked_at = CheckResult.PENDING, None
    check.due_at = deadlines.due_moment(calendar_of(case.calendar_version_id), AGAIN, now)
    about = {"kind": DueKind.CHECK, "ref": check.pk, "allowed": "", "started_at": now}
    deadlines.start(case=case, due_at=check.due_at, owner_id=check.checker_id, **about)
    plan.refresh(case)
