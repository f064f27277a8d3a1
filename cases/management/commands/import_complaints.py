"""Import complaints from a CSV or XLSX file as history."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cases.importing.history import Report, import_file
from cases.importing.reading import Unreadable
from cases.models import ImportRun


class Command(BaseCommand):
    """manage.py import_complaints FILE --mapping cfpb"""

    help = "Bring in complaints as history. Repeating it adds nothing; refused rows are named with line and reason."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and how its columns map."""
        parser.add_argument("file", type=Path, help="a CSV or XLSX file")
        parser.add_argument("--mapping", default="plain", help="cfpb, plain, or a JSON file {field: column}")

    def handle(self, *, file: Path, mapping: str, **options) -> None:
        """Import, then say what came in and what did not."""
        try:
            report = import_file(path=file, mapping=mapping, actor=None, now=timezone.now(), progress=self._progress)
        except Unreadable as problem:
            raise CommandError(str(problem)) from problem
        self._tell(report)

    def _progress(self, run: ImportRun) -> None:
        ending = "\r" if self.stdout.isatty() else "\n"
        if self.stdout.isatty() or run.rows % 500 < 25:
            self.stdout.write(f"{run.rows} rows read, {run.added} added", ending=ending)
            self.stdout.flush()

    def _tell(self, report: Report) -> None:
        for line, reason in report.refusals:
            self.stdout.write(f"line {line} refused: {reason}")
        for names in report.variants:
            self.stdout.write(f"kept apart, perhaps the same company: {' | '.join(names)}")
        run = report.run
        self.stdout.write(
            f"{run.rows} rows read: {run.added} added, {run.known} known already, {run.refused} refused; "
            f"{report.open_rows} still in progress can be taken up."
        )
