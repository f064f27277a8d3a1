"""Import answers to surveys from before Goldseam."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cases.importing.reading import Unreadable
from surveys import past


class Command(BaseCommand):
    """manage.py import_answers FILE --map reference=id contact=email recommend=nps words=comment --keep intention"""

    help = "Bring in past survey answers. Repeating it adds nothing; refused rows are named with line and reason."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, how its columns map, and what the answers are called together."""
        parser.add_argument("file", type=Path, help="a CSV or XLSX file")
        fields = ", ".join(past.FIELDS)
        parser.add_argument(
            "--map", nargs="+", default=[], metavar="FIELD=COLUMN", help=f"or one JSON file; fields: {fields}"
        )
        parser.add_argument("--keep", nargs="+", default=[], metavar="COLUMN", help="marks on scales of their own")
        parser.add_argument("--source", default="", help="what these answers are called; else the file's name")

    def handle(self, *, file: Path, source: str, **options) -> None:
        """Import, then say what came in, what did not and why, and the scores."""
        source = (source or file.stem)[:40]
        try:
            columns = past.columns_of(options["map"], options["keep"])
            report = past.import_answers(path=file, columns=columns, source=source, now=timezone.now())
        except Unreadable as problem:
            raise CommandError(str(problem)) from problem
        for line, reason in report.refusals:
            self.stdout.write(f"line {line} refused: {reason}")
        self.stdout.write(
            f"{report.rows} rows read: {report.added} added, {report.known} known already, "
            f"{len(report.refusals)} refused."
        )
        if "contact" in columns.of:
            self.stdout.write(f"{report.tied:,} tied to a person we know, whose data are given and erased with theirs.")
        self._scores(past.scores_of(source))

    def _scores(self, found: past.Scores) -> None:
        if found.recommend is not None:
            nps = found.recommend
            self.stdout.write(
                f"NPS {nps.value:.2f} ({nps.low:.1f} to {nps.high:.1f}) over {nps.n:,} answers: {found.promoters:,} "
                f"promoters, {found.passives:,} passive, {found.detractors:,} detractors."
            )
        if found.satisfied is not None:
            mean = found.satisfied
            self.stdout.write(f"Satisfied {mean.value:.2f} of 5 ({mean.low:.2f} to {mean.high:.2f}) over {mean.n:,}.")
        self.stdout.write(f"{found.with_words:,} answers have words.")
