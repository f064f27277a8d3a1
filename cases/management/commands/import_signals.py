"""Import credit notes, returns and late deliveries from a CSV or XLSX file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cases.importing.reading import Unreadable, read
from cases.importing.signals import take_in


class Command(BaseCommand):
    """manage.py import_signals FILE"""

    help = "Bring in credit notes, returns and late deliveries. Each proposes a case; repeating it adds nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path, help="a CSV or XLSX file: kind, reference, customer, date, amount, text")

    def handle(self, *, file: Path, **options) -> None:
        """Import, then say what came in and what did not."""
        try:
            taken = take_in(lines=read(file), name=file.name, actor=None, now=timezone.now())
        except Unreadable as problem:
            raise CommandError(str(problem)) from problem
        for line, reason in taken.refused:
            self.stdout.write(f"line {line} refused: {reason}")
        self.stdout.write(
            f"{taken.run.rows} rows read: {taken.added} added, {taken.known} known already, "
            f"{len(taken.refused)} refused."
        )
