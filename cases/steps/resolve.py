"""3 · Resolve (Connelly, method 3): offered, carried out, asked, confirmed by the customer on a page of their own.

Staff cannot confirm for them. The confirm letter cannot leave before the result was carried out. An answer to an
offer is never a refusal of the result; a refusal of the result is a new attempt in the same round.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import passes
from accounts.models import Pass, User
from cases import discovery, entries, legal, letters, pausing, plan, presence, timeline, words, workflow
from cases.deadlines import due_moment
from cases.enums import ClearanceKind, EntryKind, OfferAnswer, Side, StepNumber, Verdict
from cases.locking import hold, hold_open
from cases.models import Case, Confirmation, Fact, Offer, Words
from cases.policy import calendar_of, rules_of
from cases.refusals import Refused
from cases.steps import refusal, silence

NUMBER = StepNumber.RESOLVE


@transaction.atomic
def offer(
    *,
    case: Case,
    actor: User,
    text: str,
    now: datetime,
    send: bool = False,
    subject: str = "",
    means: EntryKind | None = None,
) -> Offer:
    """Offer what we will do to put it right: a new attempt, or new words for one not yet carried out.

    `means` says how they hear of it: by e-mail (as `send`) the words leave as a letter; by call, meeting or posted
    letter they are logged. Raise `Refused` before all seven discovery questions are answered and facts from both
    sides are written down, and for words counsel has not cleared where counsel has to.
    """
    held = hold_open(case)
    means = EntryKind.EMAIL if send else means
    _check_offer(held, text, means)
    row = words.write(text=text, now=now, case=held)
    latest = _attempt(held, row, actor, now)
    facts = {"offer": latest.pk, "attempt": latest.attempt}
    timeline.record(case=held, kind=timeline.Kind.OFFERED, now=now, actor=actor, words=row, facts=facts)
    if means:
        heard = {"contact": held.confirmer, "subject": subject}
        entries.add_entry(case=held, actor=actor, kind=means, text=text, now=now, **heard)
    return latest


def _attempt(case: Case, row: Words, actor: User, now: datetime) -> Offer:
    """Write new words on an attempt not yet carried out, or begin the next one."""
    latest = latest_offer(case)
    if latest is None or latest.carried_out_at is not None:
        case.attempt += 1
        case.save(update_fields=["attempt"])
        made = {"words": row, "offered_at": now, "offered_by": actor}
        return Offer.objects.create(case=case, round=case.round, attempt=case.attempt, **made)
    latest.words, latest.offered_at, latest.offered_by = row, now, actor
    latest.answer, latest.answered_at, latest.answer_words = OfferAnswer.PENDING, None, None
    latest.save()
    return latest


@transaction.atomic
def answer_offer(*, offer: Offer, actor: User | None, answer: OfferAnswer, text: str, now: datetime) -> None:
    """Write down what they said to the offer. "Something else" needs their words and sends us back to offering."""
    held = hold_open(offer.case_id)
    latest = latest_offer(held)
    if latest is None or latest.pk != offer.pk or latest.carried_out_at is not None:
        raise Refused("This offer was overtaken or carried out meanwhile. Reload the page to see where it stands.")
    if answer not in (OfferAnswer.ACCEPTED, OfferAnswer.SOMETHING_ELSE):
        raise Refused("Say whether they accept or want something else.", field="answer")
    if answer == OfferAnswer.SOMETHING_ELSE and not text.strip():
        raise Refused("Write what they want instead, in their words.", field="text")
    row = words.write(text=text, now=now, case=held) if text.strip() else None
    Offer.objects.filter(pk=offer.pk).update(answer=answer, answer_words=row, answered_at=now)
    _theirs(held, now)
    timeline.record(
        case=held,
        kind=timeline.Kind.OFFER_ANSWERED,
        now=now,
        actor=actor,
        contact=held.confirmer,
        words=row,
        facts={"offer": offer.pk, "answer": str(answer)},
    )


@transaction.atomic
def carry_out(*, case: Case, actor: User, text: str, by: str, at: datetime, now: datetime) -> Offer:
    """Say what was done, by whom and when. Only then can the customer be asked."""
    held = hold_open(case)
    latest = latest_offer(held)
    if latest is None:
        raise Refused("Nothing has been offered yet. Offer first what you will do.")
    if latest.answer == OfferAnswer.SOMETHING_ELSE:
        raise Refused("They want something else. Make a new offer first.")
    if Confirmation.objects.filter(offer=latest, verdict=Verdict.NOT_YET).exists():
        raise Refused("They said that it is not put right yet. Make a new offer first.")
    if latest.carried_out_at is not None:
        raise Refused("This offer has been carried out already. Ask them whether it is put right.")
    _check_deed(held, text, by, at, now)
    latest.result = words.write(text=text, now=now, case=held)
    latest.carried_out_at, latest.carried_out_by = at, by
    latest.save(update_fields=["result", "carried_out_at", "carried_out_by"])
    timeline.record(
        case=held,
        kind=timeline.Kind.CARRIED_OUT,
        now=now,
        actor=actor,
        words=latest.result,
        facts={"offer": latest.pk, "at": at.isoformat()},
    )
    return latest


@transaction.atomic
def ask(*, case: Case, actor: User, now: datetime, spoken: Words | None = None) -> Confirmation:
    """Send the confirm letter with a page of their own; it quotes the yes they have `spoken`.

    Raise `Refused` before *carried out* or without an address.
    """
    held = hold_open(case)
    latest = latest_offer(held)
    if latest is None or latest.carried_out_at is None:
        raise Refused("First say what was carried out. Only then may the customer be asked.")
    if Confirmation.objects.filter(offer=latest).exists():
        raise Refused("They have been asked already. Their answer will appear here.")
    if not entries.reachable(held.confirmer):
        raise Refused("There is no working e-mail address for the person who confirms. Add one on the customer page.")
    if presence.is_ours(held.confirmer.email):
        raise Refused("This address belongs to one of us. Only the customer can confirm: correct it on their page.")
    confirmation = Confirmation.objects.create(
        case=held,
        offer=latest,
        contact=held.confirmer,
        asked_at=now,
        asked_by=actor,
        spoken=spoken,
        next_at=reminder_moment(held, now, 0),
    )
    letter, link = letters.confirm(confirmation=confirmation, asked=asked_for(held), done=latest.result.text, now=now)
    confirmation.message, confirmation.link = letter, link
    confirmation.save(update_fields=["message", "link"])
    facts = {"confirmation": confirmation.pk, "attempt": latest.attempt}
    timeline.record(case=held, kind=timeline.Kind.CONFIRM_ASKED, now=now, actor=actor, facts=facts)
    entries.heard(case=held, side=Side.OURS, at=now, reaches=True)
    return confirmation


@transaction.atomic
def confirm(*, confirmation: Confirmation, yes: bool, text: str, now: datetime) -> Confirmation:
    """Take the customer's own answer from their page. A second "yes" changes nothing; "not yet" needs their words.

    The answer may be changed until the case moves on: "not yet" after "yes" reopens it.
    """
    held = hold(confirmation.case_id)
    kept = (
        Confirmation.objects.select_for_update(no_key=True).select_related("contact", "offer").get(pk=confirmation.pk)
    )
    if yes and kept.verdict == Verdict.YES:
        return kept
    if not yes and not text.strip():
        raise Refused(_("Please tell us what is still missing, so that we can put it right."), field="text")
    _check_current(held, kept, yes)
    row = words.write(text=text, now=now, case=held) if text.strip() else None
    kept.verdict, kept.how = (Verdict.YES if yes else Verdict.NOT_YET), Confirmation.How.PAGE
    kept.words, kept.answered_at, kept.next_at = row, now, None
    kept.save(update_fields=["verdict", "how", "words", "answered_at", "next_at"])
    _theirs(held, now)
    if yes:
        workflow.resolve(case=held, now=now, contact=kept.contact, words=row)
    else:
        refusal.refused(case=held, confirmation=kept, words=row, now=now)
    return kept


@transaction.atomic
def accept_silence(*, case: Case, actor: User, reason: Words, now: datetime) -> None:
    """Let the council accept the silence: 10 working days after asking, after a logged call attempt.

    Stays visibly different from a confirmation everywhere. Raise `Refused` otherwise.
    """
    held = hold_open(case)
    waiting = waiting_confirmation(held)
    if waiting is None:
        raise Refused("They have not been asked, or have answered. There is no silence to accept.")
    silence.check(case=held, waiting=waiting, now=now)
    waiting.verdict, waiting.how = Verdict.SILENT, Confirmation.How.SILENCE
    waiting.answered_at, waiting.next_at, waiting.words = now, None, reason
    waiting.save(update_fields=["verdict", "how", "answered_at", "next_at", "words"])
    workflow.resolve(case=held, now=now, contact=None, actor=actor, words=reason, silent=True)


def latest_offer(case: Case) -> Offer | None:
    """Return the offer of the present round and attempt, or None."""
    offers = Offer.objects.filter(case=case, round=case.round).select_related("words", "result")
    return offers.order_by("-attempt").first()


def waiting_confirmation(case: Case) -> Confirmation | None:
    """Return the question the customer has not answered yet, or None."""
    return Confirmation.objects.filter(case=case, verdict=Verdict.PENDING, offer__round=case.round).first()


def waits_for_them(case: Case) -> bool:
    """Tell whether it is their turn: an offer they have not answered, or the question whether it is put right."""
    latest = latest_offer(case)
    if latest is None:
        return False
    unanswered = latest.answer == OfferAnswer.PENDING and latest.carried_out_at is None
    return unanswered or waiting_confirmation(case) is not None


def asked_for(case: Case) -> str:
    """Return what they asked for, in their words; empty when they left it to us."""
    row = Words.objects.filter(case=case, part="remedy").order_by("-id").first()
    return row.text if row else ""


def _check_offer(case: Case, text: str, means: EntryKind | None) -> None:
    if not plan.step_of(case, NUMBER).is_open:
        raise Refused("The customer has confirmed already. There is nothing left to offer.")
    if not text.strip():
        raise Refused("Write what you will do, for whom, and by when.", field="text")
    if waiting_confirmation(case) is not None:
        raise Refused("They have been asked whether it is put right. Wait for their answer before offering more.")
    open_questions = discovery.unanswered(case)
    if open_questions:
        numbers = ", ".join(str(question) for question in open_questions)
        raise Refused(f"Answer all seven discovery questions before the offer. Still open: {numbers}.")
    sides = set(Fact.objects.filter(case=case).values_list("side", flat=True))
    if sides != {Side.OURS.value, Side.THEIRS.value}:
        raise Refused("Write down facts from both sides before the offer: at least one of theirs and one of ours.")
    legal.check_cleared(case=case, kind=ClearanceKind.OFFER, text=text)
    if means == EntryKind.EMAIL and not entries.reachable(case.confirmer):
        raise Refused(
            "There is no working e-mail address for this person. Make the offer by phone and say so here.",
            field="means",
        )


def _check_deed(case: Case, text: str, by: str, at: datetime, now: datetime) -> None:
    if not text.strip():
        raise Refused("Write what was done, so that they recognise it.", field="text")
    if not by.strip():
        raise Refused("Say who did it.", field="by")
    if at > now:
        raise Refused("This moment lies in the future. Come back when it is done.", field="at")
    if at < case.received_at:
        raise Refused("This is before the complaint reached us. Say when it was done.", field="at")


def _check_current(case: Case, confirmation: Confirmation, yes: bool) -> None:
    if confirmation.offer.round != case.round or case.state == "closed" or confirmation.offer.attempt != case.attempt:
        raise Refused(_("Things have moved on since this was asked. Your account manager will be in touch with you."))
    if yes and not case.is_open:
        raise Refused(_("Your answer is with us already. Thank you."))


def _theirs(case: Case, now: datetime) -> None:
    case.last_word_at, case.last_word_by = now, Side.THEIRS
    case.save(update_fields=["last_word_at", "last_word_by"])
    pausing.heard_from_them(case=case, at=now, now=now)


def reminder_moment(case: Case, asked_at: datetime, sent: int) -> datetime:
    """Return when the next act after `sent` reminders is due: a reminder, and last the docket."""
    times = rules_of(case.policy_version_id)["confirm"]
    ladder = [*times["reminders"], times["docket"]]
    return due_moment(calendar_of(case.calendar_version_id), ladder[sent], asked_at)


def revoke(*, confirmation: Confirmation, now: datetime) -> None:
    """Make the link of an overtaken question useless."""
    passes.revoke(purpose=Pass.Purpose.CONFIRM, target=f"confirmation-{confirmation.pk}", now=now)
