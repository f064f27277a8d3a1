"""Two real worker processes climb the same ladder at the same time: each rung is told once (promises R2, R4)."""

import os
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import connection

from cases import chasing, timeline
from cases.enums import DueKind, EscalationReason
from cases.models import Case, Chase, Due, Escalation
from cases.timeline import Kind
from mail.models import Message, Notice, Recipient
from tests import builders, real_worker
from tests.builders import NOON
from tests.surveys import making

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
CASES = 24
MOMENTS = (NOON + timedelta(hours=2), NOON + timedelta(hours=4), NOON + timedelta(days=1), NOON + timedelta(days=3))


def chasers(moment: datetime, number: int = 2) -> list[int]:
    """Let so many processes chase from the same instant on; return what each climbed."""
    command = [sys.executable, "-m", "tests.faults.chaser", moment.isoformat()]
    told = {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": real_worker.database_url_of_tests()}
    piped = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    running = [
        subprocess.Popen(command, cwd=real_worker.ROOT, env={**os.environ, **told}, **piped) for _ in range(number)
    ]
    for one in running:
        assert one.stdout.readline() == "ready\n"
    for one in running:
        one.stdin.write("go\n")
        one.stdin.flush()
    answers = [one.communicate(timeout=60)[0] for one in running]
    assert [one.returncode for one in running] == [0] * number
    return [int(answer) for answer in answers]


def due_at(moment: datetime) -> int:
    return Due.objects.filter(closed_at=None, chase_at__lte=moment).count()


def told_in_letters() -> Counter:
    """Count how often a letter tells a person of one clock's rung, the letters waiting and gone together."""
    found: Counter = Counter()
    for letter in Message.objects.filter(template__in=["chase", "chases"]):
        items = letter.facts.get("items") or [letter.facts]
        found.update((letter.facts["reader"], item["due"], item["rung"]) for item in items)
    return found


@pytest.mark.usefixtures("transactional_db")
def test_r4_two_worker_processes_write_one_letter_a_rung():
    owners = [making.team_of_two()[0], builders.user(of=builders.team())]
    builders.user("chair")
    cases = [builders.case(owner=owners[number % 2]) for number in range(CASES)]

    for moment in MOMENTS:
        waiting = due_at(moment)
        answers = chasers(moment)
        assert (sum(answers), due_at(moment)) == (waiting, 0)

    climbed = Chase.objects.filter(overtaken=False).values_list("due__case", "due__kind", "due__ref", "rung")
    assert max(Counter(climbed).values()) == 1
    assert max(told_in_letters().values()) == 1
    assert Counter(Notice.objects.values_list("user", "key")).most_common(1)[0][1] == 1
    assert not Recipient.objects.filter(message__template__startswith="chase").exclude(
        address__endswith="@ours.example"
    )
    assert [timeline.faults(case.pk) for case in cases] == [[]] * CASES
    entries = Counter(Escalation.objects.filter(reason=EscalationReason.OVERDUE).values_list("case", flat=True))
    assert entries == {case.pk: 1 for case in Case.objects.all()}
    events = sum(case.events.filter(kind=Kind.CHASED).count() for case in cases)
    assert events == Chase.objects.filter(overtaken=False).count()


def test_p5_what_is_due_is_found_through_its_own_index():
    """Among clocks that are not due, without any nudge to the planner."""
    builders.case(owner=builders.user())
    pattern = Due.objects.order_by("pk").first()
    same = {name: getattr(pattern, name) for name in ("case_id", "started_at", "due_at", "calendar_version_id")}
    later = NOON + timedelta(days=900)
    Due.objects.bulk_create(Due(kind=DueKind.ACTION, ref=ref, chase_at=later, **same) for ref in range(5_000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_due")
    found = chasing.waiting(NOON + timedelta(hours=2)).explain(analyze=True, buffers=True)
    assert "due_to_chase" in found
    assert "Seq Scan" not in found
    assert buffers(found) <= 10


def buffers(plan: str) -> int:
    """Return how many pages the whole of a plan touched."""
    line = next(line for line in plan.splitlines() if "Buffers:" in line)
    return sum(int(part.split("=")[1]) for part in line.split() if part.startswith(("hit=", "read=")))
