"""Acts whose letter can be taken back: they wait with it, and happen when it sets out (decision 0014).

Before one is sent off it is rehearsed: its verb acts and is undone again, so that whatever it refuses is said now, and
the letter looked at is the very one that would leave.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from cases import check_ins, incident, packing, timeline
from cases.enums import EntryKind
from cases.letter_kinds import LetterAct
from cases.locking import hold
from cases.models import Case, Cause, Contact, Outgoing
from cases.refusals import Refused
from cases.steps import acknowledge, contain, institutionalize, resolve, their_word
from mail import rendering
from mail.models import Message

LEAVING = "This letter is leaving already. Wait until it has left, or take it back and change it."


def _acknowledge(*, case: Case, actor: User, now: datetime, means: str, **given) -> None:
    said = acknowledge.Acknowledgement(means=EntryKind(means), **given)
    acknowledge.acknowledge(case=case, actor=actor, said=said, now=now)


def _told(*, told_by: str, **given) -> None:
    contain.contained(told_by=EntryKind(told_by), **given)


def _offer(*, means: str, **given) -> None:
    resolve.offer(means=EntryKind(means), **given)


def _spoken(*, how: str, **given) -> None:
    their_word.spoken_yes(how=EntryKind(how), **given)


def _written(*, name: str, proof, **given) -> None:
    their_word.written_yes(file=(name, proof), **given)


def _check_in(*, case: Case, **given) -> None:
    check_ins.ask(**given)


def _incident(*, case: Case, cause: Cause, tellings: list, **given) -> None:
    words, tellings = _told_first(tellings, given)
    incident.tell(cause=cause, letter=words, tellings=tellings, **given)


def _told_first(tellings: list, given: dict[str, Any]) -> tuple[incident.Letter, list[incident.Telling]]:
    """Take the texts out of what was given; return them, and whom each letter goes to, as the verb takes them."""
    words = {name: given.pop(name) for name in ("subject", "found", "meaning", "doing", "promise")}
    return incident.Letter(**words), [incident.Telling(*one) for one in tellings]


def _check_incident(*, now: datetime, cause: Cause, tellings: list, **given) -> None:
    """Check only: rehearsing it would open a case for each customer and use up their numbers."""
    words, tellings = _told_first(tellings, given)
    incident.check(cause=cause, letter=words, tellings=tellings, now=now)


VERBS: dict[LetterAct, Callable[..., Any]] = {
    LetterAct.ACKNOWLEDGE: _acknowledge,
    LetterAct.TOLD: _told,
    LetterAct.OFFER: _offer,
    LetterAct.ASK: resolve.ask,
    LetterAct.SPOKEN: _spoken,
    LetterAct.WRITTEN: _written,
    LetterAct.TELL: institutionalize.tell,
    LetterAct.CHECK_IN: _check_in,
    LetterAct.INCIDENT: _incident,
}


def do(*, act: LetterAct, case: Case, actor: User, now: datetime, given: dict[str, Any]) -> None:
    """Do the act now, letter and all. Raise `Refused` where its verb does."""
    VERBS[act](case=case, actor=actor, now=now, **given)


@transaction.atomic
def send_off(
    *,
    act: LetterAct,
    case: Case,
    actor: User,
    given: dict[str, Any],
    leaves_at: datetime,
    now: datetime,
    contact: Contact | None = None,
    typed: dict[str, Any] | None = None,
    draft: str = "",
) -> Outgoing:
    """Send the act's letter off: it sets out at `leaves_at`, and the act happens then; until then it can be taken back.

    `typed` goes back into the draft named `draft`. Raise `Refused` where the act would be refused at that moment, and
    while one like it waits.
    """
    held = hold(case)
    if Outgoing.objects.filter(case=held, act=act).exists():
        raise Refused(LEAVING)
    if act == LetterAct.INCIDENT:
        _check_incident(now=leaves_at, **given)
    else:
        rehearse(act=act, case=held, actor=actor, given=given, now=leaves_at)
    reader = contact or given.get("contact") or held.confirmer
    about = {"author": actor, "contact": reader, "typed": typed or {}, "draft": draft, "written_at": now}
    try:
        with transaction.atomic():
            meant = packing.packed_all(given)
            return Outgoing.objects.create(case=held, act=act, meant=meant, leaves_at=leaves_at, **about)
    except IntegrityError as error:
        raise Refused(LEAVING) from error


class _Over(Exception):
    """The rehearsal is over: everything is undone."""


def rehearse(*, act: LetterAct, case: Case, actor: User, given: dict[str, Any], now: datetime) -> rendering.Letter:
    """Return the letter the act would send at `now`, leaving nothing behind. Raise `Refused` where the act does."""
    found = []
    try:
        with transaction.atomic():
            known = Message.objects.order_by("-id").values_list("pk", flat=True).first() or 0
            do(act=act, case=case, actor=actor, now=now, given=given)
            ours = Message.objects.filter(pk__gt=known, thread=case.thread_id, to_staff=False)
            found += [rendering.letter_of(message) for message in ours.order_by("-id")[:1]]
            raise _Over
    except _Over:
        return found[0]


def carry_out(*, row: Outgoing, now: datetime) -> None:
    """Do what waited with this letter, inside the caller's transaction."""
    do(act=LetterAct(row.act), case=row.case, actor=row.author, now=now, given=packing.unpacked_all(row.meant))


def note_taken_back(*, row: Outgoing, actor: User, now: datetime) -> None:
    """Write on the timeline that the act was taken back before it happened; others had seen it coming."""
    facts = {"act": row.act, "written_at": row.written_at.isoformat()}
    kind = timeline.Kind.LETTER_TAKEN_BACK
    timeline.record(case=row.case, kind=kind, now=now, actor=actor, contact=row.contact, facts=facts)
