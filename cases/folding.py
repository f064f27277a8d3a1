"""Folding text for search, in Python, so that both databases find the same: no case, no accents, plain words."""

import re
import unicodedata

LONGEST_WORD = 60

# Letters that Unicode does not take apart, though people type them without their stroke.
_STROKES = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\brc[-\s]?(?=\d)")


def fold(text: str) -> str:
    """Return `text` without case and accents. Folding twice changes nothing; the result may be longer."""
    if text.isascii():
        return text.lower()
    return _bare(_bare(text).casefold()).translate(_STROKES)


def name_key(name: str) -> str:
    """Return a name as `Customer.folded` holds it: folded, single spaces, at most 200 characters."""
    return " ".join(fold(name).split())[:200].rstrip()


def words_of(text: str) -> list[str]:
    """Return the folded words of `text` in their order, each at most 60 characters; RC-2041 is the word rc2041."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(_NUMBER.sub("rc", fold(text)))]


def _bare(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
