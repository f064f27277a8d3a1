"""What the composer of a letter needs beside the case: texts, files, their last word, who read along.

Read in one statement of its own, or together with the people of the page (`case_page.people_and`).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import CharField, F, Q, QuerySet, SmallIntegerField, Value
from django.db.models.functions import Cast

from cases.enums import EntryKind, Side
from cases.models import Case, CaseFile, Entry, LetterText
from mail.models import Message, Recipient

SHOWN_FILES = 50
ENGLISH = "en"
TEXT, FILE, THEIRS, COPY = 2, 3, 4, 5  # beside 0 and 1, which stand for people
Row = tuple[int, int, str, str, int, str]


@dataclass
class Desk:
    """Texts to begin with as (key, name, step) in the reader's language, files as (key, name)."""

    texts: list[tuple[str, str, int]] = field(default_factory=list)
    files: list[tuple[str, str]] = field(default_factory=list)
    theirs: int | None = None
    copies: list[str] = field(default_factory=list)


def desk(case: Case) -> Desk:
    """Return what lies ready for a letter to who confirms. One statement."""
    first, *others = parts(case, language_of(case))
    return from_rows(first.union(*others, all=True), case)


def from_rows(rows: Iterable[Row], case: Case) -> Desk:
    """Return the same from rows of `parts`; texts of the step in hand come first, those for any step last."""
    found = defaultdict(list)
    for what, pk, label, tongue, number, _ in rows:
        found[what].append((pk, label, tongue, number))
    return Desk(
        texts=_in_order(found[TEXT], language_of(case), _step(case)),
        files=[(str(pk), name) for pk, name, *_ in sorted(found[FILE], reverse=True)],
        theirs=next((pk for pk, *_ in found[THEIRS]), None),
        copies=sorted(address for _, address, *_ in found[COPY]),
    )


def language_of(case: Case) -> str:
    """Return the language of who confirms, in which texts are offered."""
    return case.confirmer.language if case.confirmer else ENGLISH


def parts(case: Case, language: str) -> list[QuerySet]:
    """Return the statements to be put together: what, key, label, language, step, nothing."""
    texts = LetterText.objects.filter(Q(language=language) | Q(language=ENGLISH), retired=False)
    newest = CaseFile.objects.filter(case=case).order_by("-id").values("pk")[:SHOWN_FILES]
    said = Entry.objects.filter(case=case, side=Side.THEIRS).exclude(kind=EntryKind.NOTE).exclude(words__text="")
    last_word = said.order_by("-at", "-id").values("pk")[:1]
    letters = Message.objects.filter(thread=case.thread_id, template="personal", to_staff=False)
    last_letter = letters.order_by("-id").values("pk")[:1]
    return [
        _columns(texts, TEXT, "name", F("language"), F("step")),
        _columns(CaseFile.objects.filter(pk__in=newest), FILE, "name"),
        _columns(Entry.objects.filter(pk__in=last_word), THEIRS, "kind"),
        _columns(Recipient.objects.filter(message__in=last_letter, is_copy=True), COPY, "address"),
    ]


def _columns(rows: QuerySet, what: int, label: str, tongue=None, number=None) -> QuerySet:
    nothing, none = Value("", CharField()), Value(0, SmallIntegerField())
    named = (Cast(label, CharField()), tongue or nothing, Cast(number or none, SmallIntegerField()), nothing)
    return rows.order_by().values_list(Value(what), "pk", *named)


def _in_order(rows: list[tuple], language: str, step: int) -> list[tuple[str, str, int]]:
    spoken = [row for row in rows if row[2] == language] or [row for row in rows if row[2] == ENGLISH]
    texts = ((str(pk), name, number) for pk, name, _, number in spoken)
    return sorted(texts, key=lambda one: (one[2] != step, one[2] == 0, one[2], one[1].casefold()))


def _step(case: Case) -> int:
    return next((number for number, (state, _) in enumerate(case.seam, 1) if state == "planned"), 9)
