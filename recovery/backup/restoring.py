"""Taking a backup back: everything is checked before anything is touched."""

import os
import re
import shutil
import tarfile
import tempfile
from datetime import datetime
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from accounts.models import User
from cases import erasure, verification
from cases.erasure import ledger
from mail.models import Blob
from recovery.backup import databases, sheet
from recovery.backup.making import KEPT

_PART = re.compile(r"[a-z_]+(\.[a-z0-9]+)?|files/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}")


def restore(*, source: Path, replace: bool, now: datetime) -> dict[str, int]:
    """Put the backup `source` in place of this installation and return counts: cases, events, files, faults.

    Whoever was erased since the backup was made is erased again.

    Programs of this installation must be stopped. Raise BackupRefused, with nothing touched, where the backup is
    damaged, from another kind of database, or would replace people and cases and `replace` is not given.
    """
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as folder:
        listed = _unpacked(source, Path(folder))
        _check(listed, Path(folder))
        if _is_lived_in() and not replace:
            raise sheet.BackupRefused(
                "This installation has people and cases of its own. Make a backup of it first, then say --replace."
            )
        databases.copy_in(Path(folder) / databases.PART[listed.engine])
        _put_files(Path(folder))
    call_command("migrate", interactive=False, verbosity=0)
    forgotten = erasure.replay(since=datetime.fromisoformat(listed.made_at), now=now)
    return {**_counts(), "forgotten": forgotten}


def _unpacked(source: Path, folder: Path) -> sheet.Manifest:
    try:
        with tarfile.open(source) as tar:
            for member in tar:
                _unpack(tar, member, folder)
        return sheet.read((folder / sheet.NAME).read_bytes())
    except (OSError, tarfile.TarError) as error:
        raise sheet.BackupRefused(f"{source} cannot be read as a backup: {error}.") from error


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one part below `folder`. Raise BackupRefused for a part no backup of ours has."""
    if not (member.isfile() and _PART.fullmatch(member.name)):
        raise sheet.BackupRefused(f"This file is no backup of Goldseam: it holds {member.name!r}.")
    home = folder / PurePosixPath(member.name)
    home.parent.mkdir(parents=True, exist_ok=True)
    with tar.extractfile(member) as part, home.open("wb") as file:
        shutil.copyfileobj(part, file)


def _check(listed: sheet.Manifest, folder: Path) -> None:
    """Compare every part with its hash. Raise BackupRefused for a part missing, changed or not on the list."""
    if listed.engine != databases.engine():
        raise sheet.BackupRefused(
            f"This backup holds a {listed.engine} database and this installation runs on {databases.engine()}."
        )
    if databases.PART[listed.engine] not in listed.parts:
        raise sheet.BackupRefused("This backup holds no database.")
    for name, expected in listed.parts.items():
        path = folder / PurePosixPath(name)
        if not path.is_file():
            raise sheet.BackupRefused(f"The backup is damaged: {name} is missing. Nothing was restored.")
        with path.open("rb") as part:
            if sheet.hash_of(sheet.pieces_of(part)) != expected:
                raise sheet.BackupRefused(f"The backup is damaged: {name} was changed. Nothing was restored.")


def _is_lived_in() -> bool:
    there = User._meta.db_table in connection.introspection.table_names()
    return there and User.objects.exists()


def _put_files(folder: Path) -> None:
    ledger.merge(folder / ledger.NAME)
    for name in KEPT:
        if name != ledger.NAME and (part := folder / name).exists():
            os.replace(part, settings.DATA_DIR / name)
    for part in (folder / "files").rglob("*"):
        home = settings.DATA_DIR / "files" / part.relative_to(folder / "files")
        if part.is_file() and not home.exists():
            home.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(part, home)


def _counts() -> dict[str, int]:
    cases = list(verification.every_case())
    lost = sum(not blob.path.exists() for blob in Blob.objects.filter(erased_at=None).iterator())
    return {
        "cases": len(cases),
        "events": verification.events_of(None),
        "files": Blob.objects.filter(erased_at=None).count() - lost,
        "lost": lost,
        "faults": sum(1 for _ in verification.faults(cases)),
    }
