"""The whole installation in one process: web server, worker and timetable as threads.

Without a REDIS_URL the queue lives in this process too. Whatever is queued when it stops is lost, and nothing
is lost by that: every job is a row, and the timetable's next tick finds it again.
"""

import contextlib
import signal
import socket
import sys
import threading
from collections.abc import Callable

from celery import signals
from celery.beat import Scheduler, Service
from celery.worker import WorkController, state
from cheroot import wsgi

from recovery.celery import app
from recovery.tasks import heartbeat

WEB_THREADS = 16
WAITING = 128
TASK_THREADS = 4
GRACE = 10


class PortTaken(Exception):
    """The address to listen on is not free."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"Cannot listen on {host}:{port}: another program has it. Choose another with --port.")


def refuse_taken_port(host: str, port: int) -> None:
    """Raise PortTaken when somebody listens on `port` already, before anything else is done."""
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
        raise PortTaken(host, port)


class Embedded:
    """Three long-running parts that start together; they stop when one of them ends or a signal comes."""

    def __init__(self, application: Callable, *, host: str, port: int) -> None:
        self.stop = threading.Event()
        self.failed: list[str] = []
        # Fifty people may press a button at once: who waits for a thread waits in the queue and is not turned away.
        self.web = wsgi.Server(
            (host, port), application, numthreads=WEB_THREADS, shutdown_timeout=GRACE, request_queue_size=WAITING
        )
        self._listen(host, port)
        app.conf.queue_is_read = True
        self.worker = _worker()
        self.beat = Service(app, scheduler_cls=Scheduler, max_interval=1)
        self.threads = [self._guarded(part) for part in (self.web.serve, self.worker.start, self.beat.start)]

    def _listen(self, host: str, port: int) -> None:
        """Bind before any thread starts, so that a taken port is a plain refusal."""
        try:
            self.web.prepare()
        except OSError as error:
            raise PortTaken(host, port) from error

    def _guarded(self, part: Callable) -> threading.Thread:
        return threading.Thread(target=self._run, args=(part,), name=part.__qualname__, daemon=True)

    def _run(self, part: Callable) -> None:
        """Run one part; its end before the stop, by itself or by an error, stops the others."""
        try:
            part()
        finally:
            if not self.stop.is_set():
                self.failed.append(part.__qualname__)
                self.stop.set()

    def run(self) -> int:
        """Serve until stopped. Return 0 after an orderly stop, 1 when a part ended by itself."""
        for thread in self.threads:
            thread.start()
        heartbeat.apply_async(expires=55)  # else the timetable's first comes only after half a minute
        while not self.stop.wait(0.5):
            pass
        self._close()
        for part in self.failed:
            print(f"{part} ended by itself; see the lines above.", file=sys.stderr)
        return 1 if self.failed else 0

    def _close(self) -> None:
        """Let running requests and tasks finish, at most GRACE seconds each."""
        self.web.stop()
        self.beat.stop()
        state.should_stop = 0
        for thread in self.threads:
            thread.join(GRACE)
        state.should_stop = None
        app.conf.queue_is_read = False


def _worker() -> WorkController:
    """Make a worker that lives in a thread: no signal handlers, no talk with other workers."""
    signals.setup_logging.connect(_keep_logging, weak=False)
    return WorkController(
        app=app,
        pool="threads",
        concurrency=TASK_THREADS,
        hostname="embedded@localhost",
        without_heartbeat=True,
        without_mingle=True,
        without_gossip=True,
    )


def _keep_logging(**_: object) -> None:
    """Answer Celery that logging is already set up."""


def serve(application: Callable, *, host: str, port: int) -> int:
    """Serve `application`, worker and timetable until Ctrl-C or SIGTERM; return the exit code.

    Raises PortTaken when `port` is not free.
    """
    embedded = Embedded(application, host=host, port=port)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: embedded.stop.set())
    return embedded.run()
