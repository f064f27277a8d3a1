"""One process on SQLite with 50 people writing at once, a backlog sweep and an import running (promise P7).

    python bench/embedded.py [--port N] [--seconds N] [--no-demo]

Works in a data folder of its own. Prints how long the first and the second start took, how the writers fared and how
much memory the server took. Ends with status 1 after any error, a second start above 2 seconds, or above 200 MB.
"""

import argparse
import contextlib
import csv
import http.client
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

WRITERS = 50
IMPORTED = 3_000
TOKEN = "a" * 32
START_S, MEMORY_MB = 2.0, 200
PATIENCE = 900
WRONG = re.compile(r"Traceback|database is locked|OperationalError")
SWEEP = "from django.utils import timezone; from cases import chasing; print(chasing.chase_due(timezone.now()))"


@dataclass
class Told:
    """What the writers met: seconds a request, and answers by status or error."""

    seconds: list[float] = field(default_factory=list)
    answers: Counter = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, answer: str, took: float) -> None:
        """Keep one answer."""
        with self.lock:
            self.answers[answer] += 1
            self.seconds.append(took)

    def share(self, percent: int) -> float:
        """Return the time below which `percent` of the requests stayed, in seconds."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


@contextlib.contextmanager
def serving(port: int, log: Path) -> Iterator[tuple[subprocess.Popen, float]]:
    """Start the installation as a person does; yield it with the seconds until it answered."""
    command = [sys.executable, "manage.py", "serve", "--prepare", "--port", str(port)]
    began = time.monotonic()
    with log.open("ab") as lines:
        server = subprocess.Popen(command, cwd=ROOT, stdout=lines, stderr=lines)
    try:
        while not _answers(port):
            if server.poll() is not None or time.monotonic() - began > PATIENCE:
                raise SystemExit(f"the server did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.02)
        yield server, time.monotonic() - began
    finally:
        server.terminate()
        server.wait(30)


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError, http.client.HTTPException):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    return False


def sign_in(count: int) -> list[tuple[str, int]]:
    """Enter `count` account managers, each with a case and a session; return session key and case number."""
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from tests import builders

    people = []
    for number in range(count):
        person = builders.user("manager", email=f"writer{number}@bench.example")
        case = builders.case(owner=person, now=timezone.now())
        session = SessionStore()
        session["_auth_user_id"] = str(person.pk)
        session["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
        session["_auth_user_hash"] = person.get_session_auth_hash()
        session.create()
        people.append((session.session_key, case.pk))
    return people


def lay_up(now) -> int:
    """Let every clock be due for its next rung; return how many wait."""
    from cases.models import Due

    return Due.objects.filter(closed_at=None, chase_at__gt=now).update(chase_at=now)


def write(port: int, session: str, case: int, until: float, told: Told) -> None:
    """Leave note after note on one case, as fast as the answers come."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    sent = {
        "Cookie": f"goldseam={session}; csrftoken={TOKEN}",
        "X-CSRFToken": TOKEN,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    while time.monotonic() < until:
        began = time.monotonic()
        body = urlencode({"text": f"Called at {began}", "side": "ours"})
        try:
            line.request("POST", f"/cases/RC-{case}/write/note/", body, sent)
            answer = line.getresponse()
            answer.read()
            told.note(str(answer.status), time.monotonic() - began)
        except (OSError, http.client.HTTPException) as error:
            told.note(type(error).__name__, time.monotonic() - began)
            line.close()


def write_file(path: Path) -> None:
    """Write complaints to import."""
    from cases.importing.mapping import CFPB_COLUMNS

    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(CFPB_COLUMNS)
        for number in range(IMPORTED):
            day = f"2023-{number % 12 + 1:02}-{number % 28 + 1:02}"
            said = [day, "Mortgage", "Payments", "", "", f"Bank {number % 90}", "Web"]
            rows.writerow([*said, day, "Closed with explanation", "Yes", "N/A", number])


def beside(name: str, *arguments: str) -> subprocess.Popen:
    """Start a management command in a process of its own."""
    command = [sys.executable, "manage.py", name, *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def storm(port: int, people: list[tuple[str, int]], seconds: int, file: Path) -> tuple[Told, list[subprocess.Popen]]:
    """Let everybody write at once beside a sweep and an import; return what was met."""
    told, until = Told(), time.monotonic() + seconds
    others = [beside("import_complaints", str(file), "--mapping", "cfpb"), beside("shell", "-v", "0", "-c", SWEEP)]
    writers = [threading.Thread(target=write, args=(port, *person, until, told)) for person in people]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    return told, others


def memory(pid: int) -> float:
    """Return the most memory the process has held, in MB."""
    return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def report(told: Told, others: list[subprocess.Popen], log: Path) -> int:
    """Print what happened; return how many errors there were."""
    print(f"{len(told.seconds)} writes by {WRITERS} people, answers {dict(told.answers)}")
    print(f"seconds a write: median {told.share(50):.2f}, p95 {told.share(95):.2f}, longest {max(told.seconds):.2f}")
    errors = sum(count for answer, count in told.answers.items() if answer not in ("302", "303"))
    for other in others:
        said = other.communicate(timeout=PATIENCE)[0].strip()
        errors += other.returncode != 0
        print(f"{other.args[2]}: {said.splitlines()[-1] if said else ''}")
    found = WRONG.findall(log.read_text())
    print(f"lines of error in the server's log: {len(found)}")
    return errors + len(found)


def main() -> int:
    """Measure and print; return the exit status."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--port", type=int, default=8212)
    reader.add_argument("--seconds", type=int, default=10)
    reader.add_argument("--no-demo", action="store_true")
    asked = reader.parse_args()
    with tempfile.TemporaryDirectory(prefix="goldseam-bench-") as folder:
        for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL"):
            os.environ.pop(name, None)
        demonstration = "0" if asked.no_demo else "1"
        os.environ |= {"GOLDSEAM_DATA_DIR": folder, "GOLDSEAM_DEMONSTRATION": demonstration}
        os.environ["DJANGO_SETTINGS_MODULE"] = "recovery.settings"
        return measure(Path(folder), asked.port, asked.seconds)


def measure(folder: Path, port: int, seconds: int) -> int:
    """Start twice, storm once; return the exit status."""
    log, file = folder / "server.log", folder / "complaints.csv"
    write_file(file)
    with serving(port, log) as (_, first):
        print(f"first start: {first:.1f} s")
    import django

    django.setup()
    from django.utils import timezone

    people = sign_in(WRITERS)
    print(f"{lay_up(timezone.now())} clocks wait to be chased")
    with serving(port, log) as (server, again):
        idle = memory(server.pid)
        told, others = storm(port, people, seconds, file)
        errors = report(told, others, log)
        most = memory(server.pid)
    print(f"second start: {again:.2f} s; memory {idle:.0f} MB after the start, {most:.0f} MB at most; errors: {errors}")
    return 0 if not errors and again <= START_S and most <= MEMORY_MB else 1


if __name__ == "__main__":
    sys.exit(main())
