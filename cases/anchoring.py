"""The daily anchor: one digest over the heads of all timelines, kept in the administration log.

A chain shows a changed event, but not that its tail was cut off together with the note of where it ends. The anchor
does: it names how every timeline stood at the beginning of a day, and leaves the house in the council's weekly letter.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts import admin_log
from accounts.models import AdminEvent
from cases.models import Event

SWEEP = "anchor"
KIND = "timeline_anchored"
AT = time(3, 10)  # when nothing begun the day before is still being written
CHECKED = 7


@dataclass(frozen=True)
class Anchor:
    """How all timelines stood at the beginning of `day`, where the company is."""

    day: date
    digest: str
    cases: int
    events: int


def anchor_due(now: datetime) -> int:
    """Anchor the day it now is, once; return how many anchors were written."""
    day = now.astimezone(ZoneInfo(settings.HOME_ZONE)).date()
    if AdminEvent.objects.filter(kind=KIND, facts__day=day.isoformat()).exists():
        return 0
    found = stood(day)
    facts = {"day": day.isoformat(), "digest": found.digest, "cases": found.cases, "events": found.events}
    with transaction.atomic():
        admin_log.record(actor=None, kind=KIND, facts=facts, now=now)
    return 1


def next_turn(now: datetime) -> datetime:
    """Return the next moment at which an anchor is due: early each morning, where the company is."""
    zone = ZoneInfo(settings.HOME_ZONE)
    local = now.astimezone(zone)
    today = datetime.combine(local.date(), AT, tzinfo=zone)
    return today if today > local else datetime.combine(local.date() + timedelta(days=1), AT, tzinfo=zone)


def newest() -> AdminEvent | None:
    """Return the newest anchor, or None."""
    return AdminEvent.objects.filter(kind=KIND).order_by("-id").first()


def broken() -> list[date]:
    """Return the days, of the last seven anchored ones, whose anchor does not fit the timelines any more."""
    anchors = AdminEvent.objects.filter(kind=KIND).order_by("-id")[:CHECKED]
    days = [(date.fromisoformat(row.facts["day"]), row.facts) for row in anchors]
    return sorted(day for day, facts in days if stood(day).digest != facts["digest"])


def stood(day: date) -> Anchor:
    """Return how all timelines stood at the beginning of a day. One statement, read row by row."""
    digest, cases, events = hashlib.sha256(), 0, 0
    for case_id, seq, head in _heads(datetime.combine(day, time.min, tzinfo=ZoneInfo(settings.HOME_ZONE))):
        digest.update(f"{case_id}:{seq}:{head}\n".encode())
        cases, events = cases + 1, events + seq
    return Anchor(day, digest.hexdigest(), cases, events)


def _heads(before: datetime) -> Iterator[tuple[int, int, str]]:
    later = Event.objects.filter(case=OuterRef("case"), seq__gt=OuterRef("seq"), at__lt=before)
    rows = Event.objects.filter(~Exists(later), at__lt=before).order_by("case_id")
    return rows.values_list("case_id", "seq", "hash").iterator(chunk_size=2_000)
