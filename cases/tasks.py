"""Tasks of the timetable: one call each. They pull what is due; nothing depends on their being asked."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial

from celery import shared_task
from django.utils import timezone

from cases import anchoring, arriving, chasing, heeding, holidays, outgoing, promises, reminding, search, sweeping
from cases.webhooks import telling


@shared_task(name="cases.tasks.chase")
def chase() -> int:
    """Chase what falls due."""
    return sweeping.run(chasing.SWEEP, timezone.now(), chasing.chase_due)


@shared_task(name="cases.tasks.tell_webhooks")
def tell_webhooks() -> int:
    """Tell addresses elsewhere what happened."""
    return sweeping.run(telling.SWEEP, timezone.now(), telling.tell_due)


@shared_task(name="cases.tasks.set_out")
def set_out() -> int:
    """Let letters set out whose time to be taken back is over."""
    return sweeping.run(outgoing.SWEEP, timezone.now(), sweeping.in_batches(outgoing.set_out))


@shared_task(name="cases.tasks.heed_mail")
def heed_mail() -> int:
    """Draw the consequence of letters that left or died."""
    return sweeping.run(heeding.SWEEP, timezone.now(), sweeping.in_batches(heeding.heed_mail))


@shared_task(name="cases.tasks.take_in")
def take_in() -> int:
    """Take in what reached us."""
    return sweeping.run(arriving.SWEEP, timezone.now(), sweeping.in_batches(arriving.take_in))


@shared_task(name="cases.tasks.remind")
def remind() -> int:
    """Remind those who were asked whether it is put right."""
    return sweeping.run(reminding.SWEEP, timezone.now(), sweeping.in_batches(reminding.remind_due))


@shared_task(name="cases.tasks.promises")
def break_promises() -> int:
    """Count promises nobody marked as broken."""
    return sweeping.run("promises", timezone.now(), sweeping.in_batches(promises.break_overdue))


@shared_task(name="cases.tasks.index_search")
def index_search() -> int:
    """Bring the search index up to date."""
    return sweeping.run("search", timezone.now(), sweeping.in_batches(search.index_due))


@shared_task(name="cases.tasks.holidays")
def copy_holidays() -> int:
    """Copy this and the next year's public holidays wherever they lack."""
    return sweeping.run(holidays.SWEEP, timezone.now(), partial(holidays.copy_due, read=_public_holidays))


def _public_holidays(country: str, region: str, years: Iterable[int]) -> Mapping[date, str]:
    """Ask the library, which costs memory and time to load: only here, and only when days lack."""
    from holidays import country_holidays

    try:
        return country_holidays(country, subdiv=region or None, years=list(years), language="en_US")
    except NotImplementedError as unknown:
        raise holidays.NoHolidays(f"No public holidays are known for {country} {region}".strip() + ".") from unknown


@shared_task(name="cases.tasks.anchor")
def anchor() -> int:
    """Anchor the timelines, once a day."""
    return sweeping.turn(anchoring.SWEEP, timezone.now(), anchoring.anchor_due, following=anchoring.next_turn)
