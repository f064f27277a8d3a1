"""A world at work whose real Celery worker is killed again and again, and what has to be true of it afterwards.

Half of the kills hit one process of the worker's pool in the middle of what it does, some the whole worker at once,
as a power failure would. In between cases are opened and sweeps asked for. What a minute of waiting frees by itself
(the lease of a sweep) is freed at once, so that every kill meets a busy worker.
"""

import contextlib
import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from cases import chasing, defaults, heeding, search, timeline
from cases.models import Calendar, CalendarVersion, Case, Chase, Due, Event, Sweep
from cases.timeline import Kind
from mail import delivery
from mail.models import Message, MessageState
from recovery.celery import app
from tests import builders, real_worker
from tests.postbox import Postbox

WHOLE_EVERY = 7  # each seventh kill takes the whole worker
TASKS = ("cases.tasks.chase", "mail.tasks.deliver", "cases.tasks.heed_mail", "cases.tasks.chase")
OPENED = 3
AGES = (2.1, 3.3, 4.2, 30.0)  # hours since it was logged: past half of four, past 80 %, past due, long past
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = {"timezone": "UTC", "hours": {day: [["00:00", "24:00"]] for day in WEEK}}


@dataclass(frozen=True)
class Outcome:
    """What a run came to."""

    kills: int
    busy: int
    letters: int
    repeats: int
    problems: list[str]


def rage(*, kills: int, seed: int, box: Postbox, log: Path) -> Outcome:
    """Kill so often, let the world recover, and return what is wrong with it."""
    chance = random.Random(seed)
    owners = _world()
    done = busy = 0
    while done < kills:
        with real_worker.started(log=log) as worker:
            while done < kills:
                _work(owners, chance)
                time.sleep(chance.uniform(0.02, 0.35))
                done += 1
                busy += Message.objects.filter(state=MessageState.SENDING).exists() or _held()
                if done % WHOLE_EVERY == 0:
                    worker.kill()
                    break
                _kill_one(worker, chance)
    _recover()
    return Outcome(done, busy, len(box.letters), _repeats(box), [*_unsent(), *_told_twice(), *_untold(), *_broken()])


def _world() -> list:
    """Open around the clock, so that no letter waits for the morning."""
    defaults.install()
    office = Calendar.objects.get(is_default=True)
    CalendarVersion.objects.create(calendar=office, number=2, facts=ALWAYS, made_at=timezone.now())
    team = builders.team()
    team.lead = builders.user("lead", of=team)
    team.save()
    builders.user("chair")
    return [builders.user(of=team) for _ in range(3)]


def _work(owners: list, chance: random.Random) -> None:
    """Open some cases that are due for a rung, and ask for the sweeps."""
    Sweep.objects.update(lease_until=None)
    for _ in range(OPENED):
        opened = timezone.now() - timedelta(hours=chance.choice(AGES))
        builders.case(owner=chance.choice(owners), now=opened, with_defaults=False)
    for name in TASKS:
        app.send_task(name, expires=55)


def _held() -> bool:
    return Sweep.objects.filter(lease_until__isnull=False).exists()


def _kill_one(worker: real_worker.Worker, chance: random.Random) -> None:
    """Kill one process of the pool; the worker starts another in its place."""
    pool = real_worker.pool_of(worker)
    if pool:
        with contextlib.suppress(ProcessLookupError):
            os.kill(chance.choice(pool), signal.SIGKILL)


def _recover() -> None:
    """Let every sweep run in peace, after the leases of letters have run out."""
    later = timezone.now() + timedelta(minutes=10)
    for _ in range(3):
        chasing.chase_due(later)
        while delivery.deliver_due(later).sent:
            pass
        heeding.heed_mail(later)
    search.index_due(later)


def _repeats(box: Postbox) -> int:
    """Count letters the mail server took more than once: the sender died before it could note that."""
    taken = Counter(letter.message["Message-ID"] for letter in box.letters)
    return taken.total() - len(taken)


def _unsent() -> list[str]:
    rows = Message.objects.exclude(state=MessageState.SENT).values_list("pk", "template", "state", "error")
    return [f"letter {pk} ({template}) is {state}: {error}" for pk, template, state, error in rows]


def _told() -> Counter:
    """Count in letters how often a person hears of one clock's rung."""
    found: Counter = Counter()
    for letter in Message.objects.filter(template__in=["chase", "chases"]):
        items = letter.facts.get("items") or [letter.facts]
        found.update((letter.facts["reader"], item["due"], item["rung"]) for item in items)
    return found


def _told_twice() -> list[str]:
    return [f"{key} stands in {times} letters" for key, times in _told().items() if times > 1]


def _untold() -> list[str]:
    """Compare what the timelines say was told with what the letters say, and look for rungs nobody climbed."""
    clocks = {(due.case_id, due.kind, due.ref): due.pk for due in Due.objects.all()}
    said = set()
    for event in Event.objects.filter(kind=Kind.CHASED):
        facts = event.facts
        due = clocks[event.case_id, facts["due"], facts["ref"]]
        said |= {(person, due, facts["rung"]) for person in facts["told"]}
    written = set(_told())
    waiting = Due.objects.filter(closed_at=None, chase_at__lte=_now()).count()
    problems = [f"{key} was told, but stands in no letter" for key in said - written if not _overtaken(key, written)]
    problems += [f"{key} stands in a letter, but not in the timeline" for key in written - said]
    return problems + ([f"{waiting} clocks are due and were not chased"] if waiting else [])


def _overtaken(key: tuple[int, int, int], written: set[tuple[int, int, int]]) -> bool:
    """Tell whether a later rung took this one's place in a letter that had not left."""
    reader, due, rung = key
    return any((person, clock) == (reader, due) and higher > rung for person, clock, higher in written)


def _broken() -> list[str]:
    wrong = {case.pk: timeline.faults(case.pk) for case in Case.objects.all()}
    told = Event.objects.filter(kind=Kind.CHASED).count()
    climbed = Chase.objects.filter(overtaken=False).count()
    problems = [f"the timeline of {pk} is broken: {faults}" for pk, faults in wrong.items() if faults]
    return problems + ([f"{told} chases in the timelines, {climbed} rungs climbed"] if told != climbed else [])


def _now() -> datetime:
    return timezone.now()
