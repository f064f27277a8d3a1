"""What else becomes of a promise: moved with the customer's consent, or disputed by them until the lead decides."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Role, User
from cases import (
    access,
    deadlines,
    entries,
    letters,
    outgoing,
    plan,
    presence,
    promise_clock,
    promises,
    timeline,
    words,
)
from cases.enums import DueKind, EntryKind, PromiseKind, PromiseState, Side
from cases.locking import hold
from cases.models import Case, Contact, Promise
from cases.refusals import Refused

TIME_TO_DECIDE = "4h"


@transaction.atomic
def renegotiate(
    *, promise: Promise, actor: User, new_due_at: datetime, consent: str, now: datetime, text: str = ""
) -> Promise:
    """Put a new time, and new words where given, in the place of a promise; return the one that follows it.

    Needs the customer's yes, in their words, before the due time. Raise `Refused` without it, after it, or for a
    time that has passed (product: Promises).
    """
    held = hold(promise.case_id)
    kept = promises.pending(promise)
    _check_move(kept, new_due_at, consent, now)
    kept.consent = words.write(text=consent, now=now, case=held)
    kept.save(update_fields=["consent"])
    promises.close(case=held, promise=kept, actor=actor, state=PromiseState.RENEGOTIATED, now=now)
    said = words.write(text=text, now=now, case=held) if text.strip() else kept.words
    following = promise_clock.renew(case=held, promise=kept, due_at=new_due_at, words=said, now=now)
    facts = {"promise": kept.pk, "next": following.pk, "due_at": new_due_at.isoformat()}
    timeline.record(case=held, kind=timeline.Kind.PROMISE_MOVED, now=now, actor=actor, words=kept.consent, facts=facts)
    plan.refresh(held)
    return following


def _check_move(promise: Promise, new_due_at: datetime, consent: str, now: datetime) -> None:
    if promise.kind != PromiseKind.RECOVERY:
        raise Refused("This was promised before the complaint. Make a new promise instead.")
    if promise.due_at <= now:
        raise Refused("Its time has passed, so it can no longer be moved: mark it kept or broken, and promise anew.")
    if not consent.strip():
        raise Refused("Write how they agreed, in their words. Without their yes the promise stands.", field="consent")
    if new_due_at <= now:
        raise Refused("This time has passed. Choose one that lies ahead.", field="new_due_at")
    if new_due_at == promise.due_at:
        raise Refused("This is the time it has already. Choose another one.", field="new_due_at")


@transaction.atomic
def dispute(*, promise: Promise, contact: Contact, text: str, now: datetime) -> Promise:
    """Take the customer's "not so" about a promise marked kept. It stays disputed until the lead decides.

    The same pressed twice is taken once. Their word; the lead is told and has four working hours. Raise `Refused`
    without words, for a promise that is not marked kept, and where the lead has decided already.
    """
    held = hold(promise.case_id)
    kept = Promise.objects.select_for_update(no_key=True, of=("self",)).select_related("words").get(pk=promise.pk)
    if kept.state == PromiseState.DISPUTED and kept.dispute and kept.dispute.text.strip() == text.strip():
        return kept
    _check_dispute(kept, text)
    kept.dispute = words.write(text=text, now=now, case=held)
    kept.state, kept.disputed_at = PromiseState.DISPUTED, now
    kept.save(update_fields=["dispute", "state", "disputed_at"])
    facts = {"promise": kept.pk}
    timeline.record(
        case=held, kind=timeline.Kind.PROMISE_DISPUTED, now=now, contact=contact, words=kept.dispute, facts=facts
    )
    entries.heard(case=held, side=Side.THEIRS, at=now, reaches=True)
    due_at = _ask_to_decide(held, kept, now).isoformat()
    for person in deciders(held, kept):
        _tell(held, kept, person, contact, due_at, now)
    plan.refresh(held)
    return kept


def _check_dispute(promise: Promise, text: str) -> None:
    if promise.state == PromiseState.DISPUTED:
        raise Refused(_("You have told us already. It is being looked into."))
    if promise.kind != PromiseKind.RECOVERY or promise.state != PromiseState.KEPT:
        raise Refused(_("This promise is not marked as kept any more. Please reload the page."))
    if promise.disputed_at is not None:
        raise Refused(_("We looked into this once more already. If you see it otherwise, ask us to call you."))
    if not text.strip():
        raise Refused(_("Please tell us what was not kept, so that we can look into it."), field="text")


def _ask_to_decide(case: Case, promise: Promise, now: datetime) -> datetime:
    """Start the clock of whoever decides; return when it runs out."""
    first = next(iter(deciders(case, promise)), None)
    due = deadlines.start(
        case=case,
        kind=DueKind.PROMISE,
        ref=promise.pk,
        allowed=TIME_TO_DECIDE,
        started_at=now,
        owner_id=first.pk if first else None,
    )
    return due.due_at


def may_mark(*, user: User, promise: Promise) -> bool:
    """Tell whether this person says what became of a promise: who made it, their deputy, who works the case."""
    if user.only_reads:
        return False
    if user.pk == promise.owner_id or (promise.owner is not None and promise.owner.deputy_id == user.pk):
        return True
    return access.may_work(user, promise.case) or access.may_lead(user, promise.case)


def deciders(case: Case, promise: Promise) -> list[User]:
    """Return who decides a dispute: the team's lead; the chair where the lead promised it or there is none."""
    lead = presence.lead_of(case)
    if lead is not None and lead.pk != promise.owner_id:
        return [lead]
    return list(User.objects.working_here().with_role(Role.CHAIR))


def may_decide(*, user: User, promise: Promise) -> bool:
    """Tell whether this person decides a dispute: a lead of the team or the chair, never who made the promise."""
    chair = user.has_role(Role.CHAIR)
    return user.pk != promise.owner_id and (chair or access.may_lead(user, promise.case))


@transaction.atomic
def settle_dispute(*, promise: Promise, actor: User, state: PromiseState, text: str, now: datetime) -> None:
    """Decide a dispute: the promise was kept after all, or it was broken. `text` is what the customer is told.

    It leaves as a letter where they can be reached. Raise `Refused` for anybody else, without words, and where it
    is decided already.
    """
    held = hold(promise.case_id)
    kept = Promise.objects.select_for_update(no_key=True, of=("self",)).select_related("words", "case")
    kept = kept.get(pk=promise.pk)
    _check_decision(kept, actor, state, text)
    promises.close(case=held, promise=kept, actor=actor, state=state, now=now)
    facts = {"promise": kept.pk, "state": str(state)}
    timeline.record(case=held, kind=timeline.Kind.DISPUTE_SETTLED, now=now, actor=actor, words=kept.words, facts=facts)
    _answer(held, kept, actor, text, now)
    if state == PromiseState.BROKEN:
        promises.broken(case=held, promise=kept, now=now)
    plan.refresh(held)


def _check_decision(promise: Promise, actor: User, state: PromiseState, text: str) -> None:
    if not may_decide(user=actor, promise=promise):
        raise Refused("Whether it was kept is for the team lead to say, and never for who promised it.")
    if promise.state != PromiseState.DISPUTED:
        raise Refused("This dispute is settled already. Reload the page to see how.")
    if state not in promises.SETTLED:
        raise Refused("Say whether it was kept or broken.", field="state")
    if not text.strip():
        raise Refused("Write what you tell the customer: what you found, and what follows.", field="text")


def _answer(case: Case, promise: Promise, actor: User, text: str, now: datetime) -> None:
    """Tell them what was decided: by a letter that can be taken back, else as a note to be told by phone."""
    contact = _who_disputed(case, promise)
    if not entries.reachable(contact):
        entries.add_entry(case=case, actor=actor, kind=EntryKind.NOTE, text=text, now=now, contact=contact)
        return
    typed = {"contact": str(contact.pk), "subject": case.title, "text": text}
    letter = outgoing.Letter(contact=contact, subject=case.title, text=text, typed=typed)
    outgoing.send_off(case=case, actor=actor, letter=letter, leaves_at=now + outgoing.UNDO, now=now)


def _who_disputed(case: Case, promise: Promise) -> Contact | None:
    said = case.events.filter(kind=timeline.Kind.PROMISE_DISPUTED, facts__promise=promise.pk).select_related("contact")
    event = said.order_by("-seq").first()
    return event.contact if event else case.confirmer


def _tell(case: Case, promise: Promise, person: User, contact: Contact, due_at: str, now: datetime) -> None:
    facts = {"who": contact.name, "promise": promise.words.text, "words": promise.dispute.text, "due_at": due_at}
    letters.to_colleague(
        user=person,
        case=case,
        key=f"disputed-{promise.pk}-{person.pk}",
        template="disputed",
        now=now,
        facts=facts,
    )
