"""Questions to the index: which cases, which customers."""

import re
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

from accounts.text import clean
from cases.folding import fold, words_of
from cases.models import Case, Customer
from cases.search.store import store_of

MOST_WORDS = 12
_NUMBER = re.compile(r"\s*#?\s*(?:rc\s*[-–]?\s*)?(\d{4,12})\s*", re.IGNORECASE)
_ABOVE_ALL = 2**63 - 1


@dataclass(frozen=True)
class Question:
    """What was typed: whole words, the beginning of the last one, and a case number if it is one."""

    words: list[str]
    prefix: str
    number: int | None


def asked(text: str) -> Question:
    """Read what was typed. Every sign is allowed and none has a meaning; single letters are passed over."""
    number = _NUMBER.fullmatch(text)
    words = [word for word in words_of(text[:400]) if len(word) > 1 or word.isdigit()][:MOST_WORDS]
    if sum(map(len, words)) < 2:
        words = []
    prefix = words.pop() if words and len(words[-1]) > 1 else ""
    return Question(list(dict.fromkeys(words)), prefix, int(number[1]) if number else None)


def find(*, text: str, cases: QuerySet[Case], limit: int = 25, before: int | None = None) -> list[int]:
    """Return ids of `cases` that hold every word of `text`, the last one also as a beginning; newest first.

    A case whose number is `text` (RC-2041 or 2041) comes first, indexed or not. `before` is the last id of the page
    before. `cases` says who may see what (`access.visible_to`); its order does not matter. One statement, at most
    five.
    """
    question = asked(text)
    first = _by_number(question, cases) if before is None else []
    if not question.words and not question.prefix:
        return first
    others = cases.exclude(pk=question.number) if question.number else cases
    return (first + _by_words(question, others, before or _ABOVE_ALL, limit))[:limit]


def _by_number(question: Question, cases: QuerySet[Case]) -> list[int]:
    if question.number is None:
        return []
    return list(cases.order_by().filter(pk=question.number).values_list("pk", flat=True))


def _by_words(question: Question, cases: QuerySet[Case], before: int, limit: int) -> list[int]:
    try:
        visible = cases.order_by().values("id").query.sql_with_params()
    except EmptyResultSet:
        return []
    connection = connections[cases.db]
    with connection.cursor() as cursor:
        return store_of(connection).match(cursor, question.words, question.prefix, visible, before, limit)


def customers(text: str, limit: int = 10) -> list[Customer]:
    """Return customers whose name begins with `text`, then those that hold it elsewhere, each by name.

    Case and accents do not matter. Merged customers are left out. Less than two letters give nothing.
    """
    wanted = " ".join(fold(clean(text)).split())
    if len(wanted) < 2:
        return []
    named = Customer.objects.filter(merged_into=None).order_by("folded", "id")
    first = list(named.filter(folded__startswith=wanted)[:limit])
    if len(first) == limit:
        return first
    others = named.filter(folded__contains=wanted).exclude(folded__startswith=wanted)
    return first + list(others[: limit - len(first)])
