"""The acts that end a case otherwise than recovered (product: The case).

*Withdrawn* is the customer's own written word and *customer lost* comes with reason and day: both are asked for by
whoever works the case and confirmed by the lead. *Not agreed* is the council's final answer after two refused
results. *Merged* has a module of its own, *let go* belongs to the council.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from cases import access, deadlines, entries, legal, letters, plan, presence, timeline, words, workflow
from cases.enums import ClearanceKind, DueKind, EndingState, EntryKind, Outcome, Side, Verdict
from cases.locking import hold, hold_open
from cases.models import Case, Confirmation, Ending, Entry
from cases.policy import rules_of
from cases.refusals import Refused

REFUSALS_NEEDED = 2


@dataclass(frozen=True)
class FinalAnswer:
    """What the council writes at the end: what we found, what still stands, whom they can turn to."""

    found: str
    stands: str
    whom: str


@transaction.atomic
def ask_withdrawn(*, case: Case, actor: User, entry: Entry, now: datetime) -> Ending:
    """Mark a written message of the customer's as their withdrawal; the lead confirms it.

    Raise `Refused` for words that are not theirs or not in writing: nobody here withdraws a complaint for them.
    """
    held = hold(case)
    workflow.target(held.state, Outcome.WITHDRAWN)
    if entry.case_id != held.pk or entry.side != Side.THEIRS or not entry.in_writing:
        raise Refused(
            "Choose an e-mail or letter of theirs. Only they withdraw a complaint, in writing.", field="entry"
        )
    return _ask(held, actor, now, act=Outcome.WITHDRAWN, entry=entry)


@transaction.atomic
def ask_lost(*, case: Case, actor: User, on: date, reason: str, now: datetime) -> Ending:
    """Say that the customer is lost, since when and why; the lead confirms it."""
    held = hold(case)
    workflow.target(held.state, Outcome.CUSTOMER_LOST)
    if on > now.date():
        raise Refused("This day lies ahead. As long as they are with us, work goes on.", field="on")
    if not reason.strip():
        raise Refused("Say how we know, and why they left.", field="reason")
    return _ask(held, actor, now, act=Outcome.CUSTOMER_LOST, on=on, words=words.write(text=reason, now=now, case=held))


@transaction.atomic
def confirm(*, ending: Ending, actor: User, now: datetime) -> None:
    """End the case as asked. Raise `Refused` for others than lead and council, and for whoever asked."""
    held, kept = _hold(ending)
    check_decider(kept, held, actor)
    _decide(kept, actor, now, EndingState.CONFIRMED)
    theirs = kept.entry
    workflow.end(
        case=held,
        act=Outcome(kept.act),
        now=now,
        actor=actor,
        words=theirs.words if theirs else kept.words,
        contact=theirs.contact if theirs else None,
        gone_on=kept.on,
    )
    _tell(held, kept, "end_confirmed", now)


@transaction.atomic
def refuse(*, ending: Ending, actor: User, reason: str, now: datetime) -> None:
    """Decide that the case does not end like this, and say why; work goes on."""
    held, kept = _hold(ending)
    check_decider(kept, held, actor)
    if not reason.strip():
        raise Refused("Say why work goes on.", field="reason")
    kept.reason = words.write(text=reason, now=now, case=held)
    _decide(kept, actor, now, EndingState.REFUSED)
    deadlines.stop(case=held, kind=DueKind.ENDING, ref=kept.pk, now=now)
    facts = {"ending": kept.pk, "act": kept.act}
    timeline.record(case=held, kind=timeline.Kind.END_REFUSED, now=now, actor=actor, words=kept.reason, facts=facts)
    plan.refresh(held)
    _tell(held, kept, "end_refused", now)


def check_decider(ending: Ending, case: Case, actor: User) -> None:
    """Raise `Refused` unless this person may decide: the lead or the council, and not whoever asked."""
    if ending.state != EndingState.ASKED:
        raise Refused("This has been decided in the meantime. Reload the page to see how.")
    if not access.judges(actor, case):
        why = "The team lead confirms that a case ends like this, or a member of the council"
        raise Refused(f"{why}; nobody of a case of their own.")
    if ending.asked_by_id == actor.pk:
        raise Refused("You asked for this yourself. Another lead or a member of the council confirms it.")


def refused_results(case: Case) -> int:
    """Return how many carried-out results the customer has refused, in all rounds."""
    return Confirmation.objects.filter(case=case, verdict=Verdict.NOT_YET).count()


@transaction.atomic
def not_agreed(*, case: Case, actor: User, answer: FinalAnswer, now: datetime) -> Entry:
    """Send the council's final answer and close the case as not agreed; never counted as recovered.

    Raise `Refused` before two results were refused, without one of the three parts, or without an address; and on a
    legal matter words that counsel has not cleared.
    """
    held = hold_open(case)
    check_answer(held, answer)
    text = "\n\n".join((answer.found.strip(), answer.stands.strip(), answer.whom.strip()))
    legal.check_cleared(case=held, kind=ClearanceKind.ADMISSION, text=text, field="found")
    entry = entries.write_entry(
        case=held, actor=actor, kind=EntryKind.EMAIL, text=text, now=now, contact=held.confirmer
    )
    entry.message = letters.to_customer(
        case=held,
        contact=held.confirmer,
        key=f"entry-{entry.pk}",
        template="final_answer",
        now=now,
        facts={"found": answer.found, "stands": answer.stands, "whom": answer.whom},
    )
    entry.save(update_fields=["message"])
    workflow.end(case=held, act=Outcome.NOT_AGREED, now=now, actor=actor, words=entry.words)
    return entry


def check_answer(case: Case, answer: FinalAnswer) -> None:
    """Raise `Refused` with the first thing that is missing for a final answer."""
    if refused_results(case) < REFUSALS_NEEDED:
        raise Refused("A final answer comes only after two results they refused. Make them another offer first.")
    missing = {"found": "Write what we found.", "stands": "Write what still stands, of what we offered."}
    for name, why in {**missing, "whom": "Write whom they can turn to now, here or outside."}.items():
        if not getattr(answer, name).strip():
            raise Refused(why, field=name)
    if not entries.reachable(case.confirmer):
        raise Refused("There is no working e-mail address for the person who confirms. Add one on the customer page.")


def _ask(case: Case, actor: User, now: datetime, *, act: Outcome, entry=None, on=None, words=None) -> Ending:
    if case.historical:
        raise Refused("This case came in as history. Take it up first.")
    if Ending.objects.filter(case=case, state=EndingState.ASKED).exists():
        raise Refused("The lead has been asked already to confirm an end. Wait for the decision.")
    ending = Ending.objects.create(
        case=case, act=act.value, entry=entry, on=on, words=words, asked_by=actor, asked_at=now
    )
    lead = _asked(case, actor, now)
    allowed = rules_of(case.policy_version_id).time("decision", case.severity)
    owner_id = lead.pk if lead else None
    deadlines.start(case=case, kind=DueKind.ENDING, ref=ending.pk, allowed=allowed, started_at=now, owner_id=owner_id)
    timeline.record(
        case=case,
        kind=timeline.Kind.END_ASKED,
        now=now,
        actor=actor,
        contact=entry.contact if entry else None,
        words=entry.words if entry else words,
        facts={"ending": ending.pk, "act": act.value, "on": on.isoformat() if on else None},
    )
    plan.refresh(case)
    if lead is not None:
        _write(case, ending, lead, "end_asked", now)
    return ending


def _asked(case: Case, actor: User, now: datetime) -> User | None:
    """Return who is asked to confirm: the lead, or the chair where the lead asked or owns the case."""
    lead = presence.lead_of(case)
    mine = lead is not None and lead.pk in (actor.pk, case.owner_id)
    return presence.first_present(presence.chair() if mine else lead, case, now)


def _hold(ending: Ending) -> tuple[Case, Ending]:
    held = hold(ending.case_id)
    rows = Ending.objects.select_for_update(no_key=True, of=("self",))
    return held, rows.select_related("entry__words", "entry__contact", "words", "asked_by").get(pk=ending.pk)


def _decide(ending: Ending, actor: User, now: datetime, state: EndingState) -> None:
    ending.state, ending.decided_by, ending.decided_at = state, actor, now
    ending.save(update_fields=["state", "decided_by", "decided_at", "reason"])


def _tell(case: Case, ending: Ending, template: str, now: datetime) -> None:
    """Tell who asked and who owns the case, but not whoever decided."""
    people = {person.pk: person for person in (ending.asked_by, case.owner) if person is not None}
    people.pop(ending.decided_by_id, None)
    for person in people.values():
        _write(case, ending, person, template, now)


def _write(case: Case, ending: Ending, person: User, template: str, now: datetime) -> None:
    said = (ending.entry.words if ending.entry else ending.words).text
    letters.to_colleague(
        user=person,
        case=case,
        key=f"{template}-{ending.pk}-{person.pk}",
        template=template,
        now=now,
        facts={
            "act": ending.get_act_display(),
            "who": (ending.decided_by or ending.asked_by).name,
            "words": ending.reason.text if ending.reason else said,
            "lost_on": ending.on.isoformat() if ending.on else None,
            "url": f"{letters.case_url(case)}ends/",
        },
    )
