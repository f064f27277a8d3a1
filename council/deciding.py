"""Deciding a docket entry: checked, acted upon and recorded in one transaction (promise R1).

Each decision has a reason and an author, acts on the case at once, takes the entry off the docket, completes step 8
where nothing else waits and nothing is left to be carried out, and is told to the owner.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from cases import escalation as docket
from cases import letters, plan, presence, timeline, words, workflow
from cases.ending import FinalAnswer
from cases.locking import hold
from cases.models import Case, Escalation
from cases.refusals import Refused
from council import acts, asking, bench, fulfilment, rights, snapshot, undoing
from council.models import Approval, Decision, DecisionKind, Question
from council.ruling import Ruling


@transaction.atomic
def decide(
    *,
    escalation: Escalation,
    actor: User,
    kind: DecisionKind,
    reason: str,
    now: datetime,
    owner: User | None = None,
    due_at: datetime | None = None,
    gesture_cost: int | None = None,
    gesture_words: str = "",
    what: str = "",
    answer: FinalAnswer | None = None,
    also: Sequence[Escalation] = (),
) -> Decision | None:
    """Decide one entry; return the decision, or None where the approval of a second member is still needed.

    `owner` takes over, stands behind the case or does what is ordered; `gesture_cost` is minor units of the
    gesture's currency; `what` says what is ordered; `answer` is the final answer they are sent; `also` are further
    entries of the same case that ask for the same. Raise `Refused` for whoever may not, for a decision that does not
    fit the entry, and without a reason (product: The council).
    """
    facts = {"owner": owner, "due_at": due_at, "cost": gesture_cost, "what": gesture_words or what, "answer": answer}
    ruling = _hear(escalation, actor, kind, reason, now, facts)
    before, owned_by, letter = snapshot.take(ruling.case.pk), ruling.case.owner, undoing.newest_letter()
    if not acts.take_effect(ruling):
        return None
    settled = _hold_also(ruling, also)
    decision = _write(ruling, settled)
    _conclude(ruling, decision, settled)
    _tell(ruling, decision, owned_by)
    undoing.keep(ruling, decision, before=before, letter=letter)
    return decision


def _hear(
    escalation: Escalation, actor: User, kind: DecisionKind, reason: str, now: datetime, facts: dict[str, Any]
) -> Ruling:
    """Lock case and entry, check that this person may decide like this, and put together what is decided."""
    case = hold(escalation.case_id)
    entry = Escalation.objects.select_for_update(no_key=True).get(pk=escalation.pk)
    entry.case = case
    members = bench.sitting()
    _check(entry, actor, kind, reason, members, now)
    row = words.write(text=reason, now=now, case=case)
    return Ruling(
        entry=entry, case=case, actor=actor, kind=DecisionKind(kind), row=row, now=now, bench=members, **facts
    )


def _check(entry: Escalation, actor: User, kind: str, reason: str, members: bench.Bench, now: datetime) -> None:
    if entry.decided_at is not None:
        raise Refused("This has been decided in the meantime. The decision log says how.")
    due = asking.clock_of(entry)
    second = Approval.objects.filter(escalation=entry).exists()
    owners = rights.owned([entry])[entry.pk]
    due_at = due.due_at if due else None
    no = rights.refusal(actor, entry, members, owners=owners, due_at=due_at, now=now, second=second)
    if no:
        raise Refused(no)
    asked = Question.objects.filter(escalation=entry, answered_at=None).exists()
    if kind not in rights.possible(entry, asked=asked):
        raise Refused("This decision does not fit what is asked here. Reload the page and choose one that is offered.")
    if not reason.strip():
        missing = "Write the question." if kind == DecisionKind.SEND_BACK else "Say why. The owner and the log need it."
        raise Refused(missing, field="reason")


def _hold_also(ruling: Ruling, also: Sequence[Escalation]) -> list[Escalation]:
    """Return the further entries of this case still open, each of which this person may decide alike.

    A question is asked about one entry only.
    """
    if ruling.kind == DecisionKind.SEND_BACK or not also:
        return []
    rows = Escalation.objects.select_for_update(no_key=True).filter(
        pk__in=[entry.pk for entry in also], case=ruling.case, decided_at=None
    )
    found = list(rows.exclude(pk=ruling.entry.pk).order_by("pk"))
    for entry in found:
        entry.case = ruling.case
        _check(entry, ruling.actor, ruling.kind, ruling.reason, ruling.bench, ruling.now)
    return found


def _write(ruling: Ruling, settled: Sequence[Escalation]) -> Decision:
    decision = Decision.objects.create(
        case=ruling.case,
        escalation=ruling.entry,
        kind=ruling.kind,
        words=ruling.row,
        author=ruling.actor,
        owner=ruling.owner,
        due_at=ruling.due_at,
        action=ruling.ordered[0] if ruling.ordered else None,
        taken_at=ruling.now,
    )
    timeline.record(
        case=ruling.case,
        kind=timeline.Kind.DECIDED,
        now=ruling.now,
        actor=ruling.actor,
        words=ruling.row,
        facts={
            "decision": decision.pk,
            "kind": ruling.kind.value,
            "escalation": ruling.entry.pk,
            "reason": ruling.entry.reason,
            "also": [entry.pk for entry in settled],
            "owner": ruling.owner.pk if ruling.owner else None,
            "due_at": ruling.due_at.isoformat() if ruling.due_at else None,
        },
    )
    return decision


def _conclude(ruling: Ruling, decision: Decision, settled: Sequence[Escalation]) -> None:
    """Take the entries off the docket, or leave it there while the owner is asked; complete step 8 if nothing waits."""
    if ruling.kind == DecisionKind.SEND_BACK:
        question = asking.send_back(decision=decision, entry=ruling.entry, now=ruling.now)
        Decision.objects.filter(pk=decision.pk).update(owner=ruling.case.owner, due_at=question.until_at)
        plan.refresh(hold(ruling.case))
        return
    for entry in (ruling.entry, *settled):
        docket.decided(entry=entry, now=ruling.now)
    fresh = hold(ruling.case)
    if fulfilment.complete(case=fresh, actor=ruling.actor, how="decided", now=ruling.now):
        return
    if not workflow.settle(case=fresh, now=ruling.now):
        plan.refresh(fresh)


def _tell(ruling: Ruling, decision: Decision, before: User | None) -> None:
    """Tell those the decision concerns: the owner (before and now), who asked, who has to act. Never the author."""
    people = {person.pk: person for person in _concerned(ruling, before) if person is not None}
    people.pop(ruling.actor.pk, None)
    asks = ruling.kind == DecisionKind.SEND_BACK
    for person in people.values():
        letters.to_colleague(
            user=person,
            case=ruling.case,
            key=f"decided-{decision.pk}-{person.pk}",
            template="council_question" if asks else "decided",
            now=ruling.now,
            facts={
                "kind": ruling.kind.value,
                "decision": ruling.kind.label,
                "who": ruling.actor.name,
                "words": ruling.reason,
                "what": ruling.what,
                "to": ruling.owner.name if ruling.owner else "",
                "due_at": ruling.due_at.isoformat() if ruling.due_at else "",
            },
        )


def _concerned(ruling: Ruling, before: User | None) -> list[User | None]:
    case: Case = ruling.case
    if ruling.kind == DecisionKind.SEND_BACK:
        return [case.owner]
    doer = ruling.owner if ruling.kind != DecisionKind.NAME_SPONSOR else None
    return [before or presence.lead_of(case), ruling.entry.asked_by, doer]
