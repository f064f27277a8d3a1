"""The database as one file, and back: SQLite by its own copying, PostgreSQL by pg_dump and pg_restore."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import connection

from recovery.backup.sheet import BackupRefused

SQLITE, POSTGRESQL = "sqlite", "postgresql"
PART = {SQLITE: "database.sqlite3", POSTGRESQL: "database.dump"}


def engine() -> str:
    """Return which database this installation runs on."""
    return connection.vendor


def copy_out(target: Path) -> None:
    """Write the database as of this moment to `target`, while others read and write."""
    _copy_sqlite(Path(connection.settings_dict["NAME"]), target) if engine() == SQLITE else _dump(target)


def copy_in(source: Path) -> None:
    """Put the copy `source` in the place of this installation's database. Nothing else may use it meanwhile."""
    connection.close()
    if engine() == SQLITE:
        home = Path(connection.settings_dict["NAME"])
        # Pages written since the last checkpoint belong to the database that goes, not to the one that comes.
        for beside in ("-wal", "-shm"):
            home.with_name(home.name + beside).unlink(missing_ok=True)
        _copy_sqlite(source, home)
    else:
        _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error", source)


def _copy_sqlite(source: Path, target: Path) -> None:
    half = target.with_name(target.name + ".part")
    half.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(half)) as there:
        here.backup(there)
    os.replace(half, target)


def _dump(target: Path) -> None:
    _run("pg_dump", "--format=custom", "--no-owner", f"--file={target}")


def _run(program: str, *words: object) -> None:
    """Run one of PostgreSQL's programs on our database; its password travels in the environment, not in the command."""
    given = connection.settings_dict
    there = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment = {**os.environ, **{name: str(given[key]) for name, key in there.items() if given.get(key)}}
    found = shutil.which(program) or _debian(program)
    if found is None:
        raise BackupRefused(f"{program} is not on this machine. On Debian or Ubuntu: apt install postgresql-client")
    database = ["--dbname", given["NAME"]] if program == "pg_restore" else []
    command = [found, *database, *map(str, words)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupRefused(f"{program} did not succeed: {done.stderr.strip()[-600:]}")


def _debian(program: str) -> str | None:
    """Return the newest of the programs that Debian keeps off the PATH, or None."""
    there = Path("/usr/lib/postgresql").glob(f"*/bin/{program}")
    return str(max(there, key=lambda path: int(path.parts[4]) if path.parts[4].isdigit() else 0, default="")) or None
