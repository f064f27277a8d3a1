"""Telling a mere "thank you" from a word that asks for something. Pure."""

import re

LONGEST = 160
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
# Whatever else stands in it, a message with one of these asks or objects.
_ASKING = frozenset((
    "but", "however", "still", "not", "no", "never", "again", "when", "why", "what", "how", "where", "who", "please",
    "could", "can", "would", "should", "need", "want", "wait", "waiting", "missing", "wrong", "late", "broken",
    "problem", "until", "unfortunately", "aber", "nicht", "kein", "keine", "noch", "wieder", "wann", "warum", "wie",
    "bitte", "leider", "fehlt", "falsch", "mais", "pas", "encore", "quand", "pourquoi", "comment", "malheureusement",
    "pero", "todavía", "cuándo", "cómo", "sin", "falta",
))  # fmt: skip
_THANKS = ("thank", "thanks", "thx", "danke", "dank", "merci", "gracias", "cheers", "appreciated", "perfect", "great",
           "super", "prima", "parfait", "perfecto", "ok", "okay", "noted", "received", "got")  # fmt: skip


def only_thanks(text: str) -> bool:
    """Tell whether a message says nothing but thanks: short, with a word of thanks, without question or objection."""
    words = [word.lower() for word in _WORD.findall(text[: LONGEST + 1])]
    if not words or len(text.strip()) > LONGEST or "?" in text:
        return False
    return any(word.startswith(_THANKS) for word in words[:6]) and not _ASKING.intersection(words)
