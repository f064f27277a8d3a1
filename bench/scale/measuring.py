"""One process a database: it signs two people in, and times pages and floor in turn when it is told to.

Requests go through Django's test client: the whole of the product but for the socket, for pages and floor alike.
"""

import gc
import json
import multiprocessing
import os
import time
from dataclasses import dataclass
from typing import Any

from bench.scale.pages import Page


@dataclass(frozen=True)
class Timed:
    """Milliseconds of a page and of the floor measured between its requests."""

    page: float
    floor: float


class Bench:
    """The process that measures one database, seen from outside."""

    def __init__(self, url: str) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(url, theirs), daemon=True)
        self._process.start()

    def ask(self, name: str, *given) -> Any:
        """Have it do something and return what came of it. Raise RuntimeError with its words where it failed."""
        self._pipe.send((name, given))
        worked, answer = self._pipe.recv()
        if not worked:
            raise RuntimeError(answer)
        return answer

    def end(self) -> None:
        """Let the process go."""
        self._pipe.send(("", ()))
        self._process.join(10)


def _serve(url: str, pipe) -> None:
    os.environ["DATABASE_URL"] = url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery.settings")
    import traceback

    worker = Worker()
    while (asked := pipe.recv())[0]:
        try:
            pipe.send((True, getattr(worker, asked[0])(*asked[1])))
        except Exception:
            pipe.send((False, traceback.format_exc()))


class Worker:
    """What goes on inside the process."""

    def __init__(self) -> None:
        import django
        from django.conf import settings

        django.setup()
        settings.ROOT_URLCONF = "bench.scale.floor"
        from django.test import Client

        from bench.scale import pages
        from recovery.prepare import collect_static

        collect_static()
        self.pages = list(pages.everything())
        self.clients = {}
        for who, user in pages.readers().items():
            self.clients[who] = Client(SERVER_NAME="localhost")
            self.clients[who].force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        self._number = 0
        for page in self.pages:
            self._one(page)
            self._floor(page)
        gc.collect()
        gc.freeze()

    def names(self) -> list[Page]:
        """Return what is measured, without the forms, which do not travel."""
        return [Page(one.name, one.who, one.url, one.limit, one.grows) for one in self.pages]

    def round(self) -> list[Timed]:
        """Time every page and the floor in turn; the figures are made before, as the sweep makes them each minute."""
        self._keep_up()
        return [self._timed(page) for page in self.pages]

    def _keep_up(self) -> None:
        from django.utils import timezone

        from council.figures import upkeep

        upkeep.keep_up(timezone.now())

    def _timed(self, page: Page) -> Timed:
        floor = self._floor(page)
        return Timed(self._one(page), floor)

    def _floor(self, page: Page) -> float:
        return self._time(page.who, "/floor/insert/" if page.form else "/floor/", {"text": "x"} if page.form else None)

    def _one(self, page: Page) -> float:
        self._number += 1
        return self._time(page.who, page.url, page.form(self._number) if page.form else None)

    def _time(self, who: str, url: str, form: dict | None) -> float:
        client = self.clients[who]
        began = time.perf_counter()
        answer = client.get(url) if form is None else client.post(url, form)
        took = time.perf_counter() - began
        if answer.status_code not in (200, 302, 303) or "/account/" in answer.get("Location", ""):
            raise RuntimeError(f"{url} answered {answer.status_code} {answer.get('Location', '')}")
        return 1000 * took

    def touched(self) -> list[int | None]:
        """Return how many pages of the database the statements of each page touch; None for what writes."""
        self._keep_up()
        return [None if page.form else sum(self._plans(page).values()) for page in self.pages]

    def sizes(self) -> list[int]:
        """Return the bytes of HTML of each page."""
        return [0 if one.form else len(self.clients[one.who].get(one.url).content) for one in self.pages]

    def statements(self, place: int) -> list[tuple[str, int]]:
        """Return the statements of one page with what each touches, the heaviest first."""
        return sorted(self._plans(self.pages[place]).items(), key=lambda one: -one[1])

    def _plans(self, page: Page) -> dict[str, int]:
        from django.db import connection

        asked = []

        def noted(execute, sql, params, many, context):
            asked.append((sql, params))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(noted):
            self.clients[page.who].get(page.url)
        reads = [(sql, params) for sql, params in asked if sql.lstrip().upper().startswith(("SELECT", "WITH", "("))]
        found: dict[str, int] = {}
        for sql, params in reads:
            found[sql] = found.get(sql, 0) + _buffers(connection, sql, params)
        return found


def _buffers(connection, sql: str, params) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0]
    plan = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    return sum(plan.get(f"{kind} {how} Blocks", 0) for kind in ("Shared", "Local") for how in ("Hit", "Read"))
