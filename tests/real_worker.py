"""A Celery worker as a process of its own, as in production, on the database of the running tests."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

from recovery.celery import app

PATIENCE = 30
ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Worker:
    """A running worker process and where it writes its lines."""

    process: subprocess.Popen
    log: Path

    def kill(self) -> None:
        """End it with all its processes at once, as a power failure would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextlib.contextmanager
def started(*, log: Path, with_timetable: bool = False) -> Iterator[Worker]:
    """Start a worker (with beat if wished) and wait until it answers; stop it at the end."""
    app.control.purge()
    command = [sys.executable, "-m", "celery", "-A", "recovery", "worker", "--concurrency", "2", "-l", "INFO"]
    with log.open("ab") as lines:
        process = subprocess.Popen(
            command + (["-B", "-s", str(log.with_suffix(".beat"))] if with_timetable else []),
            cwd=ROOT,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": database_url_of_tests()},
            stdout=lines,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_it_answers(process, log)
        yield Worker(process, log)
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)
        process.kill()


def pool_of(worker: Worker) -> list[int]:
    """Return the processes that do the worker's tasks."""
    pid = worker.process.pid
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def database_url_of_tests() -> str:
    """Return the DATABASE_URL of the test database that Django made for this run."""
    given = urlsplit(os.environ["DATABASE_URL"])
    return given._replace(path="/" + connection.settings_dict["NAME"]).geturl()


def _wait_until_it_answers(process: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        if app.control.ping(timeout=0.5):
            return
    raise RuntimeError(f"the worker did not start:\n{log.read_text(errors='replace')[-2000:]}")
