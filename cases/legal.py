"""Legal, safety or irregular: confidential, before the council at once, admissions and offers cleared by counsel.

Acknowledge and Contain never wait: only words that say it was our fault, and offers, do. What counsel cleared is a
text; another text needs another word of theirs (product: The case).
"""

from datetime import datetime

from django.db import transaction

from accounts.models import Role, User
from cases import access, deadlines, escalation, letters, own_case, plan, timeline, words
from cases.enums import ClearanceKind, ClearanceState, DueKind, EscalationReason
from cases.locking import hold, hold_unclosed
from cases.models import Case, Clearance
from cases.refusals import Refused
from mail import outbox

ALLOWED = "4h"


@transaction.atomic
def mark(*, case: Case, actor: User, reason: str, now: datetime) -> None:
    """Mark a case as legal, safety or irregular: confidential from now on, and on the docket at once."""
    held = hold_unclosed(case)
    if held.sensitive:
        raise Refused("It is marked as legal, safety or irregular already.")
    if not reason.strip():
        raise Refused("Say what makes it legal, a matter of safety, or irregular.", field="reason")
    held.sensitive = held.confidential = True
    held.save(update_fields=["sensitive", "confidential"])
    outbox.keep_close(thread=held.thread_id, number=held.number, is_close=held.confidential)
    row = words.write(text=reason, now=now, case=held)
    _record(held, actor, now, row, on=True)
    escalation.escalate(case=held, reason=EscalationReason.SENSITIVE, asked_by=actor, words=row, now=now)


@transaction.atomic
def unmark(*, case: Case, actor: User, reason: str, now: datetime) -> None:
    """Take the mark off; lead or council, with a reason. The case stays confidential until that is changed too."""
    held = hold_unclosed(case)
    if not held.sensitive:
        raise Refused("It is not marked as legal, safety or irregular.")
    if not access.judges(actor, held):
        raise Refused("Only the team lead or the council takes this mark off, and never from a case of their own.")
    if not reason.strip():
        raise Refused("Say why it is no such matter after all.", field="reason")
    held.sensitive = False
    held.save(update_fields=["sensitive"])
    _record(held, actor, now, words.write(text=reason, now=now, case=held), on=False)


@transaction.atomic
def name_counsel(*, case: Case, actor: User, counsel: User, now: datetime) -> None:
    """Name who clears admissions and offers of this case; lead or council, not of their own. Questions go there."""
    held = hold_unclosed(case)
    if not (access.may_lead(actor, held) or actor.on_council):
        raise Refused("The team lead or the council names counsel.")
    own_case.check(actor, [held], "names counsel on")
    if not counsel.has_role(Role.COUNSEL) or not counsel.is_active or counsel.left_at:
        raise Refused("Choose somebody who is counsel here.", field="counsel")
    if counsel.pk == held.about_user_id:
        raise Refused(f"The complaint is about {counsel.name}. Choose somebody else.", field="counsel")
    held.counsel = counsel
    held.save(update_fields=["counsel"])
    held.clearances.filter(state=ClearanceState.ASKED).update(counsel=counsel)
    held.dues.filter(kind=DueKind.CLEARANCE, closed_at=None).update(owner=counsel)
    timeline.record(case=held, kind=timeline.Kind.COUNSEL_NAMED, now=now, actor=actor, facts={"to": counsel.pk})


@transaction.atomic
def ask(*, case: Case, actor: User, kind: ClearanceKind, text: str, now: datetime) -> Clearance:
    """Ask counsel to clear a text; they have four working hours.

    A closed case may still owe them "you said, we changed". Raise `Refused` for a case that needs no clearance,
    without a text, while one is asked, and without counsel.
    """
    held = hold(case)
    if not held.sensitive:
        raise Refused("Only cases marked as legal, safety or irregular need counsel. Write to them as usual.")
    if not text.strip():
        raise Refused("Write the words you want to send, exactly as they will read them.", field="text")
    if Clearance.objects.filter(case=held, kind=kind, state=ClearanceState.ASKED).exists():
        raise Refused("Counsel has been asked already. Wait for the answer.")
    counsel = counsel_of(held)
    if counsel is None:
        raise Refused("Nobody here is counsel yet. An administrator gives somebody that role, under People.")
    row = words.write(text=text, now=now, case=held)
    clearance = Clearance.objects.create(case=held, kind=kind, words=row, asked_by=actor, asked_at=now, counsel=counsel)
    deadlines.start(
        case=held, kind=DueKind.CLEARANCE, ref=clearance.pk, allowed=ALLOWED, started_at=now, owner_id=counsel.pk
    )
    facts = {"clearance": clearance.pk, "kind": str(kind), "to": counsel.pk}
    timeline.record(case=held, kind=timeline.Kind.CLEARANCE_ASKED, now=now, actor=actor, words=row, facts=facts)
    plan.refresh(held)
    _write(held, clearance, counsel, "clearance_asked", {"who": actor.name, "words": text}, now)
    return clearance


@transaction.atomic
def decide(*, clearance: Clearance, actor: User, cleared: bool, reason: str, now: datetime) -> None:
    """Clear a text, or refuse it with the reason. Raise `Refused` for others than counsel, and for whoever asked."""
    held = hold(clearance.case_id)
    rows = Clearance.objects.select_for_update(no_key=True, of=("self",)).select_related("words", "asked_by")
    kept = rows.get(pk=clearance.pk)
    _check_decider(kept, held, actor)
    if not cleared and not reason.strip():
        raise Refused("Say what must not be said, and what may be.", field="reason")
    kept.state = ClearanceState.CLEARED if cleared else ClearanceState.REFUSED
    kept.reason = words.write(text=reason, now=now, case=held) if reason.strip() else None
    kept.decided_at, kept.counsel = now, actor
    kept.save(update_fields=["state", "reason", "decided_at", "counsel"])
    deadlines.stop(case=held, kind=DueKind.CLEARANCE, ref=kept.pk, now=now)
    facts = {"clearance": kept.pk, "kind": kept.kind, "state": str(kept.state)}
    timeline.record(
        case=held, kind=timeline.Kind.CLEARANCE_DECIDED, now=now, actor=actor, words=kept.reason, facts=facts
    )
    plan.refresh(held)
    told = {"who": actor.name, "cleared": cleared, "words": reason, "text": kept.words.text}
    _write(held, kept, kept.asked_by, "clearance_decided", told, now)


def check_cleared(*, case: Case, kind: ClearanceKind, text: str, field: str = "text") -> None:
    """Raise `Refused` unless counsel cleared this very text, on a case that needs it."""
    if not case.sensitive:
        return
    cleared = Clearance.objects.filter(case=case, kind=kind, state=ClearanceState.CLEARED).select_related("words")
    if any(_same(row.words.text, text) for row in cleared):
        return
    raise Refused(_why_not(case, kind, bool(cleared)), field=field)


def counsel_of(case: Case) -> User | None:
    """Return who clears for this case: whom lead or council named, else the first who is counsel here."""
    if case.counsel is not None and case.counsel.is_active and case.counsel.left_at is None:
        return case.counsel
    people = User.objects.working_here().with_role(Role.COUNSEL).exclude(pk=case.about_user_id or 0)
    return people.order_by("name", "pk").first()


def _why_not(case: Case, kind: str, other_text: bool) -> str:
    what = "an admission" if kind == ClearanceKind.ADMISSION else "an offer"
    if Clearance.objects.filter(case=case, kind=kind, state=ClearanceState.ASKED).exists():
        return f"Counsel has not answered yet. Until then {what} does not leave; everything else may."
    if other_text:
        return "These words differ from what counsel cleared. Use the cleared ones, or ask counsel about these."
    return f"This case is legal, safety or irregular: counsel clears {what} first. Ask them with these very words."


def _same(cleared: str, text: str) -> bool:
    return " ".join(cleared.split()) == " ".join(text.split())


def _check_decider(clearance: Clearance, case: Case, actor: User) -> None:
    if not actor.has_role(Role.COUNSEL):
        raise Refused("Only counsel clears admissions and offers.")
    if actor.pk == clearance.asked_by_id or actor.pk == case.about_user_id:
        raise Refused("You have a part in this yourself. Another counsel decides.")
    if clearance.state != ClearanceState.ASKED:
        raise Refused("This has been decided in the meantime. Reload the page to see how.")


def _record(case: Case, actor: User, now: datetime, row, *, on: bool) -> None:
    facts = {"confidential": case.confidential, "why": "sensitive", "on": on}
    timeline.record(case=case, kind=timeline.Kind.CONFIDENTIAL_SET, now=now, actor=actor, words=row, facts=facts)


def _write(case: Case, clearance: Clearance, person: User, template: str, facts: dict, now: datetime) -> None:
    own = {"kind": clearance.get_kind_display(), "asked": clearance.kind}
    key = f"{template}-{clearance.pk}-{person.pk}"
    letters.to_colleague(user=person, case=case, key=key, template=template, now=now, facts={**own, **facts})
