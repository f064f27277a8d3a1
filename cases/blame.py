"""Wording that blames a person is pointed out, never forbidden (product: Root cause, "Process, never people").

Pure text: no rows, no clock. Whoever writes decides; the hint names the words and asks for the process behind them.
"""

import re
from collections.abc import Iterable

# Said of somebody, not of something. Whole words, any case.
PHRASES = (
    "careless", "carelessly", "carelessness", "negligent", "negligence", "incompetent", "incompetence", "stupid",
    "lazy", "laziness", "sloppy", "forgot", "forgotten", "forgetful", "his fault", "her fault", "their fault",
    "your fault", "human error", "operator error", "did not pay attention", "didn't pay attention",
    "was not paying attention", "should have known", "did not bother", "didn't bother", "to blame", "inattentive",
    "unqualified", "not motivated", "bad attitude",
)  # fmt: skip
_SAID = re.compile(r"\b(?:" + "|".join(re.escape(phrase) for phrase in PHRASES) + r")\b", re.IGNORECASE)
_SHORTEST_NAME = 3


def blaming(text: str, names: Iterable[str] = ()) -> list[str]:
    """Return the words of `text` that blame, as they stand there, each once and in their order.

    `names` are full names of colleagues: a full name counts, and a family name of three letters or more.
    """
    plain = text.replace("’", "'")
    found = [(match.start(), match.group()) for match in _SAID.finditer(plain)]
    for name in names:
        match = _named(name).search(plain) if name.strip() else None
        found += [(match.start(), match.group())] if match else []
    return list(dict.fromkeys(word for _, word in sorted(found)))


def _named(name: str) -> re.Pattern[str]:
    """Match the full name in any case, or the family name as a name is written."""
    family = name.split()[-1]
    whole = r"\b(?i:" + r"\s+".join(re.escape(part) for part in name.split()) + r")\b"
    alone = rf"|\b{re.escape(family)}\b" if len(family) >= _SHORTEST_NAME and " " in name.strip() else ""
    return re.compile(whole + alone)
