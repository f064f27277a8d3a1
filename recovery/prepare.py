"""Make an installation ready to serve, doing only what has changed since the last start."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from accounts.models import User
from cases import defaults
from council.figures import upkeep


def make_ready(*, demonstration: bool) -> bool:
    """Migrate and collect static files; give a new database its first rules and, if wished, the demonstration.

    Returns whether the database was new: nobody was entered yet.
    """
    migrate()
    collect_static()
    new = not User.objects.exists()
    if new:
        defaults.install()
    if new and demonstration:
        call_command("seed_demo")
        upkeep.keep_up(timezone.now())  # else the figures would be empty for the first minute
    return new


def migrate() -> None:
    """Apply the migrations that wait, if any do."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def collect_static() -> None:
    """Collect static files when one of them, or the set of packages, differs from the last time."""
    stamp = settings.STATIC_ROOT / ".stamp"
    now = _fingerprint()
    if stamp.exists() and stamp.read_text(encoding="ascii") == now:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(now, encoding="ascii")


def _fingerprint() -> str:
    """Hash what static files there are, by name, size and time of change."""
    digest = hashlib.sha256()
    for line in sorted(_static_files()):
        digest.update(line.encode())
    return digest.hexdigest()


def _static_files() -> Iterator[str]:
    for finder in get_finders():
        for name, storage in finder.list(ignore_patterns=[]):
            stat = Path(storage.path(name)).stat()
            yield f"{name}:{stat.st_size}:{stat.st_mtime_ns}\n"
