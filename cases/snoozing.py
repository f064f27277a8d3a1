"""Putting off one reminder of one clock, with a reason everybody sees: once for each rung, never past the next one.

It moves no due time. Where the lead hears as well only the lead puts it off; what goes to the council, nobody.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases import access, deadlines, standstill, timeline, words
from cases.locking import hold
from cases.models import Case, Due, Snooze
from cases.policy import Rung, rules_of
from cases.refusals import Refused


@transaction.atomic
def snooze(*, due: Due, actor: User, until_at: datetime, reason: str, now: datetime) -> Snooze:
    """Put off the next reminder of a clock. Raise `Refused` where that is not possible, or not for this person."""
    case = hold(due.case_id)
    kept = Due.objects.select_for_update(no_key=True).get(pk=due.pk)
    kept.case = case
    rung, at = _next(kept, case)
    _check(kept, case, actor, rung, now)
    if not reason.strip():
        raise Refused("Say why it can wait.", field="reason")
    if until_at <= max(now, at):
        raise Refused("The reminder would come before that anyway. Choose a later time.", field="until_at")
    if until_at >= _limit(kept, case, rung.at):
        raise Refused("A reminder is put off at most until the next one.", field="until_at")
    row = Snooze.objects.create(
        due=kept, rung=rung.at, until_at=until_at, by=actor, reason=words.write(text=reason, now=now, case=case), at=now
    )
    deadlines.count_anew(kept, standstill.pauses_of(kept), not_before=case.logged_at)
    facts = {"due": kept.kind, "ref": kept.ref, "rung": rung.at, "until_at": until_at.isoformat()}
    timeline.record(case=case, kind=timeline.Kind.SNOOZED, now=now, actor=actor, words=row.reason, facts=facts)
    return row


def next_to_put_off(due: Due, actor: User, now: datetime) -> int | None:
    """Return the percent of the reminder this person could put off now, or None."""
    try:
        rung, _ = _next(due, due.case)
        _check(due, due.case, actor, rung, now)
    except Refused:
        return None
    return rung.at


def _next(due: Due, case: Case) -> tuple[Rung, datetime]:
    rules = rules_of(case.policy_version_id)
    pauses = standstill.pauses_of(due)
    upcoming = deadlines.next_rung(due, rules, not_before=case.logged_at, pauses=pauses)
    if due.closed_at is not None or upcoming is None:
        raise Refused("Nobody will be reminded of this any more.")
    return next(rung for rung in rules.ladder if rung.at == upcoming[0]), upcoming[1]


def _check(due: Due, case: Case, actor: User, rung: Rung, now: datetime) -> None:
    if "docket" in rung.to:
        raise Refused("What comes next goes to the council, and that cannot be put off. Do it, or ask them for help.")
    if "lead" in rung.to and not access.may_lead(actor, case):
        raise Refused("Your lead hears of this one as well, so only your lead can put it off.")
    own = due.owner_id == actor.pk and not actor.only_reads
    if not own and not access.may_work(actor, case) and not access.may_lead(actor, case):
        raise Refused("Only who works this case can put its reminders off.")
    if Snooze.objects.filter(due=due, rung=rung.at, at__gte=due.started_at).exists():
        raise Refused("This reminder has been put off once already. It comes as it says.")


def _limit(due: Due, case: Case, percent: int) -> datetime:
    """Return the moment of the rung above, which a reminder never waits for."""
    rules, pauses = rules_of(case.policy_version_id), standstill.pauses_of(due)
    moments = dict(deadlines.rungs(due, rules, not_before=case.logged_at, pauses=pauses))
    above = [at for rung, at in moments.items() if rung > percent]
    return min(above) if above else due.due_at
