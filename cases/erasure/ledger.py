"""The list of erasures beside the data: a backup brings nobody back who asked to be forgotten.

Lines hold identifiers and moments only. A restored copy keeps this list and erases again what it names.
"""

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

NAME = "erasures.jsonl"


def path() -> Path:
    """Return where the list is."""
    return settings.DATA_DIR / NAME


def note(*, contact: int, reason: str, now: datetime) -> None:
    """Add a line, on the disk before this returns."""
    line = json.dumps({"contact": contact, "reason": reason, "at": now.isoformat()})
    handle = os.open(path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="ascii") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())


def merge(other: Path) -> None:
    """Add the lines of another list that are not here yet: neither a backup nor this place forgets an erasure."""
    if not other.exists():
        return
    known = set(path().read_text(encoding="ascii").splitlines()) if path().exists() else set()
    fresh = [line for line in other.read_text(encoding="ascii").splitlines() if line not in known]
    with path().open("a", encoding="ascii") as file:
        file.writelines(f"{line}\n" for line in fresh)


def lines(*, since: datetime | None = None) -> Iterator[dict]:
    """Yield what was erased, `since` a moment if given, oldest first; a line cut short by a crash is passed over."""
    if not path().exists():
        return
    for line in path().read_text(encoding="ascii").splitlines():
        try:
            found = json.loads(line)
            late_enough = since is None or datetime.fromisoformat(found["at"]) >= since
        except (ValueError, KeyError, TypeError):
            continue
        if late_enough:
            yield found
