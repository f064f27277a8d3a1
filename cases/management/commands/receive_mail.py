"""Take in one message from the mail server, or show what would become of some files."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from cases import arriving, tracking
from mail.inbound import child, finding, reading, sorting, storing
from mail.inbound.kinds import Kind
from mail.models import Blob, Inbound


class Command(BaseCommand):
    """manage.py receive_mail < MESSAGE, or receive_mail --dry-run --json FILE…"""

    help = "Take in one raw message from standard input: stored first, then read, then put where it belongs."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take files only to be looked at."""
        parser.add_argument("files", nargs="*", type=Path, help="messages to look at, with --dry-run")
        parser.add_argument("--dry-run", action="store_true", help="store nothing; say what would become of them")
        parser.add_argument("--json", action="store_true", help="one JSON object a line for each file")

    def handle(self, *, files: list[Path], dry_run: bool, **options: Any) -> None:
        """Store and take in standard input; or print what each file is."""
        if files and not dry_run:
            raise CommandError("Files are only looked at: say --dry-run, or give one message on standard input.")
        if dry_run:
            for line in self._looked_at(files, as_json=options["json"]):
                self.stdout.write(line)
            return
        now = timezone.now()
        inbound = storing.store(raw=sys.stdin.buffer, source=Inbound.Source.COMMAND, now=now)
        # From here on nothing can be lost; whatever goes wrong below, the next sweep takes it up.
        self.stdout.write(arriving.take_now(inbound, now))

    def _looked_at(self, files: list[Path], *, as_json: bool) -> Iterator[str]:
        for path in files:
            try:
                facts = {"file": str(path), **_facts(path)}
            except OSError as error:
                raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
            yield json.dumps(facts, ensure_ascii=False) if as_json else _line(facts)


def _facts(path: Path) -> dict[str, Any]:
    found = _read(path)
    facts: dict[str, Any] = {
        "kind": found.kind,
        "from": found.sender,
        "subject": found.subject,
        "reply": found.reply,
        "attachments": [{"name": one.name, "type": one.type, "size": one.size} for one in found.pieces],
    }
    if found.bounce is not None and found.kind == Kind.BOUNCE:
        facts["bounce"] = {
            "recipient": found.bounce.recipient,
            "status": found.bounce.status,
            "hard": found.bounce.hard,
        }
    if number := _case(found):
        facts["case"] = number
    return facts


def _read(path: Path) -> reading.Reading:
    if path.stat().st_size > sorting.LARGE:
        return child.read(path.resolve())
    return reading.read(path.read_bytes())


def _case(found: reading.Reading) -> str:
    inbound = Inbound(raw=Blob(), received_at=timezone.now())
    sorting.describe(inbound, found)
    try:
        inbound.thread = finding.thread_of(inbound)
        case = tracking.case_of(inbound)
    except DatabaseError:  # before the first installation there is no table to ask
        return ""
    return case.number if case else ""


def _line(facts: dict[str, Any]) -> str:
    return f"{facts['file']}: {facts['kind']} from {facts['from'] or 'nobody named'}: {facts['subject']}"
