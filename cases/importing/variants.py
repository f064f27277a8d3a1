"""Names that look like the same company spelt differently: reported, never merged by the machine."""

import re
from collections import defaultdict
from collections.abc import Iterable

from cases.folding import fold

LEGAL_FORMS = frozenset({
    "inc", "incorporated", "llc", "llp", "lp", "ltd", "limited", "corp", "corporation", "co", "company", "plc", "na",
    "national", "association", "holdings", "group", "the", "and", "ag", "gmbh", "sa", "spa", "srl", "oy", "ab", "bv",
    "nv", "intermediate", "services", "financial",
})  # fmt: skip
_WORD = re.compile(r"[a-z0-9]+")


def variants(names: Iterable[str]) -> list[list[str]]:
    """Return groups of two or more names that differ only in case, punctuation and legal form."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name in names:
        groups[core(name)].append(name)
    return sorted(sorted(group) for key, group in groups.items() if key and len(group) > 1)


def core(name: str) -> str:
    """Return what is left of a company's name without punctuation and legal form."""
    said = _WORD.findall(fold(name))
    kept = [word for word in said if word not in LEGAL_FORMS]
    return " ".join(kept or said)
