"""Letters a second through one SMTP connection to a loopback server in a process of its own (promise P6).

    python bench/delivery.py [LETTERS]        1,000 unless told otherwise

Works in a database of its own, made and dropped like a test database, on whatever DATABASE_URL names. Ends with
status 1 below 100 letters a second.
"""

import asyncio
import logging
import multiprocessing
import os
import socket
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery.settings")

PROMISED = 100  # letters a second


def serve(port: int, ready) -> None:
    """Take every letter and forget it, until the process ends."""
    from aiosmtpd.handlers import Sink
    from aiosmtpd.smtp import SMTP

    logging.disable()  # the server's talk costs more than its work

    async def run() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Sink(), loop=loop), "127.0.0.1", port)
        ready.set()
        await server.serve_forever()

    asyncio.run(run())


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def queue_letters(count: int, now) -> None:
    """Queue `count` letters, each with a customer link and a thread."""
    from datetime import timedelta

    from django.db import transaction

    from accounts import passes
    from mail import links, outbox

    with transaction.atomic():
        for number in range(count):
            link = passes.issue(purpose="confirm", target=f"c-{number}", now=now, lifetime=timedelta(days=90))
            outbox.queue(
                key=f"bench-{number}",
                template="test",
                to=[("Anna Roth", f"anna{number}@halden.example")],
                facts={"name": "Anna", "confirm_url": f"https://a.example/confirm/{links.mark_of(link)}/"},
                now=now,
                thread=outbox.open_thread(key=f"bench-{number}"),
            )


def measure(count: int) -> float:
    """Return letters a second for `count` letters, checking that each was sent."""
    from django.utils import timezone

    from mail.delivery import deliver_due
    from mail.models import Message

    queue_letters(count, timezone.now())
    began, sent = time.perf_counter(), 0
    while sent < count and time.perf_counter() - began < 600:
        sent += deliver_due(timezone.now()).sent
    took = time.perf_counter() - began
    assert Message.objects.filter(state="sent").count() == count
    return count / took


def main() -> int:
    """Measure and print; return the exit status."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    import django
    from django.conf import settings
    from django.db import connection
    from django.test.utils import get_runner

    django.setup()
    settings.EMAIL_BACKEND_KIND, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp", "127.0.0.1", free_port()
    ready = multiprocessing.Event()
    server = multiprocessing.Process(target=serve, args=(settings.EMAIL_PORT, ready), daemon=True)
    server.start()
    ready.wait(10)
    runner = get_runner(settings)(verbosity=0, interactive=False)
    made = runner.setup_databases()
    try:
        speed = measure(count)
    finally:
        runner.teardown_databases(made)
        server.terminate()
    print(f"{connection.vendor}: {count} letters, {speed:.0f} a second (promised: {PROMISED})")
    return 0 if speed >= PROMISED else 1


if __name__ == "__main__":
    sys.exit(main())
