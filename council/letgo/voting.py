"""Voting on a customer: one vote a seat, changed or taken back until the ballot closes. The result acts at once.

It closes when every seat has voted, or by the sweep when its five working days are over.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from cases import sweeping, timeline, words
from cases.enums import CaseState
from cases.locking import hold
from cases.models import Case
from cases.refusals import Refused
from council.letgo import result
from council.letgo.counting import lets_go
from council.letgo.trials import trials_of
from council.models import Ballot, BallotState, OtherCase, Vote, VoteChoice

SWEEP = "votes"


@transaction.atomic
def vote(*, ballot: Ballot, actor: User, choice: str, why: str, now: datetime) -> Ballot:
    """Cast or change a vote; the last one closes the ballot. Return the ballot as it then stands.

    Raise `Refused` for whoever has no seat, once it is closed or its time is over, and without a reason (but for an
    abstention).
    """
    cases, kept = _hold(ballot)
    if kept.state != BallotState.OPEN or _is_overtaken(cases[kept.form.case_id], kept):
        raise Refused("This vote is closed. The decision log says how it ended.")
    refusal = why_not(kept, actor)
    if refusal:
        raise Refused(refusal)
    if now >= kept.closes_at:
        raise Refused("The five working days are over. The votes are counted within a minute.")
    if choice not in VoteChoice.values:
        raise Refused("Choose how you vote.", field="choice")
    if choice != VoteChoice.ABSTAIN and not why.strip():
        raise Refused("Say why. The others, and the log, need it.", field="why")
    case = cases[kept.form.case_id]
    row = words.write(text=why, now=now, case=case) if why.strip() else None
    Vote.objects.update_or_create(ballot=kept, user=actor, defaults={"choice": choice, "words": row, "at": now})
    timeline.record(case=case, kind=timeline.Kind.VOTED, now=now, actor=actor, facts={"ballot": kept.pk})
    if kept.votes.count() == kept.seats.count():
        _close(kept, cases, now)
    return kept


@transaction.atomic
def withdraw(*, ballot: Ballot, actor: User, now: datetime) -> Ballot:
    """Take one's own vote back while the ballot is open; until another is cast the seat has not voted.

    Raise `Refused` once it is closed or its time is over, and for whoever has not voted.
    """
    cases, kept = _hold(ballot)
    case = cases[kept.form.case_id]
    if kept.state != BallotState.OPEN or _is_overtaken(case, kept):
        raise Refused("This vote is closed. The decision log says how it ended.")
    if now >= kept.closes_at:
        raise Refused("The five working days are over. The votes are counted within a minute.")
    if not Vote.objects.filter(ballot=kept, user=actor).delete()[0]:
        raise Refused("You have not voted here, so there is nothing to take back.")
    timeline.record(case=case, kind=timeline.Kind.VOTE_WITHDRAWN, now=now, actor=actor, facts={"ballot": kept.pk})
    return kept


def why_not(ballot: Ballot, user: User) -> str:
    """Return why this person does not vote; empty where they do."""
    if not ballot.seats.filter(user=user).exists():
        return "You have no seat in this vote: the seats were fixed when it opened, for members without a conflict."
    if not user.on_council:
        return "You do not sit on the council any more."
    if ballot.form.case.owner_id == user.pk:
        return "This is your own case by now. The other members vote; without your vote it counts as keep."
    return ""


def close_due(now: datetime, *, limit: int = 50) -> int:
    """Count the votes whose time is over, and close what the end of its case overtook; return how many."""
    over = Q(closes_at__lte=now) | Q(escalation__decided_at__isnull=False) | ~Q(form__case__state=CaseState.OPEN)
    rows = Ballot.objects.filter(over, state=BallotState.OPEN).exclude(pk__in=sweeping.set_aside(SWEEP, "Ballot"))
    return sweeping.each(SWEEP, rows.order_by("pk")[:limit], lambda row: close(ballot=row, now=now), now=now)


@transaction.atomic
def close(*, ballot: Ballot, now: datetime) -> Ballot:
    """Close a ballot whose time is over or that was overtaken; one closed already stays as it is."""
    cases, kept = _hold(ballot)
    due = now >= kept.closes_at or _is_overtaken(cases[kept.form.case_id], kept)
    if kept.state == BallotState.OPEN and due:
        _close(kept, cases, now)
    return kept


def _close(ballot: Ballot, cases: dict[int, Case], now: datetime) -> None:
    case = cases[ballot.form.case_id]
    votes = list(ballot.votes.select_related("words", "user").order_by("at", "id"))
    if _is_overtaken(case, ballot):
        ballot.state = BallotState.OVERTAKEN
    elif not ballot.unanimous and trials_of(case).missing:
        ballot.state = BallotState.KEPT
    else:
        choices = [one.choice for one in votes]
        passed = lets_go(choices, seats=ballot.seats.count(), unanimous=ballot.unanimous)
        ballot.state = BallotState.LET_GO if passed else BallotState.KEPT
    ballot.closed_at = now
    ballot.save(update_fields=["state", "closed_at"])
    result.take_effect(ballot=ballot, cases=cases, votes=votes, now=now)


def _is_overtaken(case: Case, ballot: Ballot) -> bool:
    """Tell whether there is nothing left to vote on: the case has ended, or the customer has confirmed it."""
    return case.state != CaseState.OPEN or ballot.escalation.decided_at is not None


def _hold(ballot: Ballot) -> tuple[dict[int, Case], Ballot]:
    """Lock the case and those that would end with it, by rising number, then the ballot."""
    others = OtherCase.objects.filter(form=ballot.form_id, ends=True).values_list("case_id", flat=True)
    cases = {pk: hold(pk) for pk in sorted({ballot.form.case_id, *others})}
    rows = Ballot.objects.select_for_update(no_key=True, of=("self",))
    return cases, rows.select_related("form__words", "form__letter", "form__filed_by", "escalation").get(pk=ballot.pk)
