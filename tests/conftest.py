"""What every test may ask for: a frozen clock, a browser, a mail server, a real worker."""

import os
import signal
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

from cases import presence, seal, search, sweeping
from cases.policy import calendar_of, rules_of
from tests import mailbox_server, real_worker
from tests.browser import CHROMIUM_FLAGS, Watched, find_chromium
from tests.postbox import Postbox

REQUIRE_ALL = os.environ.get("GOLDSEAM_REQUIRE_ALL") == "1"
# Drawn histories are the same in every run, so that a failure is somebody's change; GOLDSEAM_DRAW=new draws others.
hypothesis.settings.register_profile("same", derandomize=os.environ.get("GOLDSEAM_DRAW") != "new")
hypothesis.settings.load_profile("same")
POSTGRES = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out, with the reason, what the servers of this lane cannot carry."""
    for item in items:
        if item.get_closest_marker("postgres") and not POSTGRES:
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL: set DATABASE_URL"))
        if item.get_closest_marker("worker") and not (POSTGRES and settings.REDIS_URL):
            reason = "a separate worker needs PostgreSQL and Redis: set DATABASE_URL and REDIS_URL"
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session", autouse=True)
def flush_lifts_the_seal() -> Iterator[None]:
    """Let the emptying of tables after a transactional test pass the append-only triggers; nothing else may.

    The search index is no table of a model, so Django would leave its rows to the next test.
    """
    with pytest.MonkeyPatch.context() as patch:
        teardown = TransactionTestCase._fixture_teardown

        def lifted(case: TransactionTestCase) -> None:
            with seal.lifted(connection):
                search.clear(connection)
                teardown(case)

        patch.setattr(TransactionTestCase, "_fixture_teardown", lifted)
        yield


@pytest.fixture(scope="session", autouse=True)
def nobody_waits_for_others() -> Iterator[None]:
    """Let a sweep on SQLite not rest between two batches: in a test nobody else waits to write."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweeping, "sleep", lambda seconds: None)
        yield


@pytest.fixture(autouse=True)
def fresh_rules() -> None:
    """Forget policies and calendars between tests: a version never changes, but a test taken back reuses its number."""
    rules_of.cache_clear()
    calendar_of.cache_clear()
    presence._in_zone.cache_clear()


@pytest.fixture
def clock() -> Iterator[Any]:
    """Freeze the time at Monday 2 March 2026, 10:00 in Zurich; `clock.move_to` and `clock.shift` move it."""
    with time_machine.travel(datetime(2026, 3, 2, 9, 0, tzinfo=UTC), tick=False) as frozen:
        yield frozen


@pytest.fixture
def postbox(settings) -> Iterator[Postbox]:
    """A real SMTP server on loopback, which the delivery of this test's letters is pointed at."""
    with Postbox() as box:
        settings.EMAIL_BACKEND_KIND = "smtp"
        settings.EMAIL_HOST, settings.EMAIL_PORT = box.host, box.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield box


@pytest.fixture
def imap() -> Iterator[mailbox_server.MailboxServer]:
    """A real IMAP server on loopback; skips with the reason where none is installed."""
    if mailbox_server.find_dovecot() is None:
        reason = "no Dovecot on this machine (Debian: apt install dovecot-imapd)"
        pytest.fail(reason) if REQUIRE_ALL else pytest.skip(reason)
    with tempfile.TemporaryDirectory(prefix="goldseam-imap-") as folder:
        os.chmod(folder, 0o755)  # the mail process runs as somebody else where the tests run as root
        with mailbox_server.MailboxServer(Path(folder)) as server:
            yield server


@pytest.fixture(scope="session")
def chromium():
    """One headless Chromium for all tests; skips with the reason where none is installed."""
    program = find_chromium()
    if program is None:
        reason = "no Chromium on this machine (Debian: apt install chromium)"
        pytest.fail(reason) if REQUIRE_ALL else pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # The driver keeps an event loop in this thread; the ORM is used from it in turn, never at once.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def patience() -> Iterator[None]:
    """Five minutes for one test in the browser: what waits for ever inside a page fails, and holds up no others."""

    def over(*_: object) -> None:
        raise TimeoutError("A page has kept this test waiting for more than five minutes.")

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(300)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def open_browser(chromium, live_server, patience):
    """A function that opens a page of its own on the live server: `open_browser(width=390, dark=True)`."""
    watched: list[Watched] = []

    def open_one(*, width: int = 1440, height: int = 900, dark: bool = False, **options: object) -> Watched:
        look = {"viewport": {"width": width, "height": height}, "color_scheme": "dark" if dark else "light"}
        context = chromium.new_context(base_url=live_server.url, **{"locale": "en-GB", **look, **options})
        watched.append(Watched(context))
        return watched[-1]

    yield open_one
    for one in watched:
        one.close()


@pytest.fixture
def browser_page(open_browser):
    """A desktop page on the live server. It fails the test at its end if the browser had anything to complain of."""
    one = open_browser()
    yield one.page
    assert one.complaints == []


@pytest.fixture
def celery_worker_process(transactional_db, tmp_path) -> Iterator[real_worker.Worker]:
    """A separate Celery worker on this test's database and Redis, ready to take tasks."""
    with real_worker.started(log=tmp_path / "worker.log") as worker:
        yield worker
