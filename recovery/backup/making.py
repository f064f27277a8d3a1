"""Making a backup: first the database, then the files it names.

A stored file is never changed and named by its hash, so every file the copied database names is there when the
files are copied after it.
"""

import io
import os
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

from cases.erasure import ledger
from recovery.backup import databases, sheet

KEPT = ("secret_key", ledger.NAME)


def make(*, target: Path, now: datetime) -> sheet.Manifest:
    """Write a backup to `target`, which only its owner may read, and return its list.

    Nothing stands at `target` before all of it is written. Raise BackupRefused where the database cannot be copied
    or `target` is there already.
    """
    if target.exists():
        raise sheet.BackupRefused(f"{target} is there already. Choose another name: no backup is written over.")
    half = target.with_name(target.name + ".part")
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as folder:
        copied = Path(folder) / databases.PART[databases.engine()]
        databases.copy_out(copied)
        try:
            listed = _write(half, copied, sheet.Manifest.at(now, databases.engine()))
            os.replace(half, target)
        finally:
            half.unlink(missing_ok=True)
    return listed


def _write(half: Path, copied: Path, listed: sheet.Manifest) -> sheet.Manifest:
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file, tarfile.open(fileobj=file, mode="w") as tar:
        for name, path in (copied.name, copied), *_kept(), *_files():
            with path.open("rb") as part:
                listed.parts[name] = sheet.hash_of(sheet.pieces_of(part))
            tar.add(path, arcname=name, recursive=False)
        entry = tarfile.TarInfo(sheet.NAME)
        entry.size = len(written := listed.written())
        tar.addfile(entry, io.BytesIO(written))
        file.flush()
        os.fsync(file.fileno())
    return listed


def _kept() -> Iterator[tuple[str, Path]]:
    for name in KEPT:
        if (path := settings.DATA_DIR / name).exists():
            yield name, path


def _files() -> Iterator[tuple[str, Path]]:
    root = settings.DATA_DIR / "files"
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.name.endswith(".part"):
            yield f"files/{path.relative_to(root).as_posix()}", path
