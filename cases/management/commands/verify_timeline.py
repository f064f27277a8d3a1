"""Prove that the timelines are as they were written."""

import re
from argparse import ArgumentTypeError

from django.core.management.base import BaseCommand, CommandError

from cases import anchoring, verification


def case_id(text: str) -> int:
    """Read a case number such as RC-2041 or 2041. Raise ArgumentTypeError for anything else."""
    found = re.fullmatch(r"(?:rc-?)?(\d{1,12})", text.strip(), re.IGNORECASE)
    if found is None:
        raise ArgumentTypeError(f"{text!r} is no case number. Write it as RC-2041.")
    return int(found[1])


class Command(BaseCommand):
    """Walk the hash chain of every case, or of those named; leave with 1 if anything was changed."""

    help = (
        "Walks the timeline of all cases, or of those named, and compares every event and its words with the hashes "
        "made when they were written. Prints each fault, then a count; ends with 1 if there is any."
    )

    def add_arguments(self, parser) -> None:
        """Take case numbers; none means all cases."""
        parser.add_argument("cases", nargs="*", type=case_id, metavar="RC-2041", help="all cases if left out")

    def handle(self, *, cases: list[int], **_) -> None:
        """Print faults as they are found and the closing line."""
        named = sorted(set(cases)) or None
        if named and (strange := verification.unknown(named)):
            raise CommandError(f"There is no case {', '.join(f'RC-{number}' for number in strange)}.")
        self._told = {"cases": 0, "faults": 0}
        for fault in verification.faults(self._counted(named or verification.every_case())):
            self._told["faults"] += 1
            self.stdout.write(str(fault))
        for day in [] if named else anchoring.broken():
            self._told["faults"] += 1
            self.stdout.write(f"The anchor of {day}: the timelines are not as they stood at the beginning of that day.")
        events = verification.events_of(named)
        self.stdout.write(f"{self._told['cases']} cases, {events} events, {self._told['faults']} faults")
        if self._told["faults"]:
            raise SystemExit(1)

    def _counted(self, case_ids):
        for case in case_ids:
            self._told["cases"] += 1
            yield case
