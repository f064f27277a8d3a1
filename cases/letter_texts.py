"""Texts to begin a letter with: kept by administrators, one for each step and language, with places to be filled in.

A text is the middle of a letter. Greeting, promise and signature are put round it when the letter is rendered.
"""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import translation

from accounts import admin_log, days
from accounts.models import User
from cases import letters
from cases.models import Case, Contact, LetterText
from cases.refusals import Refused
from mail import outbox
from mail.models import Message

# What may stand in braces, and what it stands for.
PLACES = {
    "name": "the contact’s full name",
    "first_name": "the contact’s first name",
    "customer": "the customer’s name",
    "number": "the case number",
    "title": "what it is about, in a line",
    "received_on": "the day it reached us",
    "owner": "the owner’s name",
    "owner_phone": "the owner’s telephone",
    "company": "our name",
}
FIELDS = ("step", "name", "language", "subject", "body")
_PLACE = re.compile(r"\{([^{}\n]*)\}")
SAMPLE = {
    "name": "Ruth Aebi",
    "first_name": "Ruth",
    "customer": "Halden Precision AG",
    "number": "RC-2041",
    "title": "Third late delivery of spindle housings",
    "received_on": "17 November",
}


def filled(text: str, facts: dict[str, str]) -> str:
    """Return `text` with every place filled in; an unknown one stays as it is, so that it is seen."""
    return _PLACE.sub(lambda found: facts.get(found[1].strip(), found[0]), text)


def facts_for(*, case: Case, contact: Contact, company: str) -> dict[str, str]:
    """Return what the places of a text are filled with on this case, dates in the contact's zone and language."""
    received = case.received_at.astimezone(ZoneInfo(letters.zone_of(case, contact)))
    with translation.override(contact.language):
        received_on = days.written(received, "j. F" if contact.language == "de" else "j F")
    return {
        "name": contact.name,
        "first_name": contact.first_name,
        "customer": case.customer.name,
        "number": case.number,
        "title": case.title,
        "received_on": received_on,
        "owner": case.owner.name if case.owner else company,
        "owner_phone": case.owner.phone if case.owner else "",
        "company": company,
    }


def sample_facts(*, user: User, company: str) -> dict[str, str]:
    """Return what the places are filled with where there is no case: an invented one, owned by `user`."""
    return {**SAMPLE, "owner": user.name, "owner_phone": user.phone, "company": company}


@transaction.atomic
def add(*, actor: User, now: datetime, **fields) -> LetterText:
    """Add a text. Raise `Refused` for a place nobody knows, and a name that is there in this language."""
    _check(fields, None)
    text = LetterText.objects.create(**fields)
    _log(actor, "letter_text_added", text, now)
    return text


@transaction.atomic
def change(*, text: LetterText, actor: User, rev: int, now: datetime, **fields) -> None:
    """Change a text read at revision `rev`. Raise `Refused` as `add` does, and where somebody was faster."""
    kept = LetterText.objects.select_for_update(no_key=True).get(pk=text.pk)
    if kept.rev != rev:
        raise Refused("Somebody saved this text meanwhile. Compare it with yours below, then save again.")
    _check(fields, kept)
    for name, value in fields.items():
        setattr(kept, name, value)
    kept.rev += 1
    kept.save()
    _log(actor, "letter_text_changed", kept, now)


@transaction.atomic
def retire(*, text: LetterText, actor: User, retired: bool, now: datetime) -> None:
    """Offer a text no longer, or again."""
    if LetterText.objects.filter(pk=text.pk, retired=not retired).update(retired=retired):
        _log(actor, "letter_text_retired" if retired else "letter_text_offered", text, now)


@transaction.atomic
def send_test(*, actor: User, subject: str, body: str, language: str, now: datetime) -> Message:
    """Send a text as a letter to whoever asks for it, filled in with an invented case."""
    return outbox.queue(
        key=f"letter-test-{actor.pk}-{now.isoformat()}",
        template="personal",
        to=[(actor.name, actor.email)],
        facts=sample_letter(user=actor, subject=subject, body=body),
        now=now,
        language=language,
        to_staff=True,
    )


def sample_letter(*, user: User, subject: str, body: str) -> dict:
    """Return the facts of a letter about an invented case, as `mail.rendering` takes them."""
    places = sample_facts(user=user, company=letters.company())
    written = letters.written_facts(writer=user, subject=filled(subject, places), body=filled(body, places))
    seam = ["done", "done", "planned", "planned", "planned", "planned"]
    known = {name: places[name] for name in ("name", "number", "owner")}
    return {**known, **written, "zone": user.zone, "seam": seam}


def _check(fields: dict, kept: LetterText | None) -> None:
    for name in ("subject", "body"):
        for place in _PLACE.findall(fields[name]):
            if place.strip() not in PLACES:
                known = ", ".join(f"{{{one}}}" for one in PLACES)
                raise Refused(f"“{{{place}}}” is nothing we can fill in. Use one of {known}.", field=name)
    same = LetterText.objects.filter(name=fields["name"], language=fields["language"])
    if same.exclude(pk=kept.pk if kept else None).exists():
        raise Refused("A text of this name is there already in this language. Give it another name.", field="name")


def _log(actor: User, kind: str, text: LetterText, now: datetime) -> None:
    admin_log.record(actor=actor, kind=kind, facts={"letter_text": text.pk}, now=now)
