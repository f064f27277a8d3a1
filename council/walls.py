"""The wall display: a revocable link without sign-in, shown on a screen in the house, with no names of people."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Min, Q

from accounts import admin_log, passes
from accounts.models import Pass, Role, User
from cases.enums import DueKind
from cases.models import Due, Escalation, Signal
from cases.refusals import Refused
from council.figures.strip import Strip, strip
from council.models import Wall

LIFETIME = timedelta(days=400)
DAY = timedelta(days=1)
MAKERS = (Role.CHAIR, Role.SPONSOR, Role.ADMIN)
PURPOSE = Pass.Purpose.WALL


@dataclass(frozen=True)
class Waiting:
    """What waits, as numbers: decisions and since when, those late, steps late, promises of the next 24 hours."""

    decisions: int
    oldest_at: datetime | None
    decisions_late: int
    steps_late: int
    promises_today: int


@dataclass(frozen=True)
class Shown:
    """What hangs on the wall: numbers only, confidential cases left out."""

    figures: Strip
    waiting: Waiting
    signals: int


@transaction.atomic
def hang(*, actor: User, place: str, now: datetime) -> tuple[Wall, str]:
    """Make a link for one screen; return it with its token, which is shown this once and stored nowhere.

    Raise `Refused` for others than chair, sponsor and administrators, and without a place.
    """
    _check(actor)
    if not place.strip():
        raise Refused("Say where the display hangs, so that you know which one to take down.", field="place")
    link = passes.issue(purpose=PURPOSE, target=f"wall-{place.strip()}"[:80], now=now, lifetime=LIFETIME)
    wall = Wall.objects.create(place=place.strip()[:120], link=link, made_by=actor, made_at=now)
    admin_log.record(actor=actor, kind="wall_hung", facts={"wall": wall.pk}, now=now)
    return wall, passes.token_of(link)


@transaction.atomic
def take_down(*, wall: Wall, actor: User, now: datetime) -> None:
    """Make the link useless from now on."""
    _check(actor)
    taken = Pass.objects.filter(pk=wall.link_id, revoked_at=None).update(revoked_at=now)
    if not taken:
        raise Refused("This display was taken down already.")
    admin_log.record(actor=actor, kind="wall_taken_down", facts={"wall": wall.pk}, now=now)


def may_hang(user: User) -> bool:
    """Tell whether this person makes and revokes links of the display."""
    return user.has_role(*MAKERS)


def hanging(now: datetime) -> list[Wall]:
    """Return the displays whose link works."""
    rows = Wall.objects.filter(link__revoked_at=None, link__expires_at__gt=now)
    return list(rows.select_related("link", "made_by"))


def behind(token: str, now: datetime) -> Wall | None:
    """Return the display a token opens; unknown, expired and revoked look the same."""
    link = passes.find(token=token, purpose=PURPOSE, now=now)
    return Wall.objects.select_related("made_by").filter(link=link).first() if link else None


def shown(wall: Wall, now: datetime) -> Shown:
    """Return what the display shows, whoever made it: what everybody may count. At most eight statements."""
    reader = wall.made_by
    reader.roles = ()  # in memory only: on a wall nobody counts more than everybody may
    signals = Signal.objects.filter(state=Signal.State.PROPOSED)[:1000].count()
    return Shown(strip(reader, now), waiting(now), signals)


def waiting(now: datetime, *, confidential: bool = False) -> Waiting:
    """Count what waits, with or without confidential cases. Two statements."""
    seen = Q() if confidential else Q(case__confidential=False)
    docket = Escalation.objects.filter(seen, decided_at=None).aggregate(all=Count("pk"), oldest=Min("opened_at"))
    running = Due.objects.filter(seen, closed_at=None, case__historical=False)
    found = running.aggregate(
        decisions=Count("pk", filter=Q(kind=DueKind.DECISION, due_at__lt=now)),
        steps=Count("pk", filter=Q(kind=DueKind.STEP, due_at__lt=now)),
        promises=Count("pk", filter=Q(kind=DueKind.PROMISE, due_at__gte=now, due_at__lt=now + DAY)),
    )
    return Waiting(docket["all"], docket["oldest"], found["decisions"], found["steps"], found["promises"])


def _check(actor: User) -> None:
    if not may_hang(actor):
        raise Refused("The chair, the sponsor and administrators hang up and take down displays.")
