"""From template and facts to the letter as it leaves: subject, text and HTML out of one source."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import css_inline
from django.conf import settings
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template, select_template
from django.utils import timezone, translation

from mail import markup
from mail.models import Message

SUBJECT_LENGTH = 300
# Only ever fed our own layout: the library ends the process on deeply nested markup.
_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)


class UnreadableTemplate(ValueError):
    """A letter's source has no subject or no words."""


class CannotBeWritten(Exception):
    """What is wrong with a letter, in words for the administrator who mends it."""


@dataclass(frozen=True)
class Letter:
    """What a reader gets. Customer links still stand as marks."""

    subject: str
    text: str
    html: str


def letter_of(message: Message) -> Letter:
    """Return the letter of `message`: as it was written already, else rendered now from its facts."""
    if message.text:
        return Letter(message.subject, message.text, message.html)
    return render(template=message.template, facts=message.facts, language=message.language)


def without_links(message: Message) -> Letter:
    """Return the letter as those read it who get a copy: the same words, no link of the customer's."""
    bare = {name: value for name, value in message.facts.items() if not name.endswith(("url", "urls"))}
    return render(template=message.template, facts=bare, language=message.language)


def render(*, template: str, facts: dict, language: str = "en") -> Letter:
    """Render `templates/letters/<template>.<language>.txt`, else the English `<template>.txt`.

    Facts are JSON values and stand in the template by their names, beside `company_name` and `public_url`. A
    text under a name ending `_at` or `_on` is read as an ISO moment or date, shown in the zone
    `facts["zone"]` (else UTC). Only texts under names ending `url` or `urls` may carry a customer link. A `status_url`
    stands in the foot of the letter too, with the `number` of what it is about.
    Raises what the template raises.
    """
    names = [f"letters/{template}.{language}.txt", f"letters/{template}.txt"]
    source = select_template(names)
    language = language if source.template.name == names[0] else "en"
    with translation.override(language), timezone.override(_zone(facts)):
        subject, body = _subject_and_body(source.template.render(_context(facts)))
        parts = markup.blocks(body)
        return Letter(subject, _text(parts, facts, language), _html(subject, parts, facts, language))


def unwritable(error: Exception) -> CannotBeWritten:
    """Return what `error` means for a letter: a template that is missing, a fact that is not what it should be."""
    if isinstance(error, TemplateDoesNotExist):
        return CannotBeWritten(f"Its template is missing: {error}")
    return CannotBeWritten(str(error) or type(error).__name__)


def _zone(facts: dict) -> ZoneInfo:
    return ZoneInfo(facts.get("zone") or settings.TIME_ZONE)


def _context(facts: dict) -> Context:
    own = {"company_name": settings.COMPANY_NAME, "public_url": settings.PUBLIC_URL}
    named = {name: _readable(name, value) for name, value in {**own, **facts}.items()}
    return Context(named, autoescape=False)


def _readable(name: str, value):
    """Shield texts from being markup and turn moments and dates into what the date filter reads."""
    if isinstance(value, dict):
        return {key: _readable(str(key), item) for key, item in value.items()}
    if isinstance(value, list):
        return [_readable(name, item) for item in value]
    if not isinstance(value, str):
        return value
    if name.endswith(("_at", "_on")) and value:
        return datetime.fromisoformat(value) if name.endswith("_at") else date.fromisoformat(value)
    return markup.shield(value, is_link=name.endswith(("url", "urls")))


def _subject_and_body(source: str) -> tuple[str, str]:
    head, _, body = source.lstrip().partition("\n")
    subject = markup.one_line(head.removeprefix("Subject:"))
    if not head.startswith("Subject:") or not subject or not body.strip():
        raise UnreadableTemplate("A letter begins with the line “Subject: …”, a blank line, then its words.")
    return subject[:SUBJECT_LENGTH], body


def _text(parts: list[markup.Block], facts: dict, language: str) -> str:
    body, company = markup.as_text(parts), settings.COMPANY_NAME
    words = {"body": body, "company_name": company, "is_signed": company in body.splitlines()}
    words |= {"language": language, **_foot(facts)}
    return get_template("letters/layout.txt").template.render(Context(words, autoescape=False)).strip() + "\n"


def _html(subject: str, parts: list[markup.Block], facts: dict, language: str) -> str:
    words = {
        "subject": subject,
        "blocks": parts,
        "company_name": settings.COMPANY_NAME,
        "language": language,
        **_foot(facts),
    }
    return _INLINER.inline(get_template("letters/layout.html").template.render(Context(words)))


def _foot(facts: dict) -> dict:
    """Return where the reader may follow the matter, and how far it is; empty in a letter without such a page."""
    seam = _segments(facts.get("seam") or [])
    done = sum(state == "done" for state in seam)
    known = {name: facts.get(name, "") for name in ("status_url", "number")}
    return {**known, "seam": seam, "steps_done": done, "steps": len(seam)}


def _segments(seam: list) -> list[str]:
    """Return what each segment shows to a customer: done, now or to come. Late is our worry, not theirs."""
    states = [pair[0] if isinstance(pair, (list, tuple)) else pair for pair in seam]
    here = next((place for place, state in enumerate(states) if state == "planned"), None)
    return ["now" if place == here else state for place, state in enumerate(states)]
