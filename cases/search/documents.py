"""What is found of a case: its number, names, references and every human word on it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models.functions import Left

from cases.folding import words_of
from cases.models import Case, Words

# More would pass the limit of one PostgreSQL text vector (1 MB).
LONGEST = 200_000

_SHOWN = ("title", "external_ref", "customer__name", "reporter__name", "confirmer__name", "category__name")


@dataclass(frozen=True)
class Document:
    """The distinct folded words of one case, sorted."""

    case_id: int
    words: list[str]


def of(case_ids: list[int]) -> Iterator[Document]:
    """Return the documents of these cases, each made when it is asked for. Two statements for all."""
    texts = _texts(case_ids)
    for case_id, *shown in Case.objects.filter(pk__in=case_ids).order_by("-pk").values_list("pk", *_SHOWN):
        parts = [f"RC-{case_id} {case_id}", *filter(None, shown), *texts[case_id]]
        yield Document(case_id, sorted(set(words_of("\n".join(parts)[:LONGEST]))))


def _texts(case_ids: list[int]) -> dict[int, list[str]]:
    rows = Words.objects.filter(case_id__in=case_ids, erased_at=None).order_by("id")
    found = defaultdict(list)
    for case_id, text in rows.values_list("case_id", Left("text", LONGEST)):
        found[case_id].append(text)
    return found
