"""Reading a message in a process of its own, with limits on memory and time, so that no message takes us down.

    python -m mail.inbound.child RAW FOLDER

writes `reading.json` and one numbered file for each attachment into FOLDER.
"""

import dataclasses
import json
import resource
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from mail.inbound import bounces, parts, reading

SECONDS = 20  # on the clock, for a machine that has much to do
CPU_SECONDS = 5  # of work (promise R9); the system ends the process there
MEMORY_BYTES = 1_500_000_000
ROOT = Path(__file__).resolve().parents[2]


class Unreadable(RuntimeError):
    """The process that read a message did not come to an end; its words say how it ended."""


def read(raw: Path) -> reading.Reading:
    """Read the message stored at `raw` in a process of its own. Raise `Unreadable` when that fails."""
    with TemporaryDirectory(prefix="goldseam-mail-") as folder:
        command = [sys.executable, "-m", "mail.inbound.child", str(raw), folder]
        try:
            done = subprocess.run(command, cwd=ROOT, timeout=SECONDS, capture_output=True, check=False)
        except subprocess.TimeoutExpired as late:
            raise Unreadable(f"Reading it took longer than {SECONDS} seconds.") from late
        if done.returncode != 0:
            last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
            raise Unreadable(f"Reading it ended with {done.returncode}: {' '.join(last)[:300]}")
        return _taken_from(Path(folder))


def _taken_from(folder: Path) -> reading.Reading:
    facts = json.loads((folder / "reading.json").read_text("utf-8"))
    facts["bounce"] = bounces.Bounce(**facts["bounce"]) if facts["bounce"] else None
    facts["written_at"] = datetime.fromisoformat(facts["written_at"]) if facts["written_at"] else None
    facts["pieces"] = [
        parts.Piece(**piece, content=(folder / str(place)).read_bytes()) for place, piece in enumerate(facts["pieces"])
    ]
    return reading.Reading(**facts)


def _write(found: reading.Reading, folder: Path) -> None:
    facts = {field.name: getattr(found, field.name) for field in dataclasses.fields(found)}
    facts["bounce"] = dataclasses.asdict(found.bounce) if found.bounce else None
    facts["written_at"] = found.written_at.isoformat() if found.written_at else None
    facts["pieces"] = []
    for place, piece in enumerate(found.pieces):
        (folder / str(place)).write_bytes(piece.content)
        named = {field.name: getattr(piece, field.name) for field in dataclasses.fields(piece)}
        facts["pieces"].append({name: value for name, value in named.items() if name != "content"})
    (folder / "reading.json").write_text(json.dumps(facts), "utf-8")


def main(raw: str, folder: str) -> None:
    """Read one message under limits and leave the result in `folder`."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    _write(reading.read(Path(raw).read_bytes()), Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
