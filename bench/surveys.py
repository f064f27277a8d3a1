"""Surveys by the thousand: each leaves by SMTP, each is answered through the real pages, none is lost or doubled.

    python bench/surveys.py [SURVEYS]        10,000 unless told otherwise

Works in a database of its own, made and dropped like a test database, on whatever DATABASE_URL names. Two workers run
the tasks of the timetable, one asks and one delivers. The links come out of the letters a loopback mail server took.
Each customer opens the page, keeps a part, and sends the whole; every seventh presses the button twice, at the same
moment. Ends with status 1 where a letter or an answer is missing, double, or not the one that
was given, and on PostgreSQL where sending takes longer than promised (P6: 10,000 within 2 minutes).
"""

import asyncio
import logging
import multiprocessing
import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery.settings")

from bench.delivery import free_port

PROMISED_S = 0.012  # a letter: 10,000 in 2 minutes
BATCH = 500
READERS = 2  # processes that press
TASKS = ("surveys.tasks.invite", "mail.tasks.deliver")
TOKEN = re.compile(r"/survey/([\w-]{43})/\?satisfied=1")
ADDRESS = re.compile(r"ruth(\d+)@")


def serve(port: int, ready, taken) -> None:
    """Take every letter, and hand on whose it is and the link in it."""
    from aiosmtpd.smtp import SMTP

    logging.disable()

    class Reader:
        """Reads each letter as it comes."""

        async def handle_DATA(self, server, session, envelope):
            """Note the number in the address and the token of the link."""
            text = envelope.content.decode().replace("=\r\n", "").replace("=3D", "=")
            if token := TOKEN.search(text):  # the case that was multiplied had letters of other kinds too
                taken.put((int(ADDRESS.search(envelope.rcpt_tos[0])[1]), token[1]))
            return "250 OK"

    async def run() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Reader(), loop=loop), "127.0.0.1", port)
        ready.set()
        await server.serve_forever()

    asyncio.run(run())


def fill(count: int, now) -> None:
    """Multiply one case that the product brought to its confirmation, each with a customer and a contact of its own."""
    from cases.models import Case, Chain, Contact, Customer, Round, Step
    from cases.steps import resolve
    from tests.surveys import making

    asked = making.asked(opened=now - timedelta(days=6), now=now - timedelta(days=5))
    resolve.confirm(confirmation=asked, yes=True, text="", now=now - timedelta(days=4))
    pattern = Case.objects.get(pk=asked.case_id)
    Case.objects.filter(pk=pattern.pk).update(historical=True)  # itself it is not asked
    steps = list(Step.objects.filter(case=pattern))
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        firms = Customer.objects.bulk_create(Customer(name=f"Firm {n}", folded=f"firm {n}") for n in numbers)
        people = Contact.objects.bulk_create(
            Contact(customer=firm, name="Ruth Aebi", email=f"ruth{n}@customer.example")
            for n, firm in zip(numbers, firms, strict=True)
        )
        cases = Case.objects.bulk_create(copy(pattern, person) for person in people)
        Chain.objects.bulk_create(Chain(case=case) for case in cases)
        Round.objects.bulk_create(Round(case=case, number=1, began_at=now) for case in cases)
        Step.objects.bulk_create(copy_step(step, case) for case in cases for step in steps)


def copy(pattern, person):
    """Return the pattern as another person's case."""
    from cases.models import Case

    kept = {f.attname: getattr(pattern, f.attname) for f in Case._meta.concrete_fields if not f.primary_key}
    theirs = {"customer_id": person.customer_id, "reporter_id": person.pk, "confirmer_id": person.pk}
    return Case(**{**kept, **theirs, "historical": False, "form_token": "", "thread_id": None})


def copy_step(step, case):
    """Return a step of the pattern for another case."""
    from cases.models import Step

    kept = {f.attname: getattr(step, f.attname) for f in Step._meta.concrete_fields if not f.primary_key}
    return Step(**{**kept, "case_id": case.pk})


def work(task: str, over) -> None:
    """Be a worker that is asked for one task again and again, until all is done."""
    from recovery.celery import app

    app.loader.import_default_modules()
    logging.disable(logging.INFO)
    while not over.is_set():
        app.tasks[task].run()
        over.wait(0.5)


def send_all(count: int, taken) -> tuple[float, list]:
    """Let every survey leave; return the seconds it took, and (number, token) of each letter that arrived."""
    from django.db import connections

    connections.close_all()  # each worker has its own
    over, began = multiprocessing.Event(), time.perf_counter()
    workers = [multiprocessing.Process(target=work, args=(task, over)) for task in TASKS]
    for worker in workers:
        worker.start()
    letters = [taken.get(timeout=90) for _ in range(count)]
    took = time.perf_counter() - began
    over.set()
    for worker in workers:
        worker.join(60)
    return took, letters


def marks_of(number: int) -> dict[str, str]:
    """Return what this customer answers: good marks of their own, so that a mixed-up answer shows."""
    return {
        "satisfied": str(4 + number % 2),
        "heard": str(4 + number // 2 % 2),
        "easy": "5",
        "recommend": str(9 + number % 2),
        "words": f"Answer {number}",
    }


def answer(letter: tuple[int, str]) -> list[int]:
    """Open the page, keep a part, send the whole; every seventh presses twice. Return what the pages said."""
    from django.test import Client

    number, token = letter
    client, page, given = Client(enforce_csrf_checks=True), f"/survey/{token}/", marks_of(number)
    said = [client.get(f"{page}?satisfied=1").status_code]
    form = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    said.append(client.post(f"{page}keep/", {**form, "satisfied": given["satisfied"]}).status_code)
    presses = [(client, page, {**form, **given})] * (2 if number % 7 == 0 else 1)
    with ThreadPoolExecutor(len(presses)) as fingers:
        return said + list(fingers.map(press, presses))


def press(pressed: tuple) -> int:
    """Press the button once, on a connection of its own."""
    from django.db import connection

    client, page, form = pressed
    try:
        return client.post(page, form).status_code
    finally:
        connection.close()


def faults(count: int, letters: list, said: list[list[int]]) -> list[str]:
    """Return what is missing, double or wrong; nothing where every promise held."""
    from cases.models import Event
    from mail.models import Message
    from surveys.models import Answer, Invitation

    rows = Answer.objects.select_related("words", "invitation__contact")
    wrong = sum(
        {**{k: str(v) for k, v in row.marks.items()}, "words": row.words.text}
        != marks_of(int(ADDRESS.search(row.invitation.contact.email)[1]))
        for row in rows.iterator()
    )
    checks = {
        "letters that arrived": (len({number for number, _ in letters}), count),
        "different links": (len({token for _, token in letters}), count),
        "letters in the outbox": (Message.objects.filter(template="survey", state="sent").count(), count),
        "pages that said no": (sum(status not in (200, 302) for one in said for status in one), 0),
        "answers": (Answer.objects.filter(sent_at__isnull=False).count(), count),
        "answers of somebody else": (wrong, 0),
        "invitations answered": (Invitation.objects.filter(state="answered").count(), count),
        "answers on timelines": (Event.objects.filter(kind="survey_answered").count(), count),
    }
    return [f"{name}: {found:,} instead of {wanted:,}" for name, (found, wanted) in checks.items() if found != wanted]


def run(count: int, taken) -> tuple[float, float, list[str]]:
    """Send and answer; return the seconds of both, and what went wrong."""
    from django.utils import timezone

    fill(count, timezone.now())
    sending, letters = send_all(count, taken)
    began = time.perf_counter()
    with multiprocessing.Pool(READERS) as readers:
        said = readers.map(answer, letters, chunksize=20)
    return sending, time.perf_counter() - began, faults(count, letters, said)


def main() -> int:
    """Measure and print; return the exit status."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    import django
    from django.conf import settings
    from django.db import connection
    from django.test.utils import get_runner

    django.setup()
    settings.EMAIL_BACKEND_KIND, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp", "127.0.0.1", free_port()
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    ready, taken = multiprocessing.Event(), multiprocessing.Queue()
    server = multiprocessing.Process(target=serve, args=(settings.EMAIL_PORT, ready, taken), daemon=True)
    server.start()
    ready.wait(10)
    runner = get_runner(settings)(verbosity=0, interactive=False)
    made = runner.setup_databases()
    try:
        sending, answering, wrong = run(count, taken)
    finally:
        runner.teardown_databases(made)
        server.terminate()
    print(f"{connection.vendor}: {count:,} surveys left in {sending:.0f} s, {count / sending:.0f} a second")
    print(f"{count:,} answers through the pages in {answering:.0f} s, {count / answering:.0f} a second")
    print("\n".join(wrong) or "none lost, none doubled, none mixed up")
    late = connection.vendor == "postgresql" and sending > PROMISED_S * count
    return 1 if wrong or late else 0


if __name__ == "__main__":
    sys.exit(main())
