"""Two acts that meet in the database: the second begins after the first did its work and before it commits."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, transaction

PATIENCE = 10  # seconds
_BLOCKED = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid = %s"
)


def overlapped(first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """Run both on connections of their own and return what each returned or raised.

    `first` stays uncommitted until `second` waits for it or has ended: the worst moment there is.
    """
    done, ended, backend = threading.Event(), threading.Event(), []

    def early() -> Any:
        with transaction.atomic():
            try:
                result = first()
            finally:
                done.set()
            _wait_until_blocked(backend, ended)
            return result

    def late() -> Any:
        done.wait(PATIENCE)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend.append(cursor.fetchone()[0])
        try:
            return second()
        finally:
            ended.set()

    return in_threads(early, late)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run all acts from the same moment on; return what each returned or raised."""
    start = threading.Barrier(len(acts))

    def waiting(act: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:
            start.wait(PATIENCE)
            return act()

        return run

    return in_threads(*map(waiting, acts))


def in_threads(*acts: Callable[[], Any]) -> list[Any]:
    """Run each act in a thread whose connection is closed at its end."""

    def closing(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except Exception as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(closing, acts))


def _wait_until_blocked(backend: list[int], ended: threading.Event) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not ended.is_set():
        if backend and _is_blocked(backend[0]):
            return
        time.sleep(0.01)


def _is_blocked(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_BLOCKED, [pid])
        return bool(cursor.fetchone()[0])
