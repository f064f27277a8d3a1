"""Taking a decision back: for ten minutes, while nothing has left the house and nothing else happened on the case.

A decision keeps what it wrote as it was before. Letters it causes wait until the time has run out, so that taking it
back calls them in. Taking back is itself an event; the decision stays in the log as taken back.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from cases import letters, timeline
from cases.locking import hold
from cases.models import Case, Chain
from cases.refusals import Refused
from council import snapshot
from council.models import Decision, Undo
from council.ruling import Ruling
from mail import outbox
from mail.models import Message, Notice
from surveys.models import Invitation, InvitationState

WINDOW = timedelta(minutes=10)
TOLD = ("decided", "council_question", "sponsor")


def newest_letter() -> int:
    """Return the id of the newest letter; what a decision causes comes after it."""
    return Message.objects.aggregate(top=Max("pk"))["top"] or 0


def keep(ruling: Ruling, decision: Decision, *, before: snapshot.Picture, letter: int) -> Undo:
    """Keep how to take `decision` back, and let its letters wait; `letter` was the newest one before it.

    What can no longer be taken back is forgotten.
    """
    until = ruling.now + WINDOW
    caused = Message.objects.filter(pk__gt=letter, queued_at=ruling.now, facts__number=ruling.case.number)
    waiting = outbox.hold_back(messages=caused, until=until)
    Undo.objects.filter(until_at__lt=ruling.now).delete()
    return Undo.objects.create(
        decision=decision,
        until_at=until,
        seq=Chain.objects.get(case=ruling.case).seq,
        before=snapshot.difference(before, snapshot.take(ruling.case.pk)),
        letters=waiting,
    )


@transaction.atomic
def undo(*, decision: Decision, actor: User, now: datetime) -> Decision:
    """Put the case back to how it was before the decision, and call in its letters.

    Raise `Refused` for others than its author, after ten minutes, once a letter has left, or when something has
    happened on the case since.
    """
    case = hold(decision.case_id)
    kept = Undo.objects.select_for_update(of=("self",)).select_related("decision").filter(decision=decision.pk).first()
    _check(kept, case, actor, now)
    for message in Message.objects.filter(pk__in=kept.letters):
        if not outbox.withhold(message=message):
            raise Refused("A letter about it is leaving just now, so it cannot be taken back any more.")
    snapshot.restore(kept.before)
    # A sweep plans a survey for whatever was put right, and plans one a round: this one was not put right after all.
    Invitation.objects.filter(case=case, round=case.round, state=InvitationState.PLANNED).delete()
    taken = kept.decision
    taken.undone_at = now
    taken.save(update_fields=["undone_at"])
    kept.delete()
    facts = {"decision": taken.pk, "kind": taken.kind, "escalation": taken.escalation_id}
    timeline.record(case=case, kind=timeline.Kind.DECISION_UNDONE, now=now, actor=actor, facts=facts)
    _tell(hold(case), taken, actor, now)
    return taken


def open_to(user: User, now: datetime) -> list[Undo]:
    """Return what this person may still take back, newest first. One statement."""
    rows = Undo.objects.filter(decision__author=user, until_at__gt=now, decision__undone_at=None)
    return list(rows.select_related("decision__case__customer").order_by("-id")[:10])


def _check(kept: Undo | None, case: Case, actor: User, now: datetime) -> None:
    if kept is None or kept.until_at <= now:
        raise Refused("Ten minutes have passed, and the letters about it are on their way. Decide anew instead.")
    if kept.decision.author_id != actor.pk:
        raise Refused("Only the one who decided takes it back. The decision log says who that was.")
    if Chain.objects.get(case=case).seq != kept.seq:
        raise Refused(f"Something has happened on {case.number} since. Taking it back would lose that.")


def _tell(case: Case, decision: Decision, actor: User, now: datetime) -> None:
    """Ring the bell of everybody who was told of the decision; their letters never left."""
    for person in _told(decision):
        letters.bell(
            user=person,
            case=case,
            key=f"undone-{decision.pk}",
            kind="decision_undone",
            now=now,
            facts={"who": actor.name, "decision": decision.get_kind_display()},
        )


def _told(decision: Decision) -> Iterable[User]:
    told = Notice.objects.filter(kind__in=TOLD, key__startswith=f"decided-{decision.pk}-")
    return [notice.user for notice in told.select_related("user")]
