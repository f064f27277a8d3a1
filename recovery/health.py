"""Whether the parts work together: each check answers with a fault in words, or with nothing."""

from datetime import datetime, timedelta

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import Heartbeat
from recovery.celery import app

QUEUE = "queue"
FRESH = timedelta(minutes=2)


def beat(*, now: datetime) -> None:
    """Note that the timetable, the queue and a worker brought a task here at `now`."""
    Heartbeat.objects.update_or_create(name=QUEUE, defaults={"at": now})


def faults(*, now: datetime) -> dict[str, str]:
    """Return what is not in order, by part; empty when ready. Never raises (promise R12).

    Nothing that needs the database is asked once the database itself is at fault.
    """
    checks = {"database": database_fault, "migrations": migrations_fault, "broker": broker_fault}
    found = {part: fault for part, check in checks.items() if (fault := _fault_of(check))}
    if "database" not in found and "migrations" not in found:
        found |= {"heartbeat": fault} if (fault := _fault_of(lambda: heartbeat_fault(now=now))) else {}
        found |= {"timeline": fault} if (fault := _fault_of(timeline_fault)) else {}
    return found


def _fault_of(check) -> str:
    try:
        return check()
    except Exception as error:  # a check that cannot be made has failed
        return f"{type(error).__name__}: {error}".splitlines()[0]


def database_fault() -> str:
    """Ask the database for one row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return "" if cursor.fetchone() == (1,) else "does not answer a plain question"


def migrations_fault() -> str:
    """Compare the migrations applied with those in the code."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} waiting: run manage.py migrate" if waiting else ""


def broker_fault() -> str:
    """Open a connection to the queue."""
    with app.connection_for_write() as queue:
        queue.ensure_connection(max_retries=1, timeout=3)
    return ""


def heartbeat_fault(*, now: datetime) -> str:
    """Ask how old the last sign of life through the queue is."""
    last = Heartbeat.objects.filter(name=QUEUE).values_list("at", flat=True).first()
    if last is None:
        return "no task has come through the queue yet"
    age = now - last
    return f"last sign of life {age.total_seconds():.0f} s ago" if age > FRESH else ""


def timeline_fault() -> str:
    """Ask whether the triggers that keep the timeline append-only are there."""
    from cases import seal

    return "" if seal.present(connection) else "not sealed: run manage.py migrate"
