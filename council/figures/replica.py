"""Figures read from a copy of the database where there is one, so that counting never keeps those waiting who write.

The copy follows a second or two behind. Writing, and whatever is read for writing, stays where it was.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

import structlog
from django.db import OperationalError, connections
from django.http import HttpRequest, HttpResponse

COPY = "replica"
View = Callable[..., HttpResponse]
log = structlog.get_logger(__name__)
_reads_copy: ContextVar[bool] = ContextVar("reads_copy", default=False)


class Router:
    """Sends reading to the copy while somebody looks at figures, and everything else to the database itself."""

    def db_for_read(self, model: type, **hints: Any) -> str | None:
        """Return the copy inside `from_copy`, else leave the choice to Django."""
        return COPY if _reads_copy.get() else None

    def db_for_write(self, model: type, **hints: Any) -> str:
        """Return the database itself, whatever was read where."""
        return "default"

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """Allow every pair: both databases hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Keep migrations off the copy, which gets them by itself."""
        return db != COPY


@contextmanager
def from_copy() -> Iterator[None]:
    """Read from the copy inside the block; from the database itself where there is no copy or it does not answer."""
    token = _reads_copy.set(_answers())
    try:
        yield
    finally:
        _reads_copy.reset(token)


def reads_copy(view: View) -> View:
    """Let a page of figures read from the copy."""

    @wraps(view)
    def reading(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with from_copy():
            return view(request, *args, **kwargs)

    return reading


def _answers() -> bool:
    if COPY not in connections:
        return False
    try:
        connections[COPY].close_if_health_check_failed()  # one kept open may have died since
        connections[COPY].ensure_connection()
    except OperationalError as error:
        log.warning("replica_away", error=str(error))
        return False
    return True
