"""The wording of the survey, by language, and its optional questions: versions made by administrators.

The core measures stay what they are, so that figures can be compared; only their wording may change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language

from accounts import admin_log
from accounts.models import User
from accounts.text import clean
from cases.refusals import Refused
from surveys.models import FormVersion

CORE = ("satisfied", "heard", "easy", "recommend", "words")
MARKS, WORDS = "marks", "words"
MOST_EXTRAS = 3
LONGEST = 200
FIRST_LANGUAGE = "en"


@dataclass(frozen=True)
class Extra:
    """One optional question, worded for its reader."""

    key: str
    kind: str
    label: str

    @property
    def name(self) -> str:
        """The name of its form field."""
        return f"extra_{self.key}"


def current() -> FormVersion | None:
    """Return the version new invitations leave with; None as long as nobody has made one."""
    return FormVersion.objects.order_by("-number").first()


def wording(version: FormVersion | None, question: str, language: str | None = None) -> str:
    """Return an administrator's wording of a core question; empty where our own counts."""
    return _worded((version.facts if version else {}).get("wording", {}).get(question, {}), language, strict=True)


def extras(version: FormVersion | None, language: str | None = None) -> list[Extra]:
    """Return the optional questions; one without words in this language is asked in English."""
    asked = (version.facts if version else {}).get("extra", [])
    return [Extra(one["key"], one["kind"], _worded(one["wording"], language)) for one in asked]


@transaction.atomic
def adopt(
    *, wordings: Mapping[str, Mapping[str, str]], asked: list[dict[str, Any]], actor: User, now: datetime
) -> FormVersion:
    """Make the next version of the questions; it counts for invitations that leave from now on.

    An optional question keeps its key as long as it stays what it is: kind and English wording. Raise `Refused`
    where an optional question has no English wording, and where nothing would change.
    """
    newest = FormVersion.objects.select_for_update().order_by("-number").first()
    number = newest.number + 1 if newest else 1
    facts = {"wording": _kept(wordings), "extra": [_extra(one, newest, number, n) for n, one in enumerate(asked, 1)]}
    if facts == (newest.facts if newest else {"wording": {}, "extra": []}):
        raise Refused("Nothing is different from the questions as they are.")
    version = FormVersion.objects.create(number=number, made_at=now, made_by=actor, facts=facts)
    admin_log.record(actor=actor, kind="questions_changed", facts={"version": number}, now=now)
    return version


def _extra(asked: dict[str, Any], newest: FormVersion | None, number: int, place: int) -> dict[str, Any]:
    said = _languages(asked["wording"])
    if not said.get(FIRST_LANGUAGE):
        raise Refused(
            "Write the question in English: it stands in where a language has none.", field=f"extra{place}_en"
        )
    for known in newest.facts["extra"] if newest else []:
        if (known["kind"], known["wording"].get(FIRST_LANGUAGE)) == (asked["kind"], said[FIRST_LANGUAGE]):
            return {**known, "wording": said}
    return {"key": f"{number}_{place}", "kind": asked["kind"], "wording": said}


def _kept(wordings: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    kept = {question: _languages(wordings.get(question, {})) for question in CORE}
    return {question: said for question, said in kept.items() if said}


def _languages(said: Mapping[str, str]) -> dict[str, str]:
    known = {code: clean(said.get(code, "")).strip()[:LONGEST] for code, _ in settings.LANGUAGES}
    return {code: text for code, text in known.items() if text}


def _worded(said: Mapping[str, str], language: str | None, *, strict: bool = False) -> str:
    code = (language or get_language() or FIRST_LANGUAGE).split("-")[0]
    return said.get(code, "") if strict else said.get(code) or said.get(FIRST_LANGUAGE, "")
