"""Who may decide what (product: The council).

Any member decides any entry alone at any time, but not on a case that is or was their own, nor on what they asked for.
The sponsor decides what is overdue, where no member can, and as the second over a costly gesture. Nobody else does.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet

from accounts.models import Role, User
from cases import timeline
from cases.enums import CaseState, EscalationReason
from cases.models import Escalation, Event
from council.bench import Bench
from council.models import DecisionKind

K = DecisionKind
ORDERS = (K.RESOURCES, K.ORDER_ACTION, K.ORDER_CHANGE)
ASKED_FOR = (EscalationReason.GESTURE, EscalationReason.WAIVER)
BY_REASON: dict[str, tuple[DecisionKind, ...]] = {
    EscalationReason.GESTURE: (K.APPROVE_GESTURE, K.CHANGE_GESTURE, K.SEND_BACK, K.DECLINE_GESTURE),
    EscalationReason.SILENT: (K.ACCEPT_SILENCE, K.REASSIGN, K.BACK_OWNER, K.SEND_BACK),
    EscalationReason.WAIVER: (K.GRANT_WAIVER, K.REFUSE_WAIVER, K.SEND_BACK),
    EscalationReason.LET_GO: (),  # members vote on it: nobody decides it alone
    EscalationReason.NOT_AGREED: (K.NOT_AGREED, K.BACK_OWNER, K.REASSIGN, K.SEND_BACK, K.NAME_SPONSOR, *ORDERS),
    EscalationReason.RECURRENCE: (K.ORDER_CHANGE, K.NAME_SPONSOR, K.BACK_OWNER, K.SEND_BACK, K.REASSIGN, *ORDERS[:2]),
}
NOT_THE_WHOLE = (*ASKED_FOR, EscalationReason.SILENT, EscalationReason.OVERDUE, EscalationReason.LET_GO)
OTHERWISE = (K.NAME_SPONSOR, K.REASSIGN, K.BACK_OWNER, K.SEND_BACK, *ORDERS)


def possible(entry: Escalation, *, asked: bool = False) -> tuple[DecisionKind, ...]:
    """Return the decisions that make sense for an entry with its case; `asked`: a question is open already.

    On a closed case only what ends the matter is left.
    """
    if entry.case.state == CaseState.CLOSED:
        if entry.reason == EscalationReason.OVERDUE:  # what we learn from it stays due: somebody else may do it
            return (K.BACK_OWNER, K.REASSIGN)
        return (K.DECLINE_GESTURE,) if entry.reason == EscalationReason.GESTURE else (K.BACK_OWNER,)
    kinds = BY_REASON.get(entry.reason, OTHERWISE)
    if entry.reason == EscalationReason.REFUSED and (entry.case.attempt > 1 or entry.case.round > 1):
        kinds = (*kinds, K.NOT_AGREED)
    nobody_to_ask = asked or entry.case.owner_id is None
    return tuple(kind for kind in kinds if not (nobody_to_ask and kind == K.SEND_BACK))


def is_about_the_whole(entry: Escalation) -> bool:
    """Tell whether an entry is about the case as a whole, so that the last option may be brought up from it."""
    return entry.reason not in NOT_THE_WHOLE


def owned(entries: Iterable[Escalation]) -> dict[int, set[int]]:
    """Return who owns, or has owned, the case of each entry in its present round or since it lies there.

    By the entry's id. One statement: giving one's own case away lets nobody decide on it.
    """
    entries = list(entries)
    moves: dict[int, list[Event]] = {}
    assigned = Event.objects.filter(case__in={entry.case_id for entry in entries}, kind=timeline.Kind.ASSIGNED)
    for event in assigned.only("case_id", "round", "at", "facts"):
        moves.setdefault(event.case_id, []).append(event)
    return {entry.pk: _owned(entry, moves.get(entry.case_id, [])) for entry in entries}


def moves_of(user: User) -> QuerySet[Event]:
    """Return, for each entry of an outer query, the events that say that this person owns or owned its case."""
    person = Q(facts__from=user.pk) | Q(facts__to=user.pk)
    since = Q(round=OuterRef("case__round")) | Q(at__gte=OuterRef("opened_at"))
    assigned = Event.objects.filter(person, since, case=OuterRef("case"), kind=timeline.Kind.ASSIGNED)
    return assigned.exclude(facts__has_key="step")


def _owned(entry: Escalation, moves: list[Event]) -> set[int]:
    people = {entry.case.owner_id}
    for event in moves:
        if "step" not in event.facts and (event.round == entry.case.round or event.at >= entry.opened_at):
            people |= {event.facts.get("from"), event.facts.get("to")}
    return {person for person in people if person is not None}


def barred(entry: Escalation, owners: Iterable[int]) -> set[int]:
    """Return the ids of those with an interest: `owners` of the case, and who asked for gesture or waiver."""
    people = set(owners)
    if entry.reason in ASKED_FOR:
        people.add(entry.asked_by_id)
    return {person for person in people if person is not None}


def refusal(
    user: User,
    entry: Escalation,
    bench: Bench,
    *,
    owners: Iterable[int],
    due_at: datetime | None,
    now: datetime,
    second: bool = False,
) -> str:
    """Return why this person may not decide this entry, in words for the screen; empty when they may.

    `owners` comes from `owned`; `second` tells that the approval of a second member is waited for.
    """
    kept_out = barred(entry, owners)
    if not user.on_council:
        return "Only members of the council decide. You can see what they will see, and answer their questions."
    if user.pk == entry.case.owner_id:
        return "This is your own case. Another member decides."
    if user.pk in owners:
        return "This was your own case. Another member decides."
    if user.pk in kept_out:
        return "You asked for this yourself. Another member decides."
    if user.has_role(Role.COUNCIL, Role.CHAIR):
        return ""
    overdue = due_at is not None and due_at < now
    if overdue or second or not bench.others(kept_out):
        return ""
    return "The members of the council decide first. It comes to you when their time has run out."
