"""Erasing a person at a customer."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import TextChoices

from accounts import admin_log
from accounts.models import Pass, Role, User
from cases import search, timeline
from cases.enums import CaseState
from cases.erasure import ledger
from cases.erasure.holders import cases_of, files_of, links_of, words_of
from cases.letter_kinds import LetterAct
from cases.models import Case, Contact, Outgoing, Words
from cases.refusals import Refused
from mail import erasing as letters

MARK = "[erased]"
NAME = "Somebody whose data were erased"
_BATCH = 500


class Reason(TextChoices):
    """Why a person is erased."""

    ASKED = "asked", "They asked for it"
    LEFT = "left", "They have left that company"
    KEPT_LONG_ENOUGH = "retention", "Kept long enough"


def may_erase(user: User) -> bool:
    """Tell whether this person may export and erase: administrators alone."""
    return user.has_role(Role.ADMIN)


def refusals(contact: Contact) -> list[str]:
    """Return why a person cannot be erased now, each with what to do about it; empty where they can."""
    if contact.erased_at is not None:
        return ["This was erased already."]
    held, working = [], []
    for case in cases_of(contact).order_by("pk"):
        if case.sensitive:
            held.append(case.number)
        elif case.state != CaseState.CLOSED and contact.pk in (case.reporter_id, case.confirmer_id):
            working.append(case.number)
    told = []
    if held:
        told.append(f"A legal matter keeps their data for now: {', '.join(held)}. Ask counsel when it may go.")
    if working:
        told.append(
            f"Still being put right for them: {', '.join(working)}. Close it first, or name somebody else there."
        )
    return told


@transaction.atomic
def erase(*, contact: Contact, actor: User, reason: str, now: datetime) -> int:
    """Erase a person: name, addresses, words, letters, files, links. Return how many texts went.

    The customer, figures, events and the hash chain stay. Raise `Refused` while a case needs them or the law does.
    """
    held = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    if told := refusals(held):
        raise Refused(" ".join(told))
    gone = _erase(held, actor=actor, now=now)
    admin_log.record(
        actor=actor,
        kind="contact_erased",
        facts={"customer": held.customer_id, "contact": held.pk, "reason": Reason(reason).value, "texts": gone},
        now=now,
    )
    ledger.note(contact=held.pk, reason=reason, now=now)
    return gone


def replay(*, since: datetime, now: datetime) -> int:
    """Erase again, after a restore, who was erased since the backup was made; return how many came back and went.

    Earlier lines are passed over: the backup knows those erasures, and a number may belong to somebody else by now.
    """
    again = 0
    for line in ledger.lines(since=since):
        with transaction.atomic():
            contact = Contact.objects.select_for_update(no_key=True).filter(pk=line["contact"], erased_at=None).first()
            if contact is not None:
                _erase(contact, actor=None, now=now)
                again += 1
    return again


def _erase(contact: Contact, *, actor: User | None, now: datetime) -> int:
    """Take it all away, in the order in which one thing names another: links, letters, files, words, the person."""
    cases, texts = list(cases_of(contact).order_by("pk")), words_of(contact)
    Pass.objects.filter(pk__in=links_of(contact), revoked_at=None).update(revoked_at=now)
    handed_in = [row.blob for row in files_of(contact).select_related("blob")]
    files_of(contact).update(name=MARK)
    letters.forget(person=_as_known_to_mail(contact, cases, texts), mark=MARK, now=now)
    letters.forget_files(handed_in, mark=MARK, now=now)
    # A letter to many goes to the others all the same: who is erased has no address any more, and that is said.
    Outgoing.objects.filter(contact=contact).exclude(act=LetterAct.INCIDENT).delete()
    _read_along_no_more(contact)
    _forget_words(texts, now)
    for case in cases:
        timeline.record(
            case=case, kind=timeline.Kind.CONTACT_ERASED, now=now, actor=actor, facts={"contact": contact.pk}
        )
    search.forget(Case.objects.filter(pk__in=[case.pk for case in cases]))
    _forget_person(contact, now)
    return len(texts)


def _as_known_to_mail(contact: Contact, cases: Sequence[Case], texts: Iterable[int]) -> letters.Person:
    said = Words.objects.filter(pk__in=texts).exclude(text="").values_list("text", flat=True)
    return letters.Person(
        address=contact.email,
        name=contact.name,
        said=tuple(said),
        places=tuple(case.get_absolute_url() for case in cases),
        numbers=tuple(case.number for case in cases),
    )


def _read_along_no_more(contact: Contact) -> None:
    """Take their address out of letters to others that wait to set out."""
    gone = contact.email.lower()
    for row in Outgoing.objects.filter(case__customer=contact.customer_id, act="") if gone else ():
        row.meant["copies"] = [pair for pair in row.meant["copies"] if pair[1].lower() != gone]
        row.typed["others"] = str(row.typed.get("others", "")).lower().replace(gone, "")
        row.save(update_fields=["meant", "typed"])


def _forget_words(texts: Iterable[int], now: datetime) -> None:
    ids = sorted(texts)
    for start in range(0, len(ids), _BATCH):
        Words.objects.filter(pk__in=ids[start : start + _BATCH]).update(text=MARK, salt="", erased_at=now)


def _forget_person(contact: Contact, now: datetime) -> None:
    contact.name, contact.title, contact.email, contact.phone = NAME, "", "", ""
    contact.erased_at = now
    contact.save(update_fields=["name", "title", "email", "phone", "erased_at"])
