"""What a letter lacks before it is sent: pointed out, never forbidden (product: Letters in and out).

Pure text: no rows, no clock. English, German and French are read; a hint may be wrong, so whoever writes decides.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cases.blame import blaming

LONGEST = 20_000
_DAYS = (
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|tonight|tomorrow|noon|midday|"
    "montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|heute|morgen|"
    "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|aujourd'hui|demain"
)
_MONTHS = (
    "jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|f[ée]vrier|mar(?:ch|s)?|märz|apr(?:il)?|avril|mai|may|june?|juni?|juin|"
    "july?|juli?|juillet|aug(?:ust)?|ao[uû]t|sep(?:tember|t)?|septembre|o[ck]t(?:ober|obre)?|nov(?:ember|embre)?|"
    "de[cz](?:ember)?|d[ée]cembre"
)
_DATE = re.compile(
    rf"\b(?:{_DAYS})\b|\b\d{{1,2}}\.? (?:{_MONTHS})\b|\b(?:{_MONTHS}) \d{{1,2}}\b|\b\d{{4}}-\d{{2}}-\d{{2}}\b|"
    r"\b\d{1,2}\.\s?\d{1,2}\.|\b\d{1,2}/\d{1,2}\b|\b\d{1,2}[:h]\d{2}\b|"
    r"\b(?:within|in|innert|innerhalb|dans|sous) (?:\w+ ){0,2}(?:hours?|days?|weeks?|stunden?|tagen?|wochen?|heures?|"
    r"jours?|semaines?)\b",
    re.IGNORECASE,
)
_WILL = re.compile(
    r"\b(?:we|i) ?(?:will|shall|'ll|are going to|am going to|promise)\b|\byou(?:'ll| will) (?:have|get|hear|receive)\b|"
    r"\b(?:wir|ich) (?:werden?|versprechen?)\b|\b(?:nous|je) (?:allons|vais|promett\w+)\b|\b\w{2,}(?:rons|erai)\b",
    re.IGNORECASE,
)
_DOES = re.compile(
    r"\b(?:we|i) ?(?:have |are |am |'ve |'re )?(?:send|sent|sending|replac\w+|credit\w*|refund\w*|repair\w*|deliver\w*|"
    r"correct\w*|fix\w*|call\w*|visit\w*|check\w*|ship\w*|stopp?\w*|order\w*|paid|pay\w*|arrang\w+|brought|flown?)\b|"
    r"\b(?:wir|ich) (?:haben? )?(?:senden|ersetzen|liefern|prüfen|rufen|bezahlen|erstatten|schicken|beheben)\b|"
    r"\b(?:nous|je) (?:avons |ai )?(?:envoy\w+|rempla\w+|livr\w+|rembours\w+|répar\w+|corrig\w+)\b",
    re.IGNORECASE,
)
_SORRY = re.compile(r"\b(?:sorry|apolog\w+|regret\w*|entschuldig\w+|tut (?:mir|uns) leid|désolés?|excus\w+)\b", re.I)
_ENDS = re.compile(r"(?<=[.!?])\s+|\n+")
_LONGEST_SENTENCE = 200


@dataclass(frozen=True)
class Finding:
    """Something a reader may miss or take amiss. `code` names its wording, `words` are those it is about."""

    code: str
    words: tuple[str, ...] = ()


def findings(*, text: str, promise: str = "", names: Iterable[str] = ()) -> list[Finding]:
    """Return what to look at again: no date, no remedy, blame, a promise nobody owns. `names` are colleagues'.

    `promise` is the one noted with its time: it counts as date and as remedy, and has its owner.
    """
    plain = text[:LONGEST].replace("’", "'")
    noted = bool(promise.strip())
    will = [one for one in sentences(plain) if _WILL.search(one)]
    found = []
    if not noted and not _DATE.search(plain):
        found.append(Finding("no_date"))
    if not noted and not will and not _DOES.search(plain):
        found.append(Finding("bare_apology" if _SORRY.search(plain) else "no_remedy"))
    if blames := blaming(plain, names):
        found.append(Finding("blame", tuple(blames)))
    if will and not noted:
        found.append(Finding("unowned", tuple(will[:3])))
    return found


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, each at most 200 characters, without their full stop."""
    parts = (part.strip() for part in _ENDS.split(text[:LONGEST]))
    return [part.rstrip(".!")[:_LONGEST_SENTENCE] for part in parts if part.strip(".!? ")]
