"""The list that lies on top of a backup: what is in it, and the hash of each part."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import BinaryIO

NAME = "backup.json"
FORM = 1
_PIECE = 1 << 20


class BackupRefused(Exception):
    """A backup is not made or not taken back; the message says why and what to do."""


@dataclass
class Manifest:
    """What a backup holds. `parts` gives the SHA-256 of each part by its name in the tar file."""

    made_at: str
    engine: str
    form: int = FORM
    parts: dict[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, now: datetime, engine: str) -> "Manifest":
        """Return an empty list for a backup made at `now` of a database of `engine`."""
        return cls(made_at=now.isoformat(timespec="seconds"), engine=engine)

    def written(self) -> bytes:
        """Return the list as it stands in the backup."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()


def read(text: bytes) -> Manifest:
    """Read a list. Raise BackupRefused if it is none of ours or of a later form."""
    try:
        found = Manifest(**json.loads(text))
    except (ValueError, TypeError) as error:
        raise BackupRefused("This file is no backup of Goldseam: its list cannot be read.") from error
    if found.form != FORM:
        raise BackupRefused("This backup was made by a later version of Goldseam. Restore it with that version.")
    return found


def hash_of(pieces: Iterable[bytes]) -> str:
    """Return the SHA-256 of the pieces, one after the other, as hexadecimal digits."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def pieces_of(file: BinaryIO) -> Iterable[bytes]:
    """Read an open file in pieces of one megabyte."""
    while piece := file.read(_PIECE):
        yield piece
