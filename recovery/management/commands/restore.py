"""Take everything back from one file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from recovery import backup


class Command(BaseCommand):
    """Put a backup in the place of this installation and prove that it is whole."""

    help = (
        "Checks FILE, puts it in the place of this installation, then walks every timeline and looks for every file. "
        "Stop the programs of this installation first. Ends with 1 if anything is missing or was changed."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser) -> None:
        """Take the file to read."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--replace", action="store_true", help="even if people and cases are here already")

    def handle(self, *, file: Path, replace: bool, **_) -> None:
        """Restore and say what was found."""
        try:
            found = backup.restore(source=file, replace=replace, now=timezone.now())
        except backup.BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        line = "{cases} cases, {events} events, {files} files, {faults} faults, {lost} files lost"
        if found["forgotten"]:
            line += ", {forgotten} erased again"
        self.stdout.write(line.format(**found))
        if found["faults"] or found["lost"]:
            raise SystemExit(1)
