"""Whether a message comes from whom it names: what our own mail server found, in Authentication-Results (RFC 8601).

A From header is typed by whoever writes. It is believed where the server of ours that took the message in says that
SPF, DKIM or DMARC passed for the very domain it names. Headers are read raw: encoded words, quoted strings and
comments are the writer's and must not be able to add a result. Pure.
"""

import re
from collections.abc import Collection
from email.message import Message

from mail.inbound import mime

NAME = "Authentication-Results"
MOST = 20
_PASSED = re.compile(r"\s*(dmarc|dkim|spf)\s*=\s*pass(?![\w-])(.*)", re.IGNORECASE | re.DOTALL)
_DOMAIN = {
    "dmarc": re.compile(r"(?<!\S)header\.from\s*=\s*(\S+)", re.IGNORECASE),
    "dkim": re.compile(r"(?<!\S)header\.[di]\s*=\s*(\S+)", re.IGNORECASE),
    "spf": re.compile(r"(?<!\S)smtp\.mailfrom\s*=\s*(\S+)", re.IGNORECASE),
}


def results_of(message: Message) -> list[str]:
    """Return the findings of mail servers as they stand, the latest first; none where From names not exactly one."""
    if len(mime.headers(message, "From")) != 1 or len(mime.addresses(message, "From")) != 1:
        return []
    found = [value for name, value in list(message.raw_items())[: mime.MOST_HEADERS] if name.lower() == NAME.lower()]
    return [mime.one_line(mime.raw_text(value)) for value in found[:MOST]]


def is_proved(results: Collection[str], sender: str, trusted: Collection[str]) -> bool:
    """Tell whether the latest finding of a `trusted` server says that `sender` is from the domain it names.

    Servers write their finding above what was there, so that one made up by the writer stands below ours.
    """
    domain = sender.rpartition("@")[2].lower()
    for result in results:
        name, *methods = _clauses(result)
        if name.partition(" ")[0].lower() in trusted:
            return bool(domain) and any(_speaks_for(method, domain) for method in methods)
    return False


def _speaks_for(method: str, domain: str) -> bool:
    passed = _PASSED.match(method)
    if passed is None:
        return False
    named = {one.rpartition("@")[2].strip(".").lower() for one in _DOMAIN[passed[1].lower()].findall(passed[2])}
    return bool(named) and all(_is_over(one, domain) for one in named)


def _is_over(named: str, domain: str) -> bool:
    """A domain speaks for itself and for those below it, never a part of it for the whole."""
    return named == domain or ("." in named and domain.endswith(f".{named}"))


def _clauses(result: str) -> list[str]:
    """Split a finding at its semicolons, comments left out and quoted strings replaced; nothing of a broken one."""
    kept, depth, quoted, skip = [], 0, False, False
    for sign in result:
        if skip:
            skip = False
        elif sign == "\\" and (quoted or depth):
            skip = True
        elif sign == '"' and not depth:
            quoted = not quoted
            kept.append("_" if quoted else "")
        elif not quoted and sign in "()":
            depth += 1 if sign == "(" else -1
            if depth < 0:
                return [""]
            kept.append(" ")
        elif not quoted and not depth:
            kept.append(sign)
    return [""] if quoted or depth else [part.strip() for part in "".join(kept).split(";")]
