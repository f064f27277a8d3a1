"""What follows from a vote, at once: the decision; and if the customer is let go, the ends and the farewell letter."""

from datetime import datetime

from cases import entries, escalation, letters, plan, presence, timeline, words, workflow
from cases.enums import CaseState, EntryKind, Outcome
from cases.models import Case
from council import fulfilment, undoing
from council.models import Ballot, BallotState, Decision, DecisionKind, Vote, VoteChoice


def take_effect(*, ballot: Ballot, cases: dict[int, Case], votes: list[Vote], now: datetime) -> None:
    """Act on a ballot just closed, on locked cases; one overtaken by the end of its case only says so."""
    case = cases[ballot.form.case_id]
    _note(ballot, case, now)
    if ballot.state == BallotState.OVERTAKEN:
        if ballot.escalation.decided_at is None:
            escalation.decided(entry=ballot.escalation, now=now)
            workflow.settle(case=case, now=now) or plan.refresh(case)
        return
    gone = ballot.state == BallotState.LET_GO
    decision = _decide(ballot, case, votes, now)
    escalation.decided(entry=ballot.escalation, now=now)
    if gone:
        _say_farewell(ballot, case, now)
        _end(ballot, cases, now)
    elif not fulfilment.complete(case=case, actor=None, how="decided", now=now):
        plan.refresh(case)
    _tell(ballot, case, decision, now)


def minutes(ballot: Ballot, votes: list[Vote]) -> str:
    """Return the minutes of a vote: how many of how many, and the reasons of those who carried it."""
    seats = ballot.seats.count()
    yes = sum(vote.choice == VoteChoice.LET_GO for vote in votes)
    no = sum(vote.choice == VoteChoice.KEEP for vote in votes)
    counted = f"{yes} of {seats} voted to let go, {no} to keep, {seats - yes - no} abstained or did not vote."
    side = VoteChoice.LET_GO if ballot.state == BallotState.LET_GO else VoteChoice.KEEP
    reasons = [vote.words.text.strip() for vote in votes if vote.choice == side and vote.words]
    return "\n".join([counted, *reasons])


def _decide(ballot: Ballot, case: Case, votes: list[Vote], now: datetime) -> Decision:
    """Record the decision in the log: the council's, brought up by whoever filed the form."""
    form, gone = ballot.form, ballot.state == BallotState.LET_GO
    return Decision.objects.create(
        case=case,
        escalation=ballot.escalation,
        kind=DecisionKind.LET_GO if gone else DecisionKind.KEEP,
        words=words.write(text=minutes(ballot, votes), now=now, case=case),
        author=form.filed_by,
        owner=case.owner if gone else None,
        taken_at=now,
    )


def _say_farewell(ballot: Ballot, case: Case, now: datetime) -> None:
    """Queue the farewell letter as it was voted on. It leaves a while after the decision, which has acted by then."""
    form = ballot.form
    entry = entries.write_entry(
        case=case, actor=form.filed_by, kind=EntryKind.EMAIL, text=form.letter.text, now=now, contact=case.confirmer
    )
    entry.message = letters.to_customer(
        case=case,
        contact=case.confirmer,
        key=f"entry-{entry.pk}",
        template="farewell",
        now=now,
        facts={"body": form.letter.text},
        send_at=now + undoing.WINDOW,
    )
    entry.save(update_fields=["message"])


def _end(ballot: Ballot, cases: dict[int, Case], now: datetime) -> None:
    """End the case, and those of the customer's that end with it."""
    for pk, case in sorted(cases.items()):
        if case.state == CaseState.CLOSED:
            continue
        if pk != ballot.form.case_id:
            _note(ballot, case, now)
        workflow.end(
            case=case, act=Outcome.LET_GO, now=now, actor=None, words=ballot.form.words, mandate_ref=ballot.mandate
        )


def _note(ballot: Ballot, case: Case, now: datetime) -> None:
    facts = {"ballot": ballot.pk, "state": ballot.state, "case": ballot.form.case_id}
    timeline.record(case=case, kind=timeline.Kind.BALLOT_CLOSED, now=now, facts=facts)


def _tell(ballot: Ballot, case: Case, decision: Decision, now: datetime) -> None:
    """Tell the owner, or the lead where nobody owns it, and whoever had a seat."""
    people = {seat.user_id: seat.user for seat in ballot.seats.select_related("user")}
    first = case.owner or presence.lead_of(case)
    people |= {first.pk: first} if first else {}
    facts = {
        "kind": decision.kind,
        "decision": decision.get_kind_display(),
        "who": ballot.form.filed_by.name,
        "words": decision.words.text,
        "ends_on": ballot.form.ends_on.isoformat(),
    }
    for person in people.values():
        key = f"decided-{decision.pk}-{person.pk}"
        letters.to_colleague(user=person, case=case, key=key, template="decided", now=now, facts=facts)
