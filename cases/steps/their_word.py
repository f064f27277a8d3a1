"""3 · Resolve, the other roads of the customer's word: a written yes attached, a spoken yes passed on.

Staff never say yes for them. A written yes resolves the case and is told to the customer at once, with "not so" one
click away; a spoken one only sends the confirm letter, which quotes it (product: Resolve).
"""

from datetime import datetime

from django.db import transaction

from accounts import passes
from accounts.models import Pass, User
from cases import entries, files, letters, timeline, words, workflow
from cases.enums import EntryKind, Side, Verdict
from cases.locking import hold_open
from cases.models import Case, CaseFile, Confirmation, Offer
from cases.refusals import Refused
from cases.steps import resolve
from mail.models import Blob

SPOKEN = (EntryKind.CALL, EntryKind.MEETING)


@transaction.atomic
def written_yes(*, case: Case, actor: User, file: tuple[str, Blob], text: str, now: datetime) -> Confirmation:
    """Attach their written yes: the case is resolved by their word, and "We noted that you confirmed…" leaves.

    `text` is the sentence in which they say so. Raise `Refused` before *carried out*, without that sentence, or where
    nobody could answer "not so".
    """
    held = hold_open(case)
    offer = _carried_out(held)
    if not text.strip():
        raise Refused("Copy the sentence in which they say that it is put right.", field="text")
    row = words.write(text=text, now=now, case=held)
    files.attach(case=held, files=[file], actor=actor, now=now)
    proof = CaseFile.objects.get(case=held, blob=file[1])
    kept = _question(held, offer, actor, now)
    kept.verdict, kept.how, kept.answered_at, kept.next_at = Verdict.YES, Confirmation.How.WRITTEN, now, None
    kept.words, kept.file = row, proof
    _note(kept, resolve.asked_for(held), now)
    facts = {"confirmation": kept.pk, "file": proof.pk, "attempt": offer.attempt}
    timeline.record(case=held, kind=timeline.Kind.WRITTEN_YES, now=now, actor=actor, words=row, facts=facts)
    entries.heard(case=held, side=Side.THEIRS, at=now, reaches=True)
    workflow.resolve(case=held, now=now, contact=kept.contact, words=row)
    return kept


@transaction.atomic
def spoken_yes(*, case: Case, actor: User, how: EntryKind, text: str, now: datetime) -> Confirmation:
    """Pass on a yes they said: it is logged as theirs, and the confirm letter leaves with it quoted.

    A question already under way is asked again with the quotation. Raise `Refused` before *carried out* or without
    their words.
    """
    held = hold_open(case)
    offer = _carried_out(held)
    if how not in SPOKEN:
        raise Refused("Say whether they said it on the phone or face to face.", field="how")
    if not text.strip():
        raise Refused("Write what they said, in their words.", field="text")
    entries.write_entry(case=held, actor=actor, kind=how, text=text, now=now, side=Side.THEIRS, contact=held.confirmer)
    row = words.write(text=text, now=now, case=held)
    waiting = Confirmation.objects.filter(offer=offer).select_related("contact", "link", "offer__result").first()
    kept = _ask_again(held, waiting, row, now) if waiting else resolve.ask(case=held, actor=actor, now=now, spoken=row)
    facts = {"confirmation": kept.pk, "attempt": offer.attempt}
    contact = kept.contact
    timeline.record(
        case=held, kind=timeline.Kind.SPOKEN_YES, now=now, actor=actor, contact=contact, words=row, facts=facts
    )
    return kept


def _carried_out(case: Case) -> Offer:
    """Return what was carried out and not answered yet; their yes can only be about that."""
    latest = resolve.latest_offer(case)
    if latest is None or latest.carried_out_at is None:
        raise Refused("First say what was carried out. Their yes can only be about that.")
    if Confirmation.objects.filter(offer=latest).exclude(verdict=Verdict.PENDING).exists():
        raise Refused("They have answered this already. Reload the page to see what they said.")
    if not entries.reachable(case.confirmer):
        raise Refused(
            "There is no working e-mail address for the person who confirms, so they could not tell us “not so”. "
            "Add one on the customer page."
        )
    return latest


def _question(case: Case, offer: Offer, actor: User, now: datetime) -> Confirmation:
    """Return the question under way, else one of this moment, with its link."""
    waiting = Confirmation.objects.filter(offer=offer).select_related("contact", "link").first()
    if waiting is not None:
        return waiting
    kept = Confirmation.objects.create(case=case, offer=offer, contact=case.confirmer, asked_at=now, asked_by=actor)
    target, lifetime = f"confirmation-{kept.pk}", letters.CONFIRM_LIFETIME
    kept.link = passes.issue(purpose=Pass.Purpose.CONFIRM, target=target, now=now, lifetime=lifetime)
    return kept


def _note(kept: Confirmation, asked: str, now: datetime) -> None:
    """Tell them what we noted, with "not so" on their page."""
    facts = {"asked": asked, "done": kept.offer.result.text, "said": kept.words.text, "file": kept.file.name}
    facts["confirm_url"] = letters.pass_url("confirm", kept.link)
    about = {"case": kept.case, "contact": kept.contact, "key": f"noted-{kept.pk}", "template": "noted"}
    kept.message = letters.to_customer(**about, facts=facts, now=now, follows=kept.message)
    kept.save()


def _ask_again(case: Case, waiting: Confirmation, row, now: datetime) -> Confirmation:
    """Send the question once more with their own words in it, where it went first; the reminders go on as before."""
    waiting.spoken = row
    waiting.save(update_fields=["spoken"])
    facts = {"asked": resolve.asked_for(case), "done": waiting.offer.result.text, "spoken": row.text}
    facts["confirm_url"] = letters.pass_url("confirm", waiting.link)
    about = {"case": case, "contact": waiting.contact, "key": f"spoken-{row.pk}", "template": "confirm"}
    letters.to_customer(**about, facts=facts, now=now, follows=waiting.message)
    entries.heard(case=case, side=Side.OURS, at=now, reaches=True)
    return waiting
