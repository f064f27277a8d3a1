"""The composer of a letter as its views need it: the form, what was typed, what that comes to, what to look at."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from accounts.models import User
from cases import letter_check, letters, outgoing
from cases.enums import EntryKind
from cases.forms.fields import MomentField
from cases.forms.letter import LISTS, LetterForm, kept
from cases.letter_kinds import LetterAct
from cases.models import Case, CaseFile, Cause, Contact, Entry, Outgoing
from cases.outgoing import Letter
from cases.queries import composer
from cases.queries.case_page import Person, draft_key
from mail import rendering

NOT_TYPED = {"csrfmiddlewaretoken", "act", "sentence", "begin", "seen", "files"}


@dataclass(frozen=True)
class Looked:
    """The head of a letter under which its preview stands."""

    to: str
    subject: str
    copies: list[str]
    files: list[str]


def letter_form(
    *,
    case: Case,
    people: list[Person],
    contact: Contact | None,
    desk: composer.Desk,
    action: str,
    now: datetime,
    typed: dict[str, Any] | None = None,
    data: QueryDict | None = None,
    uploads: Any = None,
) -> LetterForm:
    """Return the composer, fresh with what was typed before, or bound to what was sent. No statements."""
    addresses = ", ".join(desk.copies)
    fresh = {"contact": contact.pk if contact else None, "subject": case.title, "others": addresses}
    initial = {**fresh, **kept(typed or {}), "kind": EntryKind.EMAIL}
    return LetterForm(
        data,
        uploads,
        contacts=[one for one in people if not one.staff],
        desk=desk,
        morning_at=outgoing.morning(case=case, contact=contact, now=now) if contact else None,
        action=action,
        draft=draft_key(case, "entry"),
        initial=initial,
    )


def typed_in(posted: QueryDict) -> dict[str, Any]:
    """Return what was sent as a draft keeps it."""
    names = [name for name in posted if name not in NOT_TYPED]
    return {name: posted.getlist(name) if name in LISTS else posted.get(name, "") for name in names}


def contact_in(case: Case, typed: dict[str, Any]) -> Contact | None:
    """Return whom the letter is to: the one chosen, else who confirms."""
    chosen = str(typed.get("contact") or "")
    rows = Contact.objects.filter(customer=case.customer_id, erased_at=None)
    found = rows.filter(pk=chosen).first() if chosen.isdecimal() and len(chosen) < 19 else None
    return found or case.confirmer


def letter_in(case: Case, typed: dict[str, Any], desk: composer.Desk) -> Letter:
    """Return what was typed as a letter, as far as it can be read; nothing is refused here."""
    typed = kept(typed)
    return Letter(
        contact=contact_in(case, typed),
        subject=typed.get("subject", ""),
        text=typed.get("text", ""),
        promise=typed.get("promise", ""),
        promise_due_at=_moment(typed.get("promise_due_at", "")),
        copies=copies_of(case, typed.get("copies", []), typed.get("others", "").replace(",", " ").split()),
        files=files_of(case, typed.get("enclosed", [])),
        answers=answered(desk) if typed.get("quote") else None,
        typed=typed,
    )


def copies_of(case: Case, ticked: list[str], others: list[str]) -> list[tuple[str, str]]:
    """Return who reads along, as (name, address)."""
    keys = [key for key in ticked if key.isdecimal() and len(key) < 19]
    known = Contact.objects.filter(customer=case.customer_id, pk__in=keys).exclude(email="") if keys else ()
    return [(one.name, one.email) for one in known] + [("", address) for address in others]


def files_of(case: Case, ticked: list[str]) -> list[CaseFile]:
    """Return the files of the case that travel along."""
    keys = [key for key in ticked if key.isdecimal() and len(key) < 19]
    return list(CaseFile.objects.filter(case=case, pk__in=keys).select_related("blob")) if keys else []


def answered(desk: composer.Desk) -> Entry | None:
    """Return their last word on the case."""
    return Entry.objects.select_related("words", "contact", "case__customer").filter(pk=desk.theirs).first()


def findings(letter: Letter, writer: User) -> list[letter_check.Finding]:
    """Return what to look at again before it is sent. One statement: the names of colleagues."""
    return found_in(letter.text, letter.promise, writer)


def found_in(text: str, promise: str, writer: User) -> list[letter_check.Finding]:
    """Return what to look at again in words of ours, and what is promised in them. One statement."""
    names = User.objects.working_here().exclude(pk=writer.pk).values_list("name", flat=True)
    return letter_check.findings(text=text, promise=promise, names=names)


def mark_of(found: list[letter_check.Finding], text: str) -> str:
    """Return a mark by which the next click shows that exactly this was pointed out of exactly these words."""
    return hashlib.sha256(repr((found, text.split())).encode()).hexdigest()[:24]


def looked_at(letter: Letter) -> Looked:
    """Return the head of the letter for its preview."""
    return Looked(
        to=letter.contact.name if letter.contact else "nobody yet",
        subject=letter.subject,
        copies=[name or address for name, address in letter.copies],
        files=[one.name for one in letter.files],
    )


def waiting(row: Outgoing) -> dict[str, Any]:
    """Return a letter sent off, as the case page lists one."""
    who, to = {"who": row.author.name, "who_id": row.author_id}, {"to": row.contact.name, "held_why": row.held_why}
    return {"pk": row.pk, "act": row.act, "case": row.case_id, "leaves_at": row.leaves_at, **who, **to}


def leaving_of(cause: Cause, user: User, keeps: bool) -> dict[str, Any]:
    """Return the letters to many about this cause that wait to leave, and what lists them needs. One statement."""
    rows = Outgoing.objects.filter(act=LetterAct.INCIDENT, case__case_causes__cause=cause)
    rows = rows.select_related("author", "contact")
    about = {row: len(row.meant["tellings"]) - 1 for row in rows if row.meant["cause"]["pk"] == cause.pk}
    leaving = [waiting(row) | {"others": others} for row, others in about.items()]
    return {"leaving": leaving, "page": {"user": user, "rights": {"work": keeps}}}


def as_seen(case: Case, writer: User, letter: Letter) -> str:
    """Return the HTML the contact would get now; the link to their page is not made for looking."""
    due_at = letter.promise_due_at
    promised = {"text": letter.promise, "due_at": due_at.isoformat()} if letter.promise and due_at else None
    written = letters.written_facts(
        writer=writer,
        subject=letter.subject or case.title,
        body=letter.text or "…",
        promise=promised,
        quoted=outgoing.quote(letter.answers),
    )
    about = letters.about_to(case, letter.contact) if letter.contact else letters.about_to(case, Contact(name="…"))
    foot = {"seam": letters.seam_of(case), "status_url": letters.unmade_status_url()}
    language = letter.contact.language if letter.contact else "en"
    return rendering.render(template="personal", facts={**about, **written, **foot}, language=language).html


def _moment(text: str) -> datetime | None:
    try:
        return MomentField(required=False).clean(text)
    except ValidationError:
        return None
