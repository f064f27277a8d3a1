"""The weekly letter to the council: the same figures as on its page, what waits, and the anchor of the timelines."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from accounts.models import User
from cases import anchoring
from council import bench, walls
from council.figures.strip import Strip, strip
from mail import outbox

SWEEP = "weekly"
AT = time(7)
DAY = timedelta(days=1)


def next_turn(now: datetime) -> datetime:
    """Return the next Monday at seven, where the company is."""
    zone = ZoneInfo(settings.HOME_ZONE)
    local = now.astimezone(zone)
    monday = local.date() - local.weekday() * DAY
    this = datetime.combine(monday, AT, tzinfo=zone)
    return this if this > local else datetime.combine(monday + 7 * DAY, AT, tzinfo=zone)


def write_due(now: datetime) -> int:
    """Queue this week's letter to every member and sponsor, each once however often it runs; return to how many."""
    sitting = bench.sitting()
    people = {person.pk: person for person in (*sitting.members, *sitting.sponsors)}
    week = monday_of(now)
    for person in people.values():
        _write(person, week, now)
    return len(people)


def monday_of(now: datetime) -> date:
    """Return the Monday of the week it now is, where the company is."""
    today = now.astimezone(ZoneInfo(settings.HOME_ZONE)).date()
    return today - today.weekday() * DAY


@transaction.atomic
def _write(person: User, week: date, now: datetime) -> None:
    outbox.queue(
        key=f"weekly-{week.isoformat()}-{person.pk}",
        template="weekly",
        to=[(person.name, person.email)],
        facts={
            **_figures(strip(person, now)),
            **_waiting(now),
            **_anchor(),
            "first_name": person.first_name,
            "zone": person.zone,
            "week_on": week.isoformat(),
            "currency": settings.HOME_CURRENCY,
            "council_url": f"{settings.PUBLIC_URL}/council/",
            "figures_url": f"{settings.PUBLIC_URL}/council/figures/",
            "before_url": f"{settings.PUBLIC_URL}/before/?scope=everyone",
        },
        now=now,
        language=person.language,
        to_staff=True,
    )


def _figures(found: Strip) -> dict:
    """Return the six figures as numbers; the letter words them."""
    confirmed, before = found.confirmed.seconds, found.confirmed_before.seconds
    return {
        "stake": found.at_stake.likely,
        "open": found.at_stake.cases,
        "in_time": found.acknowledged.value,
        "in_time_goal": found.acknowledged.measure.goal,
        "confirmed": None if confirmed is None else int(confirmed),
        "confirmed_before": None if before is None else int(before),
        "by_word": found.ends.value,
        "silent": found.silent_percent,
        "reopened": found.reopened.value,
        "recurred": found.recurred.value,
        "recurred_goal": found.recurred.measure.goal,
        "heard": None if found.heard.value is None else str(found.heard.value),
        "answers": found.heard.of,
    }


def _waiting(now: datetime) -> dict:
    found = walls.waiting(now, confidential=True)
    return {"decisions": found.decisions, "late": found.decisions_late, "steps_late": found.steps_late}


def _anchor() -> dict:
    found = anchoring.newest()
    if found is None:
        return {"anchor": ""}
    return {"anchor": found.facts["digest"], "anchor_on": found.facts["day"], "anchored": found.facts["cases"]}
