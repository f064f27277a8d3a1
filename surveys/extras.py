"""Keeping the answers to optional questions, part by part, beside the core measures."""

from collections.abc import Mapping
from datetime import datetime

from cases import words
from cases.models import Case
from surveys.models import Answer, ExtraAnswer, Invitation
from surveys.questions import Extra, extras

Given = Mapping[str, int | str]


def news(invitation: Invitation, answer: Answer, given: Given) -> dict[str, int | str]:
    """Return what of `given` is new, by the key of an optional question of this invitation; nothing else counts."""
    asked = {one.key for one in extras(invitation.form)}
    known = {row.key: row.words.text if row.words else row.mark for row in _rows(answer)}
    wanted = {key: value for key, value in given.items() if key in asked}
    return {key: value for key, value in wanted.items() if value != known.get(key, "")}


def keep(*, case: Case, answer: Answer, fresh: Given, now: datetime) -> None:
    """Store what is new, inside the caller's transaction, on a saved answer."""
    for key, value in fresh.items():
        text = value if isinstance(value, str) else ""
        row = words.write(text=text, now=now, case=case) if text.strip() else None
        mark = value if isinstance(value, int) else None
        ExtraAnswer.objects.update_or_create(answer=answer, key=key, defaults={"mark": mark, "words": row})


def marks_of(answer: Answer) -> dict[str, int]:
    """Return the marks given to optional questions, by the name of their field."""
    return {f"extra_{row.key}": row.mark for row in _rows(answer) if row.mark is not None}


def given_to(answer: Answer, asked: list[Extra]) -> dict[str, int | str]:
    """Return what was answered to the optional questions, by the name of their field."""
    rows = {row.key: row for row in _rows(answer)}
    known = {one.name: rows[one.key] for one in asked if one.key in rows}
    return {name: row.words.text if row.words else row.mark for name, row in known.items()}


def _rows(answer: Answer) -> list[ExtraAnswer]:
    return list(ExtraAnswer.objects.filter(answer=answer).select_related("words")) if answer.pk else []
