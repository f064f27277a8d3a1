"""Check-ins: does the repair hold, 30, 60 and 90 days after the customer confirmed it?

By call or meeting the owner writes down what they said; by letter the customer answers on their own page. Good or
bad, and how far they trust that it will not happen again, from 1 to 5. A bad one reopens the case and lies before
the council at once; little trust alone asks for another look at cause and change, not at the remedy.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases import actions, entries, escalation, letters, plan, presence, timeline, watching, workflow
from cases.deadlines import due_moment, stop
from cases.enums import ActionKind, CheckInState, DueKind, EntryKind, EscalationReason, Side
from cases.locking import hold
from cases.models import Case, CaseCause, CheckIn, Contact, Due, Entry, Event, Words
from cases.policy import calendar_of
from cases.refusals import Refused
from mail.models import Message

BY_WORD = (EntryKind.CALL, EntryKind.MEETING)
IN_WRITING = (EntryKind.EMAIL, EntryKind.LETTER)
LITTLE_TRUST = 2
TIME_TO_LOOK = "5d"
LOOK_AT = "look once more at the cause, at whom else it could hit, and at the change"
MARKS = range(1, 6)


@dataclass(frozen=True)
class Said:
    """What they answered: whether it holds, their mark of trust (1 to 5, None where not given), their words."""

    good: bool
    trust: int | None
    text: str


@dataclass(frozen=True)
class Talk:
    """How we heard it: we called or met them, or they wrote; from whom, when (now where None), for how many minutes."""

    means: EntryKind
    contact: Contact | None
    at: datetime | None = None
    minutes: int | None = None


@transaction.atomic
def check_in(*, check: CheckIn, actor: User, talk: Talk, said: Said, now: datetime) -> Entry:
    """Write down what they said. Raise `Refused` without their words, too early, or where it is done already."""
    case, held, due = _hold(check)
    _check_time(due, now)
    _check_said(said)
    if talk.means not in BY_WORD + IN_WRITING:
        raise Refused("Say how you heard it: a note among ourselves is not their word.", field="means")
    entry = entries.add_entry(
        case=case,
        actor=actor,
        kind=talk.means,
        text=said.text,
        now=now,
        side=Side.OURS if talk.means in BY_WORD else Side.THEIRS,
        contact=talk.contact,
        at=talk.at,
        minutes=talk.minutes,
    )
    _settle(case, held, said, entry.words, actor=actor, contact=talk.contact, now=now)
    return entry


@transaction.atomic
def ask(*, check: CheckIn, actor: User, contact: Contact | None, now: datetime) -> Message:
    """Ask by letter, with a page of their own to answer on; the clock runs on until they have.

    Raise `Refused` too early, to somebody without an address, or where they have been asked.
    """
    case, held, due = _hold(check)
    _check_time(due, now)
    if held.message_id is not None:
        raise Refused("The letter is out already. If no answer comes, call them and write down what they say.")
    if not entries.reachable(contact):
        raise Refused("There is no working e-mail address for this person. Call them instead.", field="contact")
    held.message = letters.check_in(check=held, case=case, contact=contact, actor=actor, now=now)
    held.save(update_fields=["message"])
    facts = {"check_in": held.pk, "day": held.day, "message": held.message_id}
    timeline.record(case=case, kind=timeline.Kind.CHECK_IN_ASKED, now=now, actor=actor, contact=contact, facts=facts)
    entries.heard(case=case, side=Side.OURS, at=now, reaches=True)
    return held.message


@transaction.atomic
def answer(*, check: CheckIn, contact: Contact, said: Said, now: datetime) -> CheckIn:
    """Take the customer's own answer from their page. Raise `Refused` where it came in already or was called off.

    Only whoever was asked answers: what one person trusts is not for another to say. The same answer pressed twice
    changes nothing.
    """
    if (known := _same_answer(check, contact, said)) is not None:
        return known
    case, held, _due = _hold(check)
    _check_theirs(asked_of(held), contact)
    _check_mark(said.trust)
    if not said.good and not said.text.strip():
        raise Refused(_("Please tell us what does not hold, so that we can put it right."), field="text")
    row = _their_words(case, contact, said.text, now)
    _settle(case, held, said, row, actor=None, contact=contact, now=now)
    return held


@transaction.atomic
def mark_trust(*, case: Case, contact: Contact, trust: int | None, text: str, now: datetime) -> CheckIn:
    """Keep the mark of trust asked with "you said, we changed": once a round, from the page of whoever was told."""
    held = hold(case)
    _check_theirs(told_of_change(held), contact)
    known = CheckIn.objects.filter(case=held, round=held.round, day=watching.WITH_THE_CHANGE).first()
    if known is not None and (known.trust, _text_of(known)) == (trust, text.strip()):
        return known
    if trust is None:
        raise Refused(_("Choose a number from 1 to 5."), field="trust")
    _check_mark(trust)
    if known is not None:
        raise Refused(_("We have your answer already. Thank you."))
    row = _their_words(held, contact, text, now)
    mark = CheckIn.objects.create(case=held, owner_id=held.owner_id, round=held.round, day=watching.WITH_THE_CHANGE)
    _settle(held, mark, Said(True, trust, text), row, actor=None, contact=contact, now=now)
    return mark


def asked_of(check: CheckIn) -> int | None:
    """Return the id of the contact whom a letter asks; None where none was sent."""
    asked = Event.objects.filter(case=check.case_id, kind=timeline.Kind.CHECK_IN_ASKED, facts__check_in=check.pk)
    return asked.values_list("contact_id", flat=True).first()


def told_of_change(case: Case) -> int | None:
    """Return the id of the contact who was last told in this round what we changed; None before anybody was."""
    told = case.events.filter(kind=timeline.Kind.CHANGE_TOLD, round=case.round).order_by("-seq")
    return told.values_list("contact_id", flat=True).first()


def _same_answer(check: CheckIn, contact: Contact, said: Said) -> CheckIn | None:
    """Return the check-in where this contact gave this very answer already: a button pressed twice."""
    hold(check.case_id)
    held = CheckIn.objects.select_related("words").get(pk=check.pk)
    given = (held.state, held.trust, _text_of(held))
    told = (CheckInState.GOOD if said.good else CheckInState.BAD, said.trust, said.text.strip())
    return held if given == told and held.done_by_id is None and asked_of(held) == contact.pk else None


def _text_of(check: CheckIn) -> str:
    return check.words.text.strip() if check.words else ""


def _check_theirs(asked: int | None, contact: Contact) -> None:
    if asked is not None and asked != contact.pk:
        raise Refused(_("We asked somebody else at your company this. Add a word of your own: it reaches us as well."))


def _hold(check: CheckIn) -> tuple[Case, CheckIn, Due | None]:
    """Return case, check-in and running clock, locked. Raise `Refused` unless it is still to come."""
    case = hold(check.case_id)
    held = CheckIn.objects.select_for_update(no_key=True).get(pk=check.pk)
    if held.state == CheckInState.CALLED_OFF:
        raise Refused(_("This check-in was called off: the case went back to work."))
    if held.state != CheckInState.PENDING:
        raise Refused(_("This check-in is done already. Reload the page to see the answer."))
    return case, held, Due.objects.filter(case=case, kind=DueKind.CHECK_IN, ref=held.pk, closed_at=None).first()


def _check_time(due: Due | None, now: datetime) -> None:
    """Refuse what says nothing yet: whether it holds after a month cannot be asked in the first week."""
    if due is not None and now < watching.opens_at(due):
        raise Refused(f"It is too early to tell whether it holds. Check in from {watching.opens_at(due):%-d %B} on.")


def _check_said(said: Said) -> None:
    _check_mark(said.trust)
    if not said.text.strip():
        raise Refused("Write what they said, in their words.", field="text")


def _check_mark(trust: int | None) -> None:
    if trust is not None and trust not in MARKS:
        raise Refused(_("Choose a number from 1 to 5."), field="trust")


def _their_words(case: Case, contact: Contact, text: str, now: datetime) -> Words | None:
    if not text.strip():
        entries.heard(case=case, side=Side.THEIRS, at=now, reaches=True)
        return None
    kind = EntryKind.EMAIL
    entry = entries.write_entry(case=case, actor=None, kind=kind, text=text, now=now, side=Side.THEIRS, contact=contact)
    return entry.words


def _settle(
    case: Case,
    check: CheckIn,
    said: Said,
    row: Words | None,
    *,
    actor: User | None,
    contact: Contact | None,
    now: datetime,
) -> None:
    """Keep the answer, stop the clock, and draw the consequence."""
    check.state = CheckInState.GOOD if said.good else CheckInState.BAD
    check.trust, check.words, check.done_at, check.done_by = said.trust, row, now, actor
    check.save(update_fields=["state", "trust", "words", "done_at", "done_by"])
    stop(case=case, kind=DueKind.CHECK_IN, ref=check.pk, now=now)
    facts = {"check_in": check.pk, "day": check.day, "state": str(check.state), "trust": check.trust}
    timeline.record(case=case, kind=timeline.Kind.CHECK_IN_DONE, now=now, actor=actor, contact=contact, facts=facts)
    if not said.good:
        _send_back(case, check, contact, row, now)
    elif said.trust is not None and said.trust <= LITTLE_TRUST:
        _look_again(case, check, contact, actor, now)
    plan.refresh(case)


def _send_back(case: Case, check: CheckIn, contact: Contact | None, row: Words | None, now: datetime) -> None:
    """Open the case again and lay it before the council at once; owner and lead are told."""
    if not case.is_open:
        workflow.reopen(case=case, why="check_in", now=now, contact=contact, words=row)
    escalation.escalate(case=case, reason=EscalationReason.CHECK_IN, ref=check.pk, now=now, words=row)
    for person in {one.pk: one for one in (case.owner, presence.lead_of(case)) if one is not None}.values():
        letters.to_colleague(
            user=person,
            case=case,
            key=f"check-in-{check.pk}-{person.pk}",
            template="check_in_bad",
            now=now,
            facts={"who": contact.name if contact else "", "day": check.day, "words": row.text if row else ""},
        )


def _look_again(case: Case, check: CheckIn, contact: Contact | None, actor: User | None, now: datetime) -> None:
    """Have cause, sweep and change looked at once more: a low mark of trust acts on steps 5, 6 and 9, not on Resolve.

    Whoever owns the cause, the owner of the case and the lead are told, with the words.
    """
    linked = CaseCause.objects.filter(case=case).select_related("cause__owner").order_by("-id").first()
    cause = linked.cause if linked else None
    owner = (cause.owner if cause else None) or case.owner or presence.lead_of(case)
    _tell_of_trust(case, check, contact, cause.owner if cause else None, now)
    if owner is None:
        return
    actions.plan_action(
        case=case,
        actor=actor,
        kind=ActionKind.CORRECTIVE,
        text=f"They trust {check.trust} of 5 that it will not happen again: {LOOK_AT}.",
        owner=owner,
        due_at=due_moment(calendar_of(case.calendar_version_id), TIME_TO_LOOK, now),
        now=now,
        cause=cause,
    )


def _tell_of_trust(case: Case, check: CheckIn, contact: Contact | None, finder: User | None, now: datetime) -> None:
    people = {one.pk: one for one in (case.owner, presence.lead_of(case), finder) if one is not None}
    said = check.words.text if check.words else ""
    facts = {"who": contact.name if contact else "", "trust": check.trust, "words": said}
    for person in people.values():
        key = f"low-trust-{check.pk}-{person.pk}"
        letters.bell(user=person, case=case, key=key, kind="low_trust", now=now, facts=facts)
