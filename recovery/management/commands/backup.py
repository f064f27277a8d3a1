"""Copy everything to one file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from recovery import backup


class Command(BaseCommand):
    """Write a backup while the installation runs."""

    help = (
        "Writes everything (database, files, the key kept in the data folder) to FILE, while others go on working. "
        "Keep the file as safe as the installation: who has it has everything."
    )

    def add_arguments(self, parser) -> None:
        """Take the file to write."""
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *, file: Path, **_) -> None:
        """Make the backup and say what is in it."""
        try:
            listed = backup.make(target=file, now=timezone.now())
        except backup.BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        files = sum(name.startswith("files/") for name in listed.parts)
        self.stdout.write(f"{file}: the database and {files} files, {file.stat().st_size / 1e6:.1f} MB")
