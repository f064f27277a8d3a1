"""The same complaint logged twice becomes one case (product: The case).

Only within one customer. The survivor takes the earlier moment of receipt and every missed deadline, so that merging
hides nothing; open promises, actions, docket entries and the cause go with it. A closed case is reopened or
linked, never merged into. What the customer says late to the merged case lands on the surviving one.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases import (
    access,
    deadlines,
    editing,
    entries,
    escalation,
    letters,
    own_case,
    plan,
    presence,
    receiving,
    timeline,
    words,
    workflow,
)
from cases.enums import CaseState, DueKind, EntryKind, EscalationReason, Outcome, PromiseState, Severity, Side
from cases.locking import hold, hold_living
from cases.models import Action, Case, CaseCause, Contact, Due, Entry, Escalation, Promise
from cases.policy import rules_of
from cases.refusals import Refused
from cases.steps import root_cause
from mail import outbox

GO_WITH_IT = (DueKind.PROMISE, DueKind.ACTION, DueKind.CHECK, DueKind.EXPOSURE)
SPECIAL = ("sensitive", "confidential", "public_exposure", "about_person")
ANY_WORD = 0  # the clock of an answer that is owed to no word in particular
UNFINISHED = (PromiseState.PENDING, PromiseState.BROKEN, PromiseState.DISPUTED)
# What lies on the docket about the merged case's own steps has nothing left to decide.
ITS_OWN = (
    EscalationReason.OVERDUE,
    EscalationReason.WAIVER,
    EscalationReason.GESTURE,
    EscalationReason.SILENT,
    EscalationReason.NOT_AGREED,
    EscalationReason.LET_GO,
)


@transaction.atomic
def merge(*, case: Case, into: Case, actor: User, reason: str, now: datetime) -> Case:
    """Merge `case` into `into`, which goes on; return the surviving case.

    Raise `Refused` for others than the lead, for whoever owns one of the two, across customers, and where one is
    closed. Where the lead owns it, a member of the council does it.
    """
    absorbed, survivor = _hold_both(case, into)
    _check(absorbed, survivor, actor, reason)
    row = words.write(text=reason, now=now, case=absorbed)
    survivor = _raise_severity(survivor, absorbed, actor, now)
    _inherit(survivor, absorbed, now)
    _hand_over(survivor, absorbed, now)
    absorbed.merged_into = survivor
    absorbed.save(update_fields=["merged_into"])
    Case.objects.filter(merged_into=absorbed).update(merged_into=survivor)
    timeline.record(
        case=absorbed, kind=timeline.Kind.MERGED, now=now, actor=actor, words=row, facts={"into": survivor.pk}
    )
    workflow.end(case=absorbed, act=Outcome.MERGED, now=now, actor=actor, words=row)
    facts = {"from": absorbed.pk, "received_at": absorbed.received_at.isoformat()}
    timeline.record(case=survivor, kind=timeline.Kind.ABSORBED, now=now, actor=actor, words=row, facts=facts)
    _share_cause(survivor, absorbed, actor, reason, now)
    plan.refresh(survivor)
    _tell(survivor, absorbed, actor, now)
    return survivor


@transaction.atomic
def hear_late(*, case: Case, contact: Contact | None, text: str, now: datetime, unhappy: bool = False) -> Entry:
    """Take a late word said on a page of the merged case to the surviving one; its owner is told and owes an answer.

    `unhappy` says that it is not put right: then a surviving case that counts as put right opens again.
    """
    held = hold_living(case)
    entry = entries.write_entry(
        case=held, actor=None, kind=EntryKind.EMAIL, text=text, now=now, side=Side.THEIRS, contact=contact
    )
    if unhappy and not held.is_open:
        workflow.reopen(case=held, why="message", now=now, contact=contact, words=entry.words)
    facts = {"who": contact.name if contact else held.customer.name, "words": text, "from": case.number}
    person = presence.first_present(held.owner, held, now)
    _owe_an_answer(held, person, now)
    if person is not None:
        key = f"late-word-{entry.pk}"
        letters.to_colleague(user=person, case=held, key=key, template="late_word", now=now, facts=facts)
    return entry


def _owe_an_answer(case: Case, person: User | None, now: datetime) -> None:
    """Start the clock of an answer; one already running goes on."""
    if Due.objects.filter(case=case, kind=DueKind.REPLY, ref=ANY_WORD, closed_at=None).exists():
        return
    allowed = rules_of(case.policy_version_id).time("unassigned", case.severity)
    about = {"kind": DueKind.REPLY, "ref": ANY_WORD, "allowed": allowed, "started_at": now}
    deadlines.start(case=case, owner_id=person.pk if person else None, **about)
    plan.refresh(case)


def _hold_both(case: Case, into: Case) -> tuple[Case, Case]:
    """Lock both cases, the older first, so that two merges never wait for one another."""
    held = {pk: hold(pk) for pk in sorted({case.pk, into.pk})}
    return held[case.pk], held[into.pk]


def _check(absorbed: Case, survivor: Case, actor: User, reason: str) -> None:
    if not (access.may_lead(actor, absorbed) or own_case.stands_in(actor, absorbed)):
        raise Refused("Only the team lead merges cases.")
    own_case.check(actor, (absorbed, survivor), "merges")
    if absorbed.pk == survivor.pk:
        raise Refused("This is the case itself. Give the number of the other one.", field="other")
    if absorbed.customer_id != survivor.customer_id:
        raise Refused("It belongs to another customer. Link the two cases instead.", field="other")
    if absorbed.historical or survivor.historical:
        raise Refused("Imported history is not merged. Link the two cases instead.", field="other")
    if survivor.merged_into_id:
        raise Refused(f"It was merged into RC-{survivor.merged_into_id} itself. Give that number.", field="other")
    if survivor.state == CaseState.CLOSED:
        raise Refused("It is closed. Reopen it, or link the two cases: nothing is merged into it.", field="other")
    workflow.target(absorbed.state, Outcome.MERGED)
    if not reason.strip():
        raise Refused("Say by what you see that it is the same complaint.", field="reason")


def _raise_severity(survivor: Case, absorbed: Case, actor: User, now: datetime) -> Case:
    if Severity(absorbed.severity).rank <= Severity(survivor.severity).rank:
        return survivor
    editing.set_severity(case=survivor, actor=actor, severity=Severity(absorbed.severity), reason="", now=now)
    return hold(survivor)


def _inherit(survivor: Case, absorbed: Case, now: datetime) -> None:
    """Take over the earlier receipt, what makes it special, and every missed deadline."""
    for name in SPECIAL:
        setattr(survivor, name, getattr(survivor, name) or getattr(absorbed, name))
    survivor.about_user = survivor.about_user or absorbed.about_user
    survivor.competitor = survivor.competitor or absorbed.competitor
    survivor.save(update_fields=[*SPECIAL, "about_user", "competitor"])
    outbox.keep_close(thread=survivor.thread_id, number=survivor.number, is_close=survivor.confidential)
    survivor.links.add(*absorbed.links.all())
    if absorbed.received_at < survivor.received_at:
        receiving.move(case=survivor, received_at=absorbed.received_at, now=now)
    missed = [due for due in Due.objects.filter(case=absorbed) if receiving.was_missed(due, now)]
    for due in missed:
        same = Due.objects.filter(case=survivor, kind=due.kind, ref=due.ref, kind__in=[DueKind.STEP, DueKind.SILENCE])
        same.filter(round=min(due.round, survivor.round)).update(inherited_miss=True)


def _hand_over(survivor: Case, absorbed: Case, now: datetime) -> None:
    """Let what is still to be kept, done and decided go on under the surviving case."""
    here = {"case": survivor, "round": survivor.round}
    Promise.objects.filter(case=absorbed, state__in=UNFINISHED).update(**here)
    Action.objects.filter(case=absorbed, done_at=None).update(case=survivor)
    Due.objects.filter(case=absorbed, kind__in=GO_WITH_IT, closed_at=None).update(**here)
    for entry in Escalation.objects.filter(case=absorbed, decided_at=None).order_by("pk"):
        _move_entry(entry, survivor, now)


def _move_entry(entry: Escalation, survivor: Case, now: datetime) -> None:
    there = Escalation.objects.filter(case=survivor, reason=entry.reason, ref=entry.ref, decided_at=None)
    if entry.reason in ITS_OWN or there.exists():
        escalation.decided(entry=entry, now=now)
        return
    clock = Due.objects.filter(case=entry.case_id, kind=DueKind.DECISION, ref=entry.pk, closed_at=None)
    clock.update(case=survivor, round=survivor.round)
    Escalation.objects.filter(pk=entry.pk).update(case=survivor)


def _share_cause(survivor: Case, absorbed: Case, actor: User, reason: str, now: datetime) -> None:
    """Put the survivor under the cause already found, unless it has one of its own."""
    link = CaseCause.objects.filter(case=absorbed).select_related("cause").first()
    named = CaseCause.objects.filter(case=survivor).exists()
    if link is not None and not named and plan.step_of(survivor, root_cause.NUMBER).is_open:
        root_cause.link(case=survivor, actor=actor, cause=link.cause, reason=reason, now=now)


def _tell(survivor: Case, absorbed: Case, actor: User, now: datetime) -> None:
    people = {person.pk: person for person in (survivor.owner, absorbed.owner) if person is not None}
    people.pop(actor.pk, None)
    facts = {"who": actor.name, "from": absorbed.number}
    for person in people.values():
        key = f"merged-{absorbed.pk}-{person.pk}"
        letters.bell(user=person, case=survivor, key=key, kind="merged", now=now, facts=facts)
