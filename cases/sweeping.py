"""How every sweep runs: set by set, one bad row set aside, a short lease, and a rest between batches.

Sweeps pull what is due from the database, so that a broker that is down delays but never loses. They may overlap,
run late or run twice (promises R4, R5).
"""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import TypeVar

import structlog
from django.db import OperationalError, connection, transaction
from django.db.models import Q

from cases.models import SetAside, Sweep

LEASE = timedelta(minutes=1)  # so long a killed worker keeps others out, at most
RENEW_S = 15
WORK_S = 50  # then others have their turn; what is left waits for the next start
BREATH_S = 0.05
Row, Result = TypeVar("Row"), TypeVar("Result")
log = structlog.get_logger(__name__)


def run(name: str, now: datetime, work: Callable[[datetime], int]) -> int:
    """Run `work` unless another run holds the lease, and keep when it ran, how long and for how many rows.

    The lease is short and renewed as the work goes on, so that another worker takes over from one that was killed.
    """
    lease = Lease.take(name, now)
    if lease is None:
        return 0
    began, error, handled, outer = monotonic(), "", 0, _held.set(lease)
    try:
        handled = work(now)
    except Exception as problem:
        error = f"{type(problem).__name__}: {problem}"
        raise
    finally:
        _held.reset(outer)
        lease.give_back()
        took = int((monotonic() - began) * 1000)
        Sweep.objects.filter(name=name).update(ran_at=now, took_ms=took, handled=handled, error=error)
    return handled


def in_batches(work: Callable[[datetime], int]) -> Callable[[datetime], int]:
    """Return `work` repeated until it finds nothing more to do, or for 50 seconds; it returns the sum.

    For work that takes a limited number of rows at a time: a backlog is caught up in minutes, not in hours.
    """

    def again(now: datetime) -> int:
        began, done = monotonic(), 0
        while monotonic() - began < WORK_S and (some := work(now)):
            done += some
        return done

    return again


@dataclass
class Lease:
    """The right to run one sweep, until a moment that is moved on while the work goes on."""

    name: str
    until: datetime
    renewed: float

    @classmethod
    def take(cls, name: str, now: datetime) -> "Lease | None":
        """Take the lease if it is free or has run out."""
        Sweep.objects.bulk_create([Sweep(name=name)], ignore_conflicts=True)
        free = Sweep.objects.filter(name=name).filter(Q(lease_until=None) | Q(lease_until__lt=now))
        return cls(name, now + LEASE, monotonic()) if free.update(lease_until=now + LEASE) else None

    def keep(self) -> None:
        """Move its end on by as much as has passed, every few seconds of work."""
        passed = monotonic() - self.renewed
        if passed > RENEW_S and self._mine().update(lease_until=self.until + timedelta(seconds=passed)):
            self.until, self.renewed = self.until + timedelta(seconds=passed), monotonic()

    def give_back(self) -> None:
        """Let others run; a lease that ran out and was taken by another stays theirs."""
        self._mine().update(lease_until=None)

    def _mine(self):
        return Sweep.objects.filter(name=self.name, lease_until=self.until)


_held: ContextVar[Lease | None] = ContextVar("lease", default=None)


def turn(
    name: str, now: datetime, work: Callable[[datetime], int], *, following: Callable[[datetime], datetime]
) -> int:
    """Run `work` if its next turn has come, and plan the one `following`; return what it returned, else 0.

    For what is done daily or weekly. A first start only plans. `work` must do nothing a second time: a process that
    dies after it, before the next turn is planned, lets it run again.
    """
    Sweep.objects.bulk_create([Sweep(name=name)], ignore_conflicts=True)
    planned = Sweep.objects.values_list("next_at", flat=True).get(name=name)
    if planned is not None and planned > now:
        return 0
    done = run(name, now, work) if planned is not None else 0
    Sweep.objects.filter(name=name, next_at=planned).update(next_at=following(now))
    return done


def each(name: str, rows: Iterable[Row], act: Callable[[Row], object], *, now: datetime) -> int:
    """Do `act` to each row in a transaction of its own; set aside a row that breaks; return how many were acted on.

    An act that finds nothing left to do says so by returning False. A row the database itself stood in the way of
    (a lock, a deadlock) is no bad row: the next sweep tries it again. Raise what a lost connection raises.
    """
    done = 0
    began = monotonic()
    for row in rows:
        try:
            with transaction.atomic():
                done += act(row) is not False
        except OperationalError as problem:
            _postpone(name, row, problem)
        except Exception as problem:
            _set_aside(name, row, problem, now)
        began = _breathe(began)
    return done


def worked_out(
    name: str, rows: Iterable[Row], compute: Callable[[Row], Result], *, now: datetime
) -> list[tuple[Row, Result]]:
    """Return each row with what `compute` makes of it, for sweeps that write many rows at once.

    Nothing is written here but the row that breaks, which is set aside and left out.
    """
    found = []
    for row in rows:
        try:
            found.append((row, compute(row)))
        except OperationalError:
            raise
        except Exception as problem:
            _set_aside(name, row, problem, now)
    return found


def set_aside(name: str, kind: str) -> list[int]:
    """Return the ids this sweep leaves out."""
    return list(SetAside.objects.filter(sweep=name, kind=kind).values_list("ref", flat=True))


def rest() -> None:
    """Between two sets of rows keep the lease, and let other writers in where there is but one at a time."""
    _keep_lease()
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        sleep(BREATH_S)


def _keep_lease() -> None:
    lease = _held.get()
    if lease is not None:
        lease.keep()


def _postpone(name: str, row: Row, problem: OperationalError) -> None:
    if not connection.is_usable():
        raise problem
    log.warning("row_postponed", sweep=name, row=f"{type(row).__name__} {row.pk}", error=str(problem))


def _set_aside(name: str, row: Row, problem: Exception, now: datetime) -> None:
    log.exception("row_set_aside", sweep=name, row=f"{type(row).__name__} {row.pk}")
    SetAside.objects.get_or_create(
        sweep=name,
        kind=type(row).__name__,
        ref=row.pk,
        defaults={"error": f"{type(problem).__name__}: {problem}"[:2000], "at": now},
    )


def _breathe(began: float) -> float:
    """On SQLite let other writers in after 50 ms of work; inside a caller's transaction a rest would help nobody."""
    _keep_lease()
    alone = connection.vendor != "sqlite" or connection.in_atomic_block
    if alone or monotonic() - began < BREATH_S:
        return began
    sleep(BREATH_S)
    return monotonic()
